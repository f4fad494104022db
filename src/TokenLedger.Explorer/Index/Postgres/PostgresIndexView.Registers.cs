// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Embedded;

namespace TokenLedger.Explorer.Index.Postgres;

/// <content>Registers, proposals, days, search.</content>
internal sealed partial class PostgresIndexView
{
    /// <summary>What <see cref="ReadDay"/> reads.</summary>
    public const string DayColumns = "asset, day, issued, burned, transferred, transfers, supply";

    public static DayRow ReadDay(NpgsqlDataReader reader) => new(
        reader.Asset(0), checked((uint)reader.GetInt64(1)), reader.Amount(2), reader.Amount(3),
        reader.Amount(4), reader.Count(5), reader.Amount(6));

    public ValueTask<AccountRow?> FindAccountAsync(Address account, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.accounts WHERE account = $1", Data(RowCodec.ReadAccount),
            cancellationToken, Sql.Of(account));

    public ValueTask<IReadOnlyList<AccountRow>> AccountsAsync(
        Address? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.accounts WHERE account > $1 ORDER BY account LIMIT $2",
            Data(RowCodec.ReadAccount), cancellationToken, After(after), Limit(limit));

    public ValueTask<AssetRow?> FindAssetAsync(AssetId asset, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.assets WHERE asset = $1", Data(RowCodec.ReadAsset),
            cancellationToken, Sql.Of(asset));

    public ValueTask<IReadOnlyList<AssetRow>> AssetsAsync(
        AssetId? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.assets WHERE asset > $1 ORDER BY asset LIMIT $2",
            Data(RowCodec.ReadAsset), cancellationToken, After(after), Limit(limit));

    public ValueTask<IReadOnlyList<DocumentRow>> DocumentsAsync(
        AssetId asset, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.documents WHERE asset = $1 ORDER BY seq LIMIT $2",
            Data(RowCodec.ReadDocument), cancellationToken, Sql.Of(asset), Sql.Of(Limits.DocumentsPerAsset));

    public ValueTask<InstitutionRow?> FindInstitutionAsync(
        Address institution, CancellationToken cancellationToken) => FindAsync(
            $"SELECT data FROM {schema}.institutions WHERE institution = $1",
            Data(RowCodec.ReadInstitution), cancellationToken, Sql.Of(institution));

    public ValueTask<IReadOnlyList<InstitutionRow>> InstitutionsAsync(CancellationToken cancellationToken) =>
        RowsAsync(
            $"SELECT data FROM {schema}.institutions ORDER BY institution LIMIT $1",
            Data(RowCodec.ReadInstitution), cancellationToken, Sql.Of(Limits.GenesisInstitutions));

    public ValueTask<OfficerRow?> FindOfficerAsync(Address officer, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.officers WHERE officer = $1", Data(RowCodec.ReadOfficer),
            cancellationToken, Sql.Of(officer));

    public ValueTask<IReadOnlyList<OfficerRow>> OfficersAsync(
        Address institution, Address? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.officers WHERE institution = $1 AND officer > $2 ORDER BY officer"
                + " LIMIT $3",
            Data(RowCodec.ReadOfficer), cancellationToken, Sql.Of(institution), After(after), Limit(limit));

    public ValueTask<ProposalRow?> FindProposalAsync(ulong id, CancellationToken cancellationToken) =>
        FindAsync(
            $"SELECT data FROM {schema}.proposals WHERE id = $1", Data(RowCodec.ReadProposal),
            cancellationToken, Sql.Of((long)Math.Min(id, long.MaxValue)));

    public ValueTask<IReadOnlyList<ProposalRow>> ProposalsAsync(
        ulong? before, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.proposals WHERE id < $1 ORDER BY id DESC LIMIT $2",
            Data(RowCodec.ReadProposal), cancellationToken,
            Sql.Of((long)Math.Min(before ?? long.MaxValue, long.MaxValue)), Limit(limit));

    public ValueTask<IReadOnlyList<ApprovalRow>> ApprovalsAsync(
        ulong proposalId, EventPlace? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.approvals WHERE proposal = $1 AND (height, seq) > ($2, $3)"
                + " ORDER BY height, seq LIMIT $4",
            Data(RowCodec.ReadApproval), cancellationToken,
            Sql.Of((long)Math.Min(proposalId, long.MaxValue)),
            Sql.Of(after is { } place ? Sql.Clamped(place.Height) : -1), Sql.Of(after?.Index ?? 0L),
            Limit(limit));

