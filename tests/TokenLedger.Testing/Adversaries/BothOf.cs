// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Two behaviours at once: the second bends what the first sends.</summary>
public sealed class BothOf(Adversary first, Adversary second) : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        context.Send(first, to, message).SelectMany(sent => context.Send(second, to, sent));

    public override bool Hears(AdversaryContext context, int from, PeerMessage message) =>
        context.Receive(first, from, message) && context.Receive(second, from, message);

    public override string ToString() => $"{first} and {second}";
}
