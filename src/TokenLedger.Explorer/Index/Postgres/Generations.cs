// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>One generation of the index in a database.</summary>
/// <param name="Number">From 1.</param>
/// <param name="State">building, live or kept.</param>
internal sealed record Generation(int Number, string State)
{
    /// <summary>The schema that holds its tables.</summary>
    public string Schema => SchemaOf(Number);

    /// <summary>The schema of a generation.</summary>
    public static string SchemaOf(int number) => $"explorer_{number}";
}

/// <summary>
/// Makes, lists and switches generations. All changes of the list are made by one at a time, and whole.
/// </summary>
internal static class Generations
{
    /// <summary>Version of generation.sql.</summary>
    public const int SchemaVersion = 2;

    /// <summary>How long pruning waits for those who still read what it removes, seconds: pages end sooner,
    /// and a file may take hours.</summary>
    private const int PruneWaitSeconds = 10;

    private const string Locking = "SELECT pg_advisory_xact_lock(1414284632, 0)";

    /// <summary>The live generation.</summary>
    /// <returns>Null when there is none.</returns>
    public static async Task<Generation?> LiveAsync(
        NpgsqlConnection connection, Hash256 genesisHash, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(connection, genesisHash, "state = 'live'", cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    /// <summary>The live generation; the first one is made, live, when there is none.</summary>
    public static async Task<Generation> LiveOrFirstAsync(
        NpgsqlConnection connection, Hash256 genesisHash, CancellationToken cancellationToken) =>
        await LiveAsync(connection, genesisHash, cancellationToken).ConfigureAwait(false)
            ?? await ChangeAsync(connection, async () =>
            {
                if (await FindAsync(connection, genesisHash, "state = 'live'", cancellationToken)
                    .ConfigureAwait(false) is { } found)
                {
                    return found;
                }

                Generation made = await MakeAsync(connection, genesisHash, cancellationToken)
                    .ConfigureAwait(false);
                await ShowAsync(connection, made.Number, cancellationToken).ConfigureAwait(false);
                return made with { State = "live" };
            }, cancellationToken).ConfigureAwait(false);

    /// <summary>The generation that is being built; a new one when there is none.</summary>
    public static Task<Generation> BuildingAsync(
        NpgsqlConnection connection, Hash256 genesisHash, CancellationToken cancellationToken) =>
        ChangeAsync(connection, async () =>
            await FindAsync(
                connection, genesisHash, $"state = 'building' AND schema_version = {SchemaVersion}",
                cancellationToken).ConfigureAwait(false)
            ?? await MakeAsync(connection, genesisHash, cancellationToken).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Makes a generation the one that is read, and keeps the one before.</summary>
    public static Task SwitchAsync(
        NpgsqlConnection connection, int number, CancellationToken cancellationToken) =>
        ChangeAsync(connection, async () =>
        {
            await ShowAsync(connection, number, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <summary>The newest generation that is kept for going back to.</summary>
    public static Task<Generation?> KeptAsync(
        NpgsqlConnection connection, Hash256 genesisHash, CancellationToken cancellationToken) =>
        FindAsync(
            connection, genesisHash, $"state = 'kept' AND schema_version = {SchemaVersion}",
            cancellationToken);

    /// <summary>Removes the generations that are kept.</summary>
    /// <returns>Their numbers.</returns>
    public static Task<IReadOnlyList<int>> DropKeptAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ChangeAsync<IReadOnlyList<int>>(connection, async () =>
        {
            var dropped = new List<int>();
            await RunAsync(connection, $"SET LOCAL lock_timeout = '{PruneWaitSeconds}s'", cancellationToken)
                .ConfigureAwait(false);
            await using (NpgsqlCommand command = Command(
                connection, "DELETE FROM explorer.generations WHERE state = 'kept' OR (state = 'building'"
                    + $" AND schema_version <> {SchemaVersion}) RETURNING number"))
            {
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
                    .ConfigureAwait(false);
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    dropped.Add(reader.GetInt32(0));
                }
            }

            foreach (int number in dropped)
            {
                await RunAsync(
                    connection, $"DROP SCHEMA {Generation.SchemaOf(number)} CASCADE", cancellationToken)
                    .ConfigureAwait(false);
            }

            return dropped;
        }, cancellationToken);

    /// <summary>The newest generation of a state.</summary>
    /// <exception cref="StorageFault">It is of another network or version.</exception>
    private static async Task<Generation?> FindAsync(
        NpgsqlConnection connection, Hash256 genesisHash, string where, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            "SELECT number, state, schema_version, genesis FROM explorer.generations"
                + $" WHERE {where} ORDER BY number DESC LIMIT 1");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
            .ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        if (reader.Hash(3) != genesisHash)
        {
            throw new StorageFault(
                StorageFaultKind.Genesis, StorageScope.Process,
                "The index in this database is of another network. Name another database, or the right"
                    + " genesisHash; nothing was changed.");
        }

        return reader.GetInt32(2) == SchemaVersion
            ? new Generation(reader.GetInt32(0), reader.GetString(1))
            : throw new StorageFault(
                StorageFaultKind.Version, StorageScope.Process,
                "Another version of the explorer wrote the index in this database. Run tokenledger-explorer"
                    + " rebuild, which makes one of this version beside it; the old one is read until then.");
    }

    private static async Task<Generation> MakeAsync(
        NpgsqlConnection connection, Hash256 genesisHash, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand adding = Command(
            connection,
            "INSERT INTO explorer.generations (number, schema_version, genesis, state) SELECT"
                + $" coalesce(max(number), 0) + 1, {SchemaVersion}, $1, 'building'"
                + " FROM explorer.generations RETURNING number");
        adding.Parameters.Add(Sql.Of(genesisHash.ToArray()));
        int number = (int)(await adding.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        string schema = Generation.SchemaOf(number);
        await RunAsync(
            connection,
            $"CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}; {Script("generation.sql")}"
                + " SET LOCAL search_path TO DEFAULT",
            cancellationToken).ConfigureAwait(false);
        return new Generation(number, "building");
    }

    /// <summary>Makes a generation live: its state, and the views that show its tables.</summary>
    private static async Task ShowAsync(
        NpgsqlConnection connection, int number, CancellationToken cancellationToken)
    {
        string schema = Generation.SchemaOf(number);
        await RunAsync(
            connection,
            $"""
            SET LOCAL synchronous_commit = on;
            UPDATE explorer.generations SET state = 'kept' WHERE state = 'live' AND number <> {number};
            UPDATE explorer.generations SET state = 'live' WHERE number = {number};
            DO $do$
            DECLARE
                it record;
            BEGIN
                FOR it IN SELECT viewname FROM pg_views WHERE schemaname = 'explorer' LOOP
                    EXECUTE format('DROP VIEW explorer.%I', it.viewname);
                END LOOP;
                FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' LOOP
                    EXECUTE format(
                        'CREATE VIEW explorer.%I AS SELECT * FROM {schema}.%I', it.tablename, it.tablename);
                END LOOP;
            END
            $do$
            """,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One change of the list at a time; whole or not at all.</summary>
    private static async Task<T> ChangeAsync<T>(
        NpgsqlConnection connection, Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken)
            .ConfigureAwait(false);
        await RunAsync(connection, Locking, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, Script("control.sql"), cancellationToken).ConfigureAwait(false);
        T result = await change().ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

#pragma warning disable CA2100 // Texts of this class and numbers, never what somebody typed.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
#pragma warning restore CA2100

    private static string Script(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvariantException($"{name} is part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
