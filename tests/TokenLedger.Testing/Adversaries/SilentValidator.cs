// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Says nothing. The others skip the views that it leads.</summary>
public sealed class SilentValidator : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        [];
}
