// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>
/// Proposals as they stood at the height that was asked for. The index keeps their newest state; what it was
/// before follows from the approvals, each of which has its place, and from the last change: a proposal is
/// scheduled by the approval that is the last it gets, and nothing changes it but approvals, the schedule and
/// its end.
/// </summary>
internal static class ProposalThen
{
    /// <summary>Proposals that there were then, newest first.</summary>
    /// <param name="request">The page's.</param>
    /// <param name="before">Those with smaller numbers only; null for all.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async ValueTask<IReadOnlyList<ProposalRow>> ListAsync(
        PageRequest request, ulong? before, int limit, CancellationToken cancellationToken)
    {
        ulong? first = before;
        if (request.At is not null)
        {
            ulong end = await FirstLaterAsync(request, cancellationToken).ConfigureAwait(false);
            first = Math.Min(before ?? end, end);
        }

        IReadOnlyList<ProposalRow> rows = await request.View
            .ProposalsAsync(first, limit, cancellationToken).ConfigureAwait(false);
        var then = new List<ProposalRow>(rows.Count);
        foreach (ProposalRow row in rows)
        {
            then.Add(await OfAsync(request, row, cancellationToken).ConfigureAwait(false));
        }

        return then;
    }

    /// <summary>A proposal that had been opened, as it stood then.</summary>
    public static async ValueTask<ProposalRow> OfAsync(
        PageRequest request, ProposalRow row, CancellationToken cancellationToken)
    {
        if (row.ChangedAt <= request.Until)
        {
            return row;
        }

        // As many as a proposal can have at most, and that is less than a page.
        IReadOnlyList<ApprovalRow> all = await request.View
            .ApprovalsAsync(row.Id, null, Limits.PageRows, cancellationToken).ConfigureAwait(false);
        return Of(row, all, request.Until);
    }

    /// <summary>A proposal as it stood after a height that is not before its opening.</summary>
    public static ProposalRow Of(ProposalRow row, IReadOnlyList<ApprovalRow> approvals, Height at)
    {
        if (row.ChangedAt <= at)
        {
            return row;
        }

        ApprovalRow[] given = [.. approvals.Where(one => one.Place.Height <= at)];

        // The last change was later, so the end was, if it has ended; the schedule came with all approvals.
        bool isScheduled = row.ExecuteAt.Value != 0 && given.Length == approvals.Count;
        return row with
        {
            Status = isScheduled ? ProposalStatus.Scheduled : ProposalStatus.Open,
            ExecuteAt = isScheduled ? row.ExecuteAt : default,
            ChangedAt = given.Length == 0 ? row.Opened.Height : given[^1].Place.Height,
            Changed = given.Length == 0 ? row.OpenedTime : given[^1].Time,
            CancelledBy = Address.Zero,
            CancelReason = "",
            Failure = null,
            Approvals = (uint)given.Length,
        };
    }

    // Numbers go up with heights: the first of them that was opened later is found by halving.
    private static async Task<ulong> FirstLaterAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        (ulong low, ulong high) = (1, request.View.Cursor.Counts.Proposals + 1);
        while (low < high)
        {
            ulong middle = low + ((high - low) / 2);
            ProposalRow row = await request.View.FindProposalAsync(middle, cancellationToken)
                .ConfigureAwait(false)
                ?? throw new InvariantException($"Proposal {middle} of fewer than there are is not there.");
            (low, high) = row.Opened.Height <= request.Until ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
