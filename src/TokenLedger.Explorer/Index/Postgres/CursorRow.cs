// SPDX-License-Identifier: Apache-2.0
using Npgsql;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>The one row of a generation that says how far it is.</summary>
internal static class CursorRow
{
    private const string Columns =
        "height, hash, time_ms, transactions, events, postings, accounts, assets, proposals";

    /// <summary>Reads it.</summary>
    public static async Task<IndexCursor?> ReadAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, Reading(schema));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
            .ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Read(reader);
    }

    /// <summary>Reads it and keeps it from others until the transaction ends.</summary>
    /// <returns>It, and the number of the live generation; 0 for none.</returns>
    public static async Task<(IndexCursor? Cursor, int Live)> LockAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            $"SELECT {Columns}, coalesce((SELECT number FROM explorer.generations WHERE state = 'live'), 0)"
                + $" FROM {schema}.projector p FOR UPDATE OF p");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
            .ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (Read(reader), reader.GetInt32(9));
    }

    /// <summary>The statement that reads it.</summary>
    public static string Reading(string schema) => $"SELECT {Columns} FROM {schema}.projector";

    /// <summary>The statement that sets it.</summary>
    public static NpgsqlBatchCommand Moving(string schema, IndexCursor cursor) => new(
        $"UPDATE {schema}.projector SET ({Columns}) = ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    {
        Parameters =
        {
            Sql.Of(Sql.Stored(cursor.Height.Value)),
            Sql.Of(cursor.Hash.ToArray()),
            Sql.Of(Sql.Stored(cursor.Time.Value)),
            Sql.Of(Sql.Stored(cursor.Counts.Transactions)),
            Sql.Of(Sql.Stored(cursor.Counts.Events)),
            Sql.Of(Sql.Stored(cursor.Counts.Postings)),
            Sql.Of(Sql.Stored(cursor.Counts.Accounts)),
            Sql.Of(Sql.Stored(cursor.Counts.Assets)),
            Sql.Of(Sql.Stored(cursor.Counts.Proposals)),
        },
    };

    /// <summary>It, of a row that <see cref="Reading"/> gives.</summary>
    public static IndexCursor? Read(NpgsqlDataReader reader) => reader.IsDBNull(0)
        ? null
        : new IndexCursor(
            reader.Height(0), reader.Hash(1), new Core.TimestampMs(reader.Count(2)),
            new IndexCounts(
                reader.Count(3), reader.Count(4), reader.Count(5), reader.Count(6), reader.Count(7),
                reader.Count(8)));

#pragma warning disable CA2100 // Texts of this class and a generation's number.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
#pragma warning restore CA2100
}
