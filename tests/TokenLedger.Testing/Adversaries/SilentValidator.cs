// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Says nothing.</summary>
public sealed class SilentValidator : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        [];
}
