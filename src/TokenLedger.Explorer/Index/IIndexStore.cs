// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Projecting;

namespace TokenLedger.Explorer.Index;

/// <summary>
/// Where the read model is kept. One projector writes; any number of readers look at moments of it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal interface IIndexStore : IAsyncDisposable
{
    /// <summary>The newest block that is indexed; null for none.</summary>
    ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken);

    /// <summary>What a block's projection needs to know of the rows so far.</summary>
    ValueTask<ProjectionState> LoadAsync(ProjectionKeys keys, CancellationToken cancellationToken);

    /// <summary>Applies all of a batch, and the cursor with it, or nothing.</summary>
    /// <exception cref="IndexOrderException">It is not the child of the newest block that is indexed. Nothing
    /// was changed.</exception>
    ValueTask ApplyAsync(IndexBatch batch, CancellationToken cancellationToken);

    /// <summary>The index as it is now, unchanged by later batches; null while nothing is indexed. Dispose it
    /// soon.</summary>
    ValueTask<IIndexView?> ViewAsync(CancellationToken cancellationToken);
}

/// <summary>A batch that is not the next one.</summary>
internal sealed class IndexOrderException(string message) : Exception(message);

/// <summary>
/// Reads of one moment. Lists have at most <see cref="Limits.PageRows"/> rows and go on after the last row of
/// the page before; "Find…" gives null for what is not there.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal interface IIndexView : IAsyncDisposable
{
    /// <summary>The moment: all answers are of this height.</summary>
    IndexCursor Cursor { get; }

    ValueTask<BlockRow?> FindBlockAsync(Height height, CancellationToken cancellationToken);

    ValueTask<Height?> FindHeightAsync(Hash256 blockHash, CancellationToken cancellationToken);

    /// <summary>Blocks downwards.</summary>
    ValueTask<IReadOnlyList<BlockRow>> BlocksAsync(
        Height from, int limit, CancellationToken cancellationToken);

    ValueTask<TransactionRow?> FindTransactionAsync(Hash256 id, CancellationToken cancellationToken);

    /// <summary>A block's transactions from an index upwards.</summary>
    ValueTask<IReadOnlyList<TransactionRow>> TransactionsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken);

    /// <summary>Transactions of all blocks, newest first.</summary>
    ValueTask<IReadOnlyList<TransactionRow>> LatestTransactionsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken);

    /// <summary>A block's events from an index upwards.</summary>
    ValueTask<IReadOnlyList<EventRow>> EventsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken);

    /// <summary>Events of all blocks, newest first.</summary>
    ValueTask<IReadOnlyList<EventRow>> LatestEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken);

    /// <summary>An account's postings, newest first.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="after">The last row of the page before: its place and kind are looked at, and there need
    /// be no such row.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    ValueTask<IReadOnlyList<PostingRow>> PostingsAsync(
        Address account, PostingRow? after, int limit, CancellationToken cancellationToken);

    /// <summary>An account's balances now, by symbol.</summary>
    ValueTask<IReadOnlyList<BalanceRow>> BalancesAsync(
        Address account, AssetId? after, int limit, CancellationToken cancellationToken);

    /// <summary>All accounts' balances now, by account and symbol.</summary>
    ValueTask<IReadOnlyList<BalanceRow>> AllBalancesAsync(
        BalanceRow? after, int limit, CancellationToken cancellationToken);

    /// <summary>An account's balances as they were after a height, by symbol.</summary>
    ValueTask<IReadOnlyList<BalanceRow>> BalancesAtAsync(
        Address account, Height at, AssetId? after, int limit, CancellationToken cancellationToken);

    /// <summary>An account's units of an asset after a height.</summary>
    ValueTask<Amount> BalanceAtAsync(
        Address account, AssetId asset, Height at, CancellationToken cancellationToken);

    /// <summary>Who has units of an asset, the most first.</summary>
    ValueTask<IReadOnlyList<BalanceRow>> HoldersAsync(
        AssetId asset, BalanceRow? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Who had units of an asset after a height, by account. One page looks at no more than
    /// <see cref="Limits.PageRows"/> of the accounts that ever had units, at one past balance each.
    /// </summary>
    ValueTask<PastHolders> HoldersAtAsync(
        AssetId asset, Height at, Address? after, int limit, CancellationToken cancellationToken);

    /// <summary>How much of an asset was out after a height; null when there were no units yet.</summary>
    ValueTask<SupplyRow?> FindSupplyAtAsync(AssetId asset, Height at, CancellationToken cancellationToken);

    ValueTask<AccountRow?> FindAccountAsync(Address account, CancellationToken cancellationToken);

    /// <summary>Accounts by address.</summary>
    ValueTask<IReadOnlyList<AccountRow>> AccountsAsync(
        Address? after, int limit, CancellationToken cancellationToken);

    ValueTask<AssetRow?> FindAssetAsync(AssetId asset, CancellationToken cancellationToken);

    /// <summary>Assets by symbol.</summary>
    ValueTask<IReadOnlyList<AssetRow>> AssetsAsync(
        AssetId? after, int limit, CancellationToken cancellationToken);

    /// <summary>An asset's documents in the order of attaching.</summary>
    ValueTask<IReadOnlyList<DocumentRow>> DocumentsAsync(AssetId asset, CancellationToken cancellationToken);

    ValueTask<InstitutionRow?> FindInstitutionAsync(
        Address institution, CancellationToken cancellationToken);

    /// <summary>All institutions, by address.</summary>
    ValueTask<IReadOnlyList<InstitutionRow>> InstitutionsAsync(CancellationToken cancellationToken);

    ValueTask<OfficerRow?> FindOfficerAsync(Address officer, CancellationToken cancellationToken);

    /// <summary>An institution's officers, revoked ones included, by address.</summary>
    ValueTask<IReadOnlyList<OfficerRow>> OfficersAsync(
        Address institution, Address? after, int limit, CancellationToken cancellationToken);

    ValueTask<ProposalRow?> FindProposalAsync(ulong id, CancellationToken cancellationToken);

    /// <summary>Proposals, newest first.</summary>
    ValueTask<IReadOnlyList<ProposalRow>> ProposalsAsync(
        ulong? before, int limit, CancellationToken cancellationToken);

    /// <summary>A proposal's approvals in the order of giving.</summary>
    ValueTask<IReadOnlyList<ApprovalRow>> ApprovalsAsync(
        ulong proposalId, EventPlace? after, int limit, CancellationToken cancellationToken);

    /// <summary>What was frozen and freed, newest first.</summary>
    ValueTask<IReadOnlyList<FreezeRow>> FreezesAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken);

    /// <summary>Accounts that are frozen now, by address.</summary>
    ValueTask<IReadOnlyList<AccountRow>> FrozenAsync(
        Address? after, int limit, CancellationToken cancellationToken);

    /// <summary>All bridges to other chains, by chain.</summary>
    ValueTask<IReadOnlyList<LaneRow>> LanesAsync(CancellationToken cancellationToken);

    /// <summary>What happened on bridges, newest first.</summary>
    ValueTask<IReadOnlyList<EventRow>> BridgeEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken);

    /// <summary>An asset's days, newest first, from a day downwards.</summary>
    ValueTask<IReadOnlyList<DayRow>> DaysAsync(
        AssetId asset, uint from, int limit, CancellationToken cancellationToken);

    /// <summary>What a text that somebody types may mean, the likeliest first.</summary>
    ValueTask<IReadOnlyList<SearchHit>> SearchAsync(
        SearchQuery query, int limit, CancellationToken cancellationToken);
}
