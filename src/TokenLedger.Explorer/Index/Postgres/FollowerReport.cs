// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using NpgsqlTypes;
using TokenLedger.Explorer.Following;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>What the projector knows of its node, as one row that others read.</summary>
internal static class FollowerReport
{
    private const string Columns =
        "node_height, connected, finalizing, unverified, heard_ms, failure_code, failure, failed_ms";

    public static async Task WriteAsync(
        NpgsqlConnection connection, FollowerStatus status, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO explorer.follower (one, {Columns}) VALUES (true, $1, $2, $3, $4, $5, $6, $7, $8)"
                + $" ON CONFLICT (one) DO UPDATE SET ({Columns}) = ($1, $2, $3, $4, $5, $6, $7, $8)",
            connection)
        {
            Parameters =
            {
                Number(status.NodeHeight is { } height ? Sql.Clamped(height) : null),
                Flag(status.Connected),
                Flag(status.Finalizing),
                Flag(status.Unverified),
                Number(status.Heard?.ToUnixTimeMilliseconds()),
                Text(status.LastFailure?.Code),
                Text(status.LastFailure?.Sentence),
                Number(status.LastFailure?.At.ToUnixTimeMilliseconds()),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The last report, without a cursor; null for none.</summary>
    public static async Task<FollowerStatus?> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM explorer.follower", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken)
            .ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return new FollowerStatus(
            Cursor: null,
            reader.IsDBNull(0) ? null : reader.Height(0),
            reader.GetBoolean(1),
            reader.GetBoolean(2),
            reader.IsDBNull(4) ? null : Moment(reader, 4),
            reader.GetBoolean(3),
            reader.IsDBNull(5)
                ? null
                : new FollowFailure(reader.GetString(5), reader.GetString(6), Moment(reader, 7)));
    }

    private static DateTimeOffset Moment(NpgsqlDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static NpgsqlParameter Number(long? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<bool> Flag(bool value) => new() { TypedValue = value };

    /// <summary>A node's sentence may hold what the database's text may not: the zero character.</summary>
    private static NpgsqlParameter Text(string? value) => new()
    {
        Value = (object?)value?.Replace("\0", "", StringComparison.Ordinal) ?? DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.Text,
    };
}