    public ValueTask<IReadOnlyList<FreezeRow>> FreezesAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken)
    {
        EventPlace end = before ?? new EventPlace(Cursor.Height.Next, 0);
        return RowsAsync(
            $"SELECT data FROM {schema}.freezes WHERE (height, seq) < ($1, $2)"
                + " ORDER BY height DESC, seq DESC LIMIT $3",
            Data(RowCodec.ReadFreeze), cancellationToken, Sql.Of(end.Height), Sql.Of(end.Index),
            Limit(limit));
    }

    public ValueTask<IReadOnlyList<AccountRow>> FrozenAsync(
        Address? after, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT data FROM {schema}.accounts WHERE freeze_mode <> 0 AND account > $1 ORDER BY account"
                + " LIMIT $2",
            Data(RowCodec.ReadAccount), cancellationToken, After(after), Limit(limit));

    public ValueTask<IReadOnlyList<LaneRow>> LanesAsync(CancellationToken cancellationToken) => RowsAsync(
        $"SELECT data FROM {schema}.lanes ORDER BY chain LIMIT $1", Data(RowCodec.ReadLane),
        cancellationToken, Sql.Of(Limits.BridgeLanes));

    public ValueTask<IReadOnlyList<EventRow>> BridgeEventsAsync(
        EventPlace? before, int limit, CancellationToken cancellationToken)
    {
        EventPlace end = before ?? new EventPlace(Cursor.Height.Next, 0);
        return RowsAsync(
            $"SELECT data FROM {schema}.events WHERE kind LIKE 'Bridge%' AND (height, seq) < ($1, $2)"
                + " ORDER BY height DESC, seq DESC LIMIT $3",
            Data(RowCodec.ReadEvent), cancellationToken, Sql.Of(end.Height), Sql.Of(end.Index),
            Limit(limit));
    }

    public ValueTask<IReadOnlyList<DayRow>> DaysAsync(
        AssetId asset, uint from, int limit, CancellationToken cancellationToken) => RowsAsync(
            $"SELECT {DayColumns} FROM {schema}.days WHERE asset = $1 AND day <= $2 ORDER BY day DESC"
                + " LIMIT $3",
            ReadDay, cancellationToken, Sql.Of(asset), Sql.Of(from), Limit(limit));

    public async ValueTask<IReadOnlyList<SearchHit>> SearchAsync(
        SearchQuery query, int limit, CancellationToken cancellationToken)
    {
        var hits = new List<SearchHit>();
        if (query.Height is { } height && height <= Cursor.Height)
        {
            hits.Add(new SearchHit(SearchKind.Block, height.ToString()));
        }

        if (query.Term.Length > 0)
        {
            hits.AddRange(await RowsAsync(
                $"SELECT kind, target FROM {schema}.search WHERE term >= $1 AND term < $2"
                    + " ORDER BY term, kind, target LIMIT $3",
                static reader => new SearchHit((SearchKind)reader.GetInt64(0), reader.GetString(1)),
                cancellationToken, Sql.Of(query.Term), Sql.Of(query.Term + "\U0010FFFF"), Limit(limit))
                .ConfigureAwait(false));
        }

        if (query.Hex.Length > 0)
        {
            hits.AddRange(await PrefixAsync(
                "accounts", "account", Address.Size, query.Hex, limit, static bytes =>
                    new SearchHit(SearchKind.Account, new Address(bytes).ToString()), cancellationToken)
                .ConfigureAwait(false));
            hits.AddRange(await PrefixAsync(
                "institutions", "institution", Address.Size, query.Hex, limit, static bytes =>
                    new SearchHit(SearchKind.Institution, new Address(bytes).ToString()), cancellationToken)
                .ConfigureAwait(false));
            hits.AddRange(await PrefixAsync(
                "transactions", "id", Hash256.Size, query.Hex, limit, static bytes =>
                    new SearchHit(SearchKind.Transaction, new Hash256(bytes).ToString()), cancellationToken)
                .ConfigureAwait(false));
            hits.AddRange(await BlocksByPrefixAsync(query.Hex, limit, cancellationToken)
                .ConfigureAwait(false));
        }

        return [.. hits.Distinct().Take(limit)];
    }

    private async ValueTask<IReadOnlyList<SearchHit>> PrefixAsync(
        string table, string column, int size, string hex, int limit, Func<byte[], SearchHit> hit,
        CancellationToken cancellationToken)
    {
        if (hex.Length > 2 * size)
        {
            return [];
        }

        (byte[] from, byte[] to) = IndexFormat.HexRange(hex);
        return await RowsAsync(
            $"SELECT {column} FROM {schema}.{table} WHERE {column} >= $1 AND ({column} < $2 OR $2 = '')"
                + $" ORDER BY {column} LIMIT $3",
            reader => hit(reader.Bytes(0)), cancellationToken, Sql.Of(from), Sql.Of(to), Limit(limit))
            .ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<SearchHit>> BlocksByPrefixAsync(
        string hex, int limit, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = IndexFormat.HexRange(hex);
        return await RowsAsync(
            $"SELECT height FROM {schema}.blocks WHERE hash >= $1 AND (hash < $2 OR $2 = '')"
                + " ORDER BY hash LIMIT $3",
            static reader => new SearchHit(
                SearchKind.Block, reader.GetInt64(0).ToString(CultureInfo.InvariantCulture)),
            cancellationToken, Sql.Of(from), Sql.Of(to), Limit(limit)).ConfigureAwait(false);
    }
}
