// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Npgsql;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>
/// The one writer of a generation: a connection of its own that holds the generation's advisory lock as long
/// as it lives. After a loss a new one is opened. Not thread-safe.
/// </summary>
/// <param name="source">Opens connections that are not pooled.</param>
/// <param name="pick">The generation that is written.</param>
/// <param name="followsLive">Whether it must be the live one.</param>
internal sealed class PostgresWriter(
    NpgsqlDataSource source, Func<NpgsqlConnection, CancellationToken, Task<Generation>> pick,
    bool followsLive) : IAsyncDisposable
{
    private const int LockClass = 1414284632;

    // Not synced: a loss of power loses whole blocks from the end, which the chain still has. The keepalives
    // free the lock of a projector whose machine is gone.
    private const string Settings =
        "SET synchronous_commit = off; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
            + " SET tcp_keepalives_count = 3";

    private NpgsqlConnection? _connection;
    private volatile Generation? _generation;

    /// <summary>The generation that is written, or was before the connection was lost; null before the first
    /// connection. May be read by any thread.</summary>
    public Generation? Generation => _generation;

    /// <summary>The connection, opened and locked.</summary>
    /// <exception cref="IndexUnavailableException">Another projector has the lock.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: ConnectionState.Open } open)
        {
            return open;
        }

        await CloseAsync().ConfigureAwait(false);
        _connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RunAsync(Settings, cancellationToken).ConfigureAwait(false);
            Generation generation = await pick(_connection, cancellationToken).ConfigureAwait(false);
            await LockAsync(generation, cancellationToken).ConfigureAwait(false);
            _generation = generation;
            return _connection;
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The cursor of the generation that is written.</summary>
    public async Task<IndexCursor?> CursorAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await CursorRow.ReadAsync(connection, _generation!.Schema, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Writes a batch and the cursor in one transaction.</summary>
    public async Task ApplyAsync(IndexBatch batch, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        string schema = _generation!.Schema;
        await using NpgsqlTransaction transaction = await connection
            .BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        (IndexCursor? cursor, int live) = await CursorRow
            .LockAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        if (followsLive && live != _generation.Number)
        {
            throw new IndexUnavailableException(
                IndexUnavailableException.Switched,
                $"Generation {live} of the index is read now; following goes on there.");
        }

        if (batch.WhyNotAfter(cursor) is { } reason)
        {
            throw new IndexOrderException(reason);
        }

        await using var statements = new NpgsqlBatch(connection, transaction);
        BatchTables.Write(statements, schema, batch);
        NpgsqlBatchCommand moving = CursorRow.Moving(schema, batch.Cursor);
        statements.BatchCommands.Add(moving);
        await statements.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        Invariant.Require(moving.RecordsAffected == 1, "the cursor is one row");
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connection, and with it the lock.</summary>
    public async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task LockAsync(Generation generation, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", _connection)
        {
            Parameters = { new() { Value = LockClass }, new() { Value = generation.Number } },
        };
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            throw new IndexUnavailableException(
                "INDEX_LOCKED",
                $"Another projector writes generation {generation.Number} of this index. This one takes over"
                    + " when that one ends.");
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // A constant.
        await using var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
