// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// Censorship: takes no transaction from others into its pool and hands none on, so that the blocks which it
/// leads are empty. Every other leader includes what was pushed to it.
/// </summary>
public sealed class Censor : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message is TransactionsMessage ? [] : [message];

    public override bool Hears(AdversaryContext context, int from, PeerMessage message) =>
        message is not TransactionsMessage;
}
