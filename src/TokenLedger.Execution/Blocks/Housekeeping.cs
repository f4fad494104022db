// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution;

/// <summary>What a block does by itself, bounded: due proposals at its start, expired request ids at its
/// end.</summary>
internal static class Housekeeping
{
    /// <summary>Executes proposals whose time has come, by (time, id), if their maker and approvers still
    /// count. One that fails is closed as failed.</summary>
    public static void ExecuteDue(Session session)
    {
        byte[] from = [(byte)Table.Schedule];
        byte[] to = StateKeys.Schedule(new TimestampMs(After(session.Now)), 0);
        foreach (StateEntry entry in session.State.Overlay.Range(from, to, Limits.HousekeepingPerBlock))
        {
            var executeAt = new TimestampMs(BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span[1..]));
            ulong id = BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span[9..]);
            ProposalState? proposal = session.Read.Proposal(id);
            Invariant.Require(
                proposal is { Status: ProposalStatus.Scheduled } && proposal.ExecuteAt == executeAt,
                "a schedule entry is a scheduled proposal");
            session.State.RemoveSchedule(executeAt, id);
            Rejection? rejection = session.Atomically(
                (Id: id, Proposal: proposal),
                static (s, due) => ProposalRules.ExecuteScheduled(s, due.Id, due.Proposal));
            if (rejection is not null)
            {
                session.State.PutProposal(id, proposal with { Status = ProposalStatus.Failed });
                session.Emit(new ProposalFailed(id, rejection.Code));
            }
        }
    }

    /// <summary>
    /// Forgets expired request ids, earliest first: the fixed share and two for each that this block brought,
    /// so that the table cannot outgrow what is still valid.
    /// </summary>
    public static void ForgetRequests(Session session, int brought)
    {
        byte[] from = [(byte)Table.RequestExpiry];
        byte[] to = new byte[9];
        to[0] = (byte)Table.RequestExpiry;
        BinaryPrimitives.WriteUInt64BigEndian(to.AsSpan(1), session.Now.Value);
        int limit = Limits.HousekeepingPerBlock + (2 * brought);
        foreach (StateEntry entry in session.State.Overlay.Range(from, to, limit))
        {
            ReadOnlySpan<byte> rest = entry.Key.Span[9..];
            var sender = new Address(rest[..Address.Size]);
            var id = new RequestId(BinaryPrimitives.ReadUInt128BigEndian(rest[Address.Size..]));
            session.State.Overlay.Remove(entry.Key.ToArray());
            session.State.Overlay.Remove(StateKeys.Request(sender, id));
        }
    }

    private static ulong After(TimestampMs now) =>
        now.Value == ulong.MaxValue ? ulong.MaxValue : now.Value + 1;
}
