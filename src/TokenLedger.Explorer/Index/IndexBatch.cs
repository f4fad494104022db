// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Index;

/// <summary>
/// All that one block changes in the index: rows that are new or replace those with the same key. It applies
/// whole, once, and only on top of the block's parent.
/// </summary>
internal sealed record IndexBatch
{
    /// <summary>The block: its header has height and parent.</summary>
    public required BlockRow Block { get; init; }

    /// <summary>How much is indexed with it.</summary>
    public required IndexCounts Counts { get; init; }

    public IReadOnlyList<TransactionRow> Transactions { get; init; } = [];

    public IReadOnlyList<EventRow> Events { get; init; } = [];

    public IReadOnlyList<PostingRow> Postings { get; init; } = [];

    public IReadOnlyList<BalanceChange> Balances { get; init; } = [];

    public IReadOnlyList<SupplyRow> Supplies { get; init; } = [];

    public IReadOnlyList<AccountRow> Accounts { get; init; } = [];

    public IReadOnlyList<AssetRow> Assets { get; init; } = [];

    public IReadOnlyList<DocumentRow> Documents { get; init; } = [];

    public IReadOnlyList<InstitutionRow> Institutions { get; init; } = [];

    public IReadOnlyList<OfficerRow> Officers { get; init; } = [];

    public IReadOnlyList<ProposalRow> Proposals { get; init; } = [];

    public IReadOnlyList<ApprovalRow> Approvals { get; init; } = [];

    public IReadOnlyList<FreezeRow> Freezes { get; init; } = [];

    public IReadOnlyList<LaneRow> Lanes { get; init; } = [];

    public IReadOnlyList<DayRow> Days { get; init; } = [];

    public IReadOnlyList<SearchTerm> Terms { get; init; } = [];

    /// <summary>The cursor after it.</summary>
    public IndexCursor Cursor => new(Block.Height, Block.Hash, Block.Header.Timestamp, Counts);

    /// <summary>Why it does not follow a cursor; null when it does.</summary>
    /// <param name="cursor">The newest block that is indexed; null for none.</param>
    public string? WhyNotAfter(IndexCursor? cursor)
    {
        ulong next = cursor is null ? 0 : cursor.Height.Value + 1;
        if (Block.Height.Value != next)
        {
            return $"Block {Block.Height} came where {next} is next.";
        }

        return cursor is null || Block.Header.ParentHash == cursor.Hash
            ? null
            : $"Block {Block.Height} has the parent {Block.Header.ParentHash}, and {cursor.Hash} is indexed.";
    }
}
