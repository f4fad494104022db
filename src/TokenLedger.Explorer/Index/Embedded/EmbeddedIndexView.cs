// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>One moment of the embedded index. This part: blocks, transactions, events, units.</summary>
internal sealed partial class EmbeddedIndexView(ISnapshot snapshot, IndexCursor cursor, Action released)
    : IIndexView
{
    private readonly RowReader _rows = new(snapshot);
    private int _isDisposed;

    public IndexCursor Cursor { get; } = cursor;

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            snapshot.Dispose();
            released();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<BlockRow?> FindBlockAsync(Height height, CancellationToken cancellationToken) =>
        Found(_rows.Find(IndexFormat.Blocks, IndexFormat.Block(height), RowCodec.ReadBlock));

    public ValueTask<Height?> FindHeightAsync(Hash256 blockHash, CancellationToken cancellationToken) =>
        Found(_rows.FindValue(IndexFormat.Hashes, blockHash.ToArray(), ReadHeight));

    public ValueTask<IReadOnlyList<BlockRow>> BlocksAsync(
        Height from, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Blocks, [], IndexFormat.After(IndexFormat.Block(from)), limit, RowCodec.ReadBlock,
            reverse: true));

    public ValueTask<TransactionRow?> FindTransactionAsync(Hash256 id, CancellationToken cancellationToken) =>
        Found(_rows.FindValue(IndexFormat.TransactionIds, id.ToArray(), RowCodec.ReadPlace) is { } place
            ? _rows.Find(IndexFormat.Transactions, IndexFormat.Place(place), RowCodec.ReadTransaction)
            : null);

    public ValueTask<IReadOnlyList<TransactionRow>> TransactionsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Transactions, IndexFormat.Place(from), EndOf(from.Height), limit,
            RowCodec.ReadTransaction));

    public ValueTask<IReadOnlyList<TransactionRow>> LatestTransactionsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Transactions, [], before is { } place ? IndexFormat.Place(place) : [], limit,
            RowCodec.ReadTransaction, reverse: true));

    public ValueTask<IReadOnlyList<EventRow>> EventsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Events, IndexFormat.Place(from), EndOf(from.Height), limit, RowCodec.ReadEvent));

    public ValueTask<IReadOnlyList<EventRow>> LatestEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken) => Found(_rows.Rows(
            IndexFormat.Events, [], before is { } place ? IndexFormat.Place(place) : [], limit,
            RowCodec.ReadEvent, reverse: true));

    public ValueTask<IReadOnlyList<PostingRow>> PostingsAsync(
        Address account, PostingRow? after, int limit, CancellationToken cancellationToken)
    {
        byte[] prefix = account.ToArray();
        byte[] from = after is null
            ? prefix
            : IndexFormat.After(IndexFormat.Posting(account, after.Place, after.Kind));
        return Found(_rows.Rows(
            IndexFormat.Postings, from, IndexFormat.Behind(prefix), limit, RowCodec.ReadPosting));
    }

    public ValueTask<IReadOnlyList<BalanceRow>> BalancesAsync(
        Address account, AssetId? after, int limit, CancellationToken cancellationToken)
    {
        byte[] prefix = account.ToArray();
        byte[] from = after is { } last ? IndexFormat.After(IndexFormat.Balance(account, last)) : prefix;
        return Balances(from, IndexFormat.Behind(prefix), limit);
    }

    public ValueTask<IReadOnlyList<BalanceRow>> AllBalancesAsync(
        BalanceRow? after, int limit, CancellationToken cancellationToken) => Balances(
            after is null ? [] : IndexFormat.After(IndexFormat.Balance(after.Account, after.Asset)), [],
            limit);

    public ValueTask<IReadOnlyList<BalanceRow>> BalancesAtAsync(
        Address account, Height at, AssetId? after, int limit, CancellationToken cancellationToken)
    {
        byte[] prefix = account.ToArray();
        byte[] end = IndexFormat.Behind(prefix);
        byte[] from = after is { } last ? IndexFormat.Behind(IndexFormat.Balance(account, last)) : prefix;
        var rows = new List<BalanceRow>();
        while (rows.Count < limit
            && _rows.Entries(IndexFormat.Past, from, end, limit: 1) is [var entry])
        {
            // From one asset of the account to its next, however long the history of each is.
            AssetId asset = RowReader.Decode(
                IndexFormat.Past, entry.Key.AsSpan(Address.Size, AssetId.Size),
                static (ref CanonicalReader r) => r.Asset());
            Amount amount = BalanceAt(account, asset, at);
            if (!amount.IsZero)
            {
                rows.Add(new BalanceRow(account, asset, amount));
            }

            from = IndexFormat.Behind(IndexFormat.Balance(account, asset));
        }

        return Found<BalanceRow>(rows);
    }

    public ValueTask<Amount> BalanceAtAsync(
        Address account, AssetId asset, Height at, CancellationToken cancellationToken) =>
        ValueTask.FromResult(BalanceAt(account, asset, at));

    public ValueTask<IReadOnlyList<BalanceRow>> HoldersAsync(
        AssetId asset, BalanceRow? after, int limit, CancellationToken cancellationToken)
    {
        byte[] prefix = IndexFormat.Asset(asset);
        byte[] from = after is null
            ? prefix
            : IndexFormat.After(IndexFormat.Holder(asset, after.Amount, after.Account));
        return Found<BalanceRow>(
        [
            .. _rows.Entries(IndexFormat.Holders, from, IndexFormat.Behind(prefix), limit)
                .Select(entry => RowReader.Decode(
                    IndexFormat.Holders, entry.Key.AsSpan(AssetId.Size),
                    (ref CanonicalReader r) =>
                    {
                        var amount = new Amount(~r.U128());
                        return new BalanceRow(r.Address(), asset, amount);
                    })),
        ]);
    }

    public ValueTask<PastHolders> HoldersAtAsync(
        AssetId asset, Height at, Address? after, int limit, CancellationToken cancellationToken)
    {
        Invariant.Require(limit is > 0 and <= Limits.PageRows, "a page has 1 to PageRows rows");
        byte[] prefix = IndexFormat.Asset(asset);
        byte[] from = after is { } last ? IndexFormat.After(IndexFormat.Held(asset, last)) : prefix;
        IReadOnlyList<KeyValue> ever = _rows.Entries(
            IndexFormat.HeldEver, from, IndexFormat.Behind(prefix), Limits.PageRows);
        var rows = new List<BalanceRow>();
        foreach (KeyValue entry in ever)
        {
            var account = new Address(entry.Key.AsSpan(AssetId.Size));
            Amount amount = BalanceAt(account, asset, at);
            if (!amount.IsZero)
            {
                rows.Add(new BalanceRow(account, asset, amount));
            }

            if (rows.Count == limit)
            {
                return ValueTask.FromResult(new PastHolders(rows, account));
            }
        }

        Address? next = ever.Count < Limits.PageRows ? null : new Address(ever[^1].Key.AsSpan(AssetId.Size));
        return ValueTask.FromResult(new PastHolders(rows, next));
    }

    public ValueTask<SupplyRow?> FindSupplyAtAsync(
        AssetId asset, Height at, CancellationToken cancellationToken) => ValueTask.FromResult(
            _rows.Rows(
                IndexFormat.Supplies, IndexFormat.Supply(asset, at),
                IndexFormat.Behind(IndexFormat.Asset(asset)), limit: 1, RowCodec.ReadSupply) is [var row]
                ? row
                : null);

    private ValueTask<IReadOnlyList<BalanceRow>> Balances(byte[] from, byte[] to, int limit) =>
        Found<BalanceRow>(
        [
            .. _rows.Entries(IndexFormat.Balances, from, to, limit).Select(static entry => new BalanceRow(
                new Address(entry.Key.AsSpan(0, Address.Size)),
                RowReader.Decode(
                    IndexFormat.Balances, entry.Key.AsSpan(Address.Size),
                    static (ref CanonicalReader r) => r.Asset()),
                RowReader.Decode(IndexFormat.Balances, entry.Value, StateCodec.ReadAmount))),
        ]);

    private Amount BalanceAt(Address account, AssetId asset, Height at) =>
        _rows.Entries(
            IndexFormat.Past, IndexFormat.PastBalance(account, asset, at),
            IndexFormat.Behind(IndexFormat.Balance(account, asset)), limit: 1) is [var entry]
            ? RowReader.Decode(IndexFormat.Past, entry.Value, StateCodec.ReadAmount)
            : Amount.Zero;

    private static byte[] EndOf(Height height) => IndexFormat.Behind(IndexFormat.Block(height));

    private static Height ReadHeight(ref CanonicalReader reader) => new(reader.U64());

    private static ValueTask<T> Found<T>(T value) => ValueTask.FromResult(value);

    private static ValueTask<IReadOnlyList<T>> Found<T>(IReadOnlyList<T> rows) => ValueTask.FromResult(rows);
}
