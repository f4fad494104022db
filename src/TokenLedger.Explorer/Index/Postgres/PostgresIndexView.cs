// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Core.Codec;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>
/// One snapshot of the index in PostgreSQL: a connection and its transaction. This part: blocks,
/// transactions, events, units.
/// </summary>
internal sealed partial class PostgresIndexView(
    NpgsqlConnection connection, NpgsqlTransaction transaction, string schema, IndexCursor cursor)
    : IIndexView
{
    // One connection answers one question at a time.
    private readonly SemaphoreSlim _asking = new(1, 1);

    public IndexCursor Cursor { get; } = cursor;

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        _asking.Dispose();
    }

    public ValueTask<BlockRow?> FindBlockAsync(Height height, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.blocks WHERE height = $1", Data(RowCodec.ReadBlock),
            cancellationToken, Sql.Of(height));

    public async ValueTask<Height?> FindHeightAsync(
        Hash256 blockHash, CancellationToken cancellationToken) =>
        await RowsAsync(
            $"SELECT height FROM {schema}.blocks WHERE hash = $1", static reader => reader.Height(0),
            cancellationToken, Sql.Of(blockHash.ToArray())).ConfigureAwait(false) is [var height]
                ? height
                : null;

    public ValueTask<IReadOnlyList<BlockRow>> BlocksAsync(
        Height from, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.blocks WHERE height <= $1 ORDER BY height DESC LIMIT $2",
            Data(RowCodec.ReadBlock), cancellationToken, Sql.Of(from), Limit(limit));

    public ValueTask<TransactionRow?> FindTransactionAsync(Hash256 id, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.transactions WHERE id = $1", Data(RowCodec.ReadTransaction),
            cancellationToken, Sql.Of(id.ToArray()));

    public ValueTask<IReadOnlyList<TransactionRow>> TransactionsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.transactions WHERE height = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
            Data(RowCodec.ReadTransaction), cancellationToken, Sql.Of(from.Height), Sql.Of(from.Index),
            Limit(limit));

    public ValueTask<IReadOnlyList<TransactionRow>> LatestTransactionsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken)
    {
        EventPlace end = before ?? new EventPlace(Cursor.Height.Next, 0);
        return RowsAsync(
            $"SELECT data FROM {schema}.transactions WHERE (height, seq) < ($1, $2)"
                + " ORDER BY height DESC, seq DESC LIMIT $3",
            Data(RowCodec.ReadTransaction), cancellationToken, Sql.Of(end.Height), Sql.Of(end.Index),
            Limit(limit));
    }

    public ValueTask<IReadOnlyList<EventRow>> EventsAsync(
        EventPlace from, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.events WHERE height = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
            Data(RowCodec.ReadEvent), cancellationToken, Sql.Of(from.Height), Sql.Of(from.Index),
            Limit(limit));

    public ValueTask<IReadOnlyList<EventRow>> LatestEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken)
    {
        EventPlace end = before ?? new EventPlace(Cursor.Height.Next, 0);
        return RowsAsync(
            $"SELECT data FROM {schema}.events WHERE (height, seq) < ($1, $2)"
                + " ORDER BY height DESC, seq DESC LIMIT $3",
            Data(RowCodec.ReadEvent), cancellationToken, Sql.Of(end.Height), Sql.Of(end.Index), Limit(limit));
    }

    public ValueTask<IReadOnlyList<PostingRow>> PostingsAsync(
        Address account, PostingRow? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            "SELECT account, height, seq, kind, asset, amount, balance_after, counterparty, transaction_seq,"
                + $" time_ms FROM {schema}.postings WHERE account = $1"
                + " AND ((-height), (-seq), kind) > (-$2, -$3, $4)"
                + " ORDER BY (-height), (-seq), kind LIMIT $5",
            ReadPosting, cancellationToken, Sql.Of(account),
            Sql.Of(after is null ? long.MaxValue : Sql.Clamped(after.Place.Height)),
            Sql.Of(after?.Place.Index ?? 0L), Sql.Of((long)(after?.Kind ?? 0)), Limit(limit));

    public ValueTask<IReadOnlyList<BalanceRow>> BalancesAsync(
        Address account, AssetId? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT account, asset, amount FROM {schema}.balances WHERE account = $1 AND asset > $2"
                + " ORDER BY asset LIMIT $3",
            ReadBalance, cancellationToken, Sql.Of(account), After(after), Limit(limit));

    public ValueTask<IReadOnlyList<BalanceRow>> AllBalancesAsync(
        BalanceRow? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT account, asset, amount FROM {schema}.balances WHERE (account, asset) > ($1, $2)"
                + " ORDER BY account, asset LIMIT $3",
            ReadBalance, cancellationToken, After(after?.Account), After(after?.Asset), Limit(limit));

    public ValueTask<IReadOnlyList<BalanceRow>> BalancesAtAsync(
        Address account, Height at, AssetId? after, int limit, CancellationToken cancellationToken) =>
        RowsAsync(
            $"SELECT h.account, h.asset, p.amount FROM {schema}.held h CROSS JOIN LATERAL ("
                + $"SELECT amount FROM {schema}.past WHERE account = h.account AND asset = h.asset"
                + " AND height <= $2 ORDER BY height DESC LIMIT 1) p"
                + " WHERE h.account = $1 AND h.asset > $3 AND p.amount > 0 ORDER BY h.asset LIMIT $4",
            ReadBalance, cancellationToken, Sql.Of(account), Sql.Of(at), After(after), Limit(limit));

    public async ValueTask<Amount> BalanceAtAsync(
        Address account, AssetId asset, Height at, CancellationToken cancellationToken) =>
        await RowsAsync(
            $"SELECT amount FROM {schema}.past WHERE account = $1 AND asset = $2 AND height <= $3"
                + " ORDER BY height DESC LIMIT 1",
            static reader => reader.Amount(0), cancellationToken, Sql.Of(account), Sql.Of(asset),
            Sql.Of(at)).ConfigureAwait(false) is [var amount]
                ? amount
                : Amount.Zero;

    public ValueTask<IReadOnlyList<BalanceRow>> HoldersAsync(
        AssetId asset, BalanceRow? after, int limit, CancellationToken cancellationToken) => after is null
            ? RowsAsync(
                $"SELECT account, asset, amount FROM {schema}.balances WHERE asset = $1"
                    + " ORDER BY (-amount), account LIMIT $2",
                ReadBalance, cancellationToken, Sql.Of(asset), Limit(limit))
            : RowsAsync(
                $"SELECT account, asset, amount FROM {schema}.balances WHERE asset = $1"
                    + " AND ((-amount), account) > (-$2, $3) ORDER BY (-amount), account LIMIT $4",
                ReadBalance, cancellationToken, Sql.Of(asset), Sql.Of(after.Amount), Sql.Of(after.Account),
                Limit(limit));

    public async ValueTask<PastHolders> HoldersAtAsync(
        AssetId asset, Height at, Address? after, int limit, CancellationToken cancellationToken)
    {
        Invariant.Require(limit is > 0 and <= Limits.PageRows, "a page has 1 to PageRows rows");
        IReadOnlyList<(Address Account, Amount Amount)> ever = await RowsAsync(
            "SELECT h.account, coalesce(p.amount, 0) FROM"
                + $" (SELECT account FROM {schema}.held WHERE asset = $1 AND account > $2 ORDER BY account"
                + $" LIMIT $4) h LEFT JOIN LATERAL (SELECT amount FROM {schema}.past"
                + " WHERE account = h.account AND asset = $1 AND height <= $3 ORDER BY height DESC LIMIT 1) p"
                + " ON true ORDER BY h.account",
            static reader => (reader.Address(0), reader.Amount(1)), cancellationToken, Sql.Of(asset),
            After(after), Sql.Of(at), Limit(Limits.PageRows)).ConfigureAwait(false);
        BalanceRow[] rows =
        [
            .. ever.Where(static row => !row.Amount.IsZero).Take(limit)
                .Select(row => new BalanceRow(row.Account, asset, row.Amount)),
        ];
        Address? next = rows.Length == limit ? rows[^1].Account
            : ever.Count == Limits.PageRows ? ever[^1].Account
            : null;
        return new PastHolders(rows, next);
    }

    public ValueTask<SupplyRow?> FindSupplyAtAsync(
        AssetId asset, Height at, CancellationToken cancellationToken) => FindAsync(
            $"SELECT asset, height, supply, holders FROM {schema}.supplies WHERE asset = $1 AND height <= $2"
                + " ORDER BY height DESC LIMIT 1",
            static reader => new SupplyRow(
                reader.Asset(0), reader.Height(1), reader.Amount(2), reader.Count(3)),
            cancellationToken, Sql.Of(asset), Sql.Of(at));

    private static PostingRow ReadPosting(NpgsqlDataReader reader) => new(
        reader.Address(0), new EventPlace(reader.Height(1), checked((uint)reader.GetInt64(2))),
        (PostingKind)checked((byte)reader.GetInt64(3)), reader.Asset(4), reader.Amount(5), reader.Amount(6),
        reader.Address(7), checked((uint)reader.GetInt64(8)), new TimestampMs(reader.Count(9)));

    private static BalanceRow ReadBalance(NpgsqlDataReader reader) =>
        new(reader.Address(0), reader.Asset(1), reader.Amount(2));

    private static Func<NpgsqlDataReader, T> Data<T>(CanonicalRead<T> read) => reader => reader.Row(0, read);

    private static NpgsqlParameter Limit(int limit)
    {
        Invariant.Require(limit is > 0 and <= Limits.PageRows, "a page has 1 to PageRows rows");
        return Sql.Of(limit);
    }

    private static NpgsqlParameter After(AssetId? last) => Sql.Of(last?.ToString() ?? "");

    private static NpgsqlParameter After(Address? last) => Sql.Of(last?.ToArray() ?? []);

    private async ValueTask<T?> FindAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
        where T : class =>
        await RowsAsync(sql, read, cancellationToken, parameters).ConfigureAwait(false) is [var row]
            ? row
            : null;

    private ValueTask<IReadOnlyList<T>> RowsAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters) =>
        PostgresFaults.GuardAsync<IReadOnlyList<T>>(async () =>
        {
            await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
#pragma warning disable CA2100 // Texts of this class and a generation's schema; values are parameters.
                await using var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
                command.Parameters.AddRange(parameters);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
                    .ConfigureAwait(false);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
            finally
            {
                _asking.Release();
            }
        });
}
