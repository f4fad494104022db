// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>Proposals: who opened, approved and ended them, and when.</summary>
internal sealed class ProposalProjection
{
    private readonly Height _height;
    private readonly TimestampMs _time;
    private readonly ExecutedPayloads _payloads;
    private readonly Working<Address, OfficerRow> _officers;

    /// <param name="block">The block.</param>
    /// <param name="before">The rows before it.</param>
    /// <param name="payloads">What its proposals were opened with.</param>
    /// <param name="officers">Officers as they are at each event.</param>
    public ProposalProjection(
        VerifiedBlock block, ProjectionState before, ExecutedPayloads payloads,
        Working<Address, OfficerRow> officers)
    {
        _height = block.Header.Height;
        _time = block.Header.Timestamp;
        _payloads = payloads;
        _officers = officers;
        Rows = new Working<ulong, ProposalRow>(before.Proposals);
    }

    public Working<ulong, ProposalRow> Rows { get; }

    public List<ApprovalRow> Approvals { get; } = [];

    public ulong Opened { get; private set; }

    /// <summary>Applies an event that is about proposals.</summary>
    /// <returns>False when it is not.</returns>
    public bool Apply(EventPlace place, LedgerEvent happened)
    {
        switch (happened)
        {
            case ProposalOpened e:
                Open(place, e);
                return true;
            case ProposalApproved e:
                Approvals.Add(new ApprovalRow(
                    e.ProposalId, place, e.Checker, OfficerOf(e.Checker).Institution, _time));
                Change(e.ProposalId, static row => row with { Approvals = row.Approvals + 1 });
                return true;
            case ProposalScheduled e:
                Change(e.ProposalId, row => row with
                {
                    Status = ProposalStatus.Scheduled,
                    ExecuteAt = e.ExecuteAt,
                });
                return true;
            case ProposalExecuted e:
                Change(e.ProposalId, static row => row with { Status = ProposalStatus.Executed });
                return true;
            case ProposalCancelled e:
                Change(e.ProposalId, row => row with
                {
                    Status = ProposalStatus.Cancelled,
                    CancelledBy = e.By,
                    CancelReason = e.Reason,
                });
                return true;
            case ProposalFailed e:
                Change(e.ProposalId, row => row with { Status = ProposalStatus.Failed, Failure = e.Code });
                return true;
            default:
                return false;
        }
    }

    private void Open(EventPlace place, ProposalOpened e)
    {
        Propose propose = _payloads.Opened(e.ProposalId);
        Rows.Set(e.ProposalId, new ProposalRow(
            e.ProposalId, e.Maker, OfficerOf(e.Maker).Institution, propose.Payload, e.PayloadHash,
            propose.Reason, place, _time, propose.Expires, ProposalStatus.Open, ExecuteAt: default, _height,
            _time, CancelledBy: Address.Zero, CancelReason: "", Failure: null, Approvals: 0));
        Opened++;
    }

    private void Change(ulong id, Func<ProposalRow, ProposalRow> change)
    {
        if (!Rows.TryGet(id, out ProposalRow? row))
        {
            throw new ProjectionException(_height, $"there is no proposal {id}.");
        }

        Rows.Set(id, change(row) with { ChangedAt = _height, Changed = _time });
    }

    private OfficerRow OfficerOf(Address officer) => _officers.TryGet(officer, out OfficerRow? row)
        ? row
        : throw new ProjectionException(_height, $"there is no officer {officer}.");
}
