// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Index.Projecting;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>Reads what a block's projection needs, all in one round trip.</summary>
internal static class StateLoader
{
    public static async Task<ProjectionState> LoadAsync(
        NpgsqlConnection connection, string schema, ProjectionKeys keys, CancellationToken cancellationToken)
    {
        IndexCursor? cursor = null;
        await using var batch = new NpgsqlBatch(connection);
        var results = new List<Action<NpgsqlDataReader>>();
        var accounts = new Dictionary<Address, AccountRow>();
        var balances = new Dictionary<(Address, AssetId), Amount>();
        var assets = new Dictionary<AssetId, AssetRow>();
        var officers = new Dictionary<Address, OfficerRow>();
        var proposals = new Dictionary<ulong, ProposalRow>();
        var days = new Dictionary<AssetId, DayRow>();
        var lanes = new Dictionary<ulong, LaneRow>();
        Ask(1, CursorRow.Reading(schema), reader => cursor = CursorRow.Read(reader));
        Ask(keys.Accounts.Count, $"SELECT data FROM {schema}.accounts WHERE account = ANY ($1)",
            reader => Add(accounts, reader.Row(0, RowCodec.ReadAccount), static row => row.Account),
            Sql.Of(keys.Accounts.Select(static account => account.ToArray())));
        Ask(keys.Balances.Count,
            $"SELECT b.account, b.asset, b.amount FROM unnest($1::bytea[], $2::text[]) AS k (account, asset)"
                + $" JOIN {schema}.balances b ON b.account = k.account AND b.asset = k.asset",
            reader => balances.Add((reader.Address(0), reader.Asset(1)), reader.Amount(2)),
            Sql.Of(keys.Balances.Select(static key => key.Account.ToArray())),
            Sql.Of(keys.Balances.Select(static key => key.Asset.ToString())));
        Ask(keys.Assets.Count, $"SELECT data FROM {schema}.assets WHERE asset = ANY ($1)",
            reader => Add(assets, reader.Row(0, RowCodec.ReadAsset), static row => row.Id),
            Sql.Of(keys.Assets.Select(static asset => asset.ToString())));
        Ask(keys.Officers.Count, $"SELECT data FROM {schema}.officers WHERE officer = ANY ($1)",
            reader => Add(officers, reader.Row(0, RowCodec.ReadOfficer), static row => row.Officer),
            Sql.Of(keys.Officers.Select(static officer => officer.ToArray())));
        Ask(keys.Proposals.Count, $"SELECT data FROM {schema}.proposals WHERE id = ANY ($1)",
            reader => Add(proposals, reader.Row(0, RowCodec.ReadProposal), static row => row.Id),
            Sql.Of(keys.Proposals.Select(Sql.Stored)));
        Ask(keys.Moved.Count, $"SELECT {PostgresIndexView.DayColumns} FROM {schema}.days"
            + " WHERE asset = ANY ($1) AND day = $2",
            reader => Add(days, PostgresIndexView.ReadDay(reader), static row => row.Asset),
            Sql.Of(keys.Moved.Select(static asset => asset.ToString())), Sql.Of(keys.Day));
        Ask(keys.Lanes.Count, $"SELECT data FROM {schema}.lanes WHERE chain = ANY ($1)",
            reader => Add(lanes, reader.Row(0, RowCodec.ReadLane), static row => row.ChainId),
            Sql.Of(keys.Lanes.Select(IndexFormat.Lane)));
        await ReadAsync(batch, results, cancellationToken).ConfigureAwait(false);
        return new ProjectionState(cursor, accounts, balances, assets, officers, proposals, days, lanes);

        void Ask(int count, string sql, Action<NpgsqlDataReader> read, params NpgsqlParameter[] parameters)
        {
            if (count > 0)
            {
                var command = new NpgsqlBatchCommand(sql);
                Array.ForEach(parameters, parameter => command.Parameters.Add(parameter));
                batch.BatchCommands.Add(command);
                results.Add(read);
            }
        }
    }

    private static async Task ReadAsync(
        NpgsqlBatch batch, List<Action<NpgsqlDataReader>> results, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken)
            .ConfigureAwait(false);
        foreach (Action<NpgsqlDataReader> read in results)
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                read(reader);
            }

            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Add<TKey, TRow>(
        Dictionary<TKey, TRow> rows, TRow row, Func<TRow, TKey> key)
        where TKey : notnull => rows.Add(key(row), row);
}
