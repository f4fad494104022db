// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Silent leader: proposes nothing, and votes in everybody else's views. Its views end by the leader timer;
/// since it is heard, nobody skips it.
/// </summary>
public sealed class SilentLeader : Adversary
{
    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        message switch
        {
            ProposalMessage => [],
            BlockMessage { Header.View: var view } when context.Leads(view) => [],
            VoteMessage { Vote.Subject: { Kind: VoteKind.Notarize, View: var view } }
                when context.Leads(view) => [],
            _ => [message],
        };
}
