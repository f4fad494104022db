// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index.Projecting;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>What an opened index is for.</summary>
internal enum PostgresUse
{
    /// <summary>Pages read the live generation; nothing is written, so that a replica will do.</summary>
    Read,

    /// <summary>The live generation is written and read; the first one is made.</summary>
    Project,

    /// <summary>A generation is built beside the live one; views are of it.</summary>
    Rebuild,
}

/// <summary>
/// The index in PostgreSQL. Rows, cursor and batch are one transaction of one writer; readers look at one
/// snapshot each. A lost connection is an <see cref="IndexUnavailableException"/>, and the next call opens
/// another.
/// </summary>
internal sealed class PostgresIndexStore : IIndexStore
{
    private readonly Hash256 _genesisHash;
    private readonly PostgresUse _use;
    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writers;
    private readonly PostgresWriter _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);

    private PostgresIndexStore(PostgresSettings settings, Hash256 genesisHash, PostgresUse use)
    {
        _genesisHash = genesisHash;
        _use = use;
        _readers = settings.Readers();
        _writers = settings.Writer();
        _writer = use == PostgresUse.Rebuild
            ? new PostgresWriter(
                _writers, (c, token) => Generations.BuildingAsync(c, genesisHash, token), followsLive: false)
            : new PostgresWriter(
                _writers, (c, token) => Generations.LiveOrFirstAsync(c, genesisHash, token),
                followsLive: true);
    }

    /// <summary>Opens the index.</summary>
    /// <exception cref="Storage.StorageFault">It is of another version or network.</exception>
    /// <exception cref="IndexUnavailableException">The database does not answer, or another projector writes
    /// this index.</exception>
    public static async Task<PostgresIndexStore> OpenAsync(
        PostgresSettings settings, Hash256 genesisHash, PostgresUse use, CancellationToken cancellationToken)
    {
        var store = new PostgresIndexStore(settings, genesisHash, use);
        try
        {
            await store.CursorAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken)
    {
        if (_use != PostgresUse.Read)
        {
            return await WriteAsync(() => _writer.CursorAsync(cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }

        await using IIndexView? view = await ViewAsync(cancellationToken).ConfigureAwait(false);
        return view?.Cursor;
    }

    public ValueTask<ProjectionState> LoadAsync(ProjectionKeys keys, CancellationToken cancellationToken) =>
        WriteAsync(
            async () =>
            {
                NpgsqlConnection connection = await _writer.OpenAsync(cancellationToken)
                    .ConfigureAwait(false);
                return await StateLoader.LoadAsync(
                    connection, _writer.Generation!.Schema, keys, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    public async ValueTask ApplyAsync(IndexBatch batch, CancellationToken cancellationToken) =>
        await WriteAsync(
            async () =>
            {
                await _writer.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask<IIndexView?> ViewAsync(CancellationToken cancellationToken) =>
        PostgresFaults.GuardAsync(() => OpenViewAsync(cancellationToken));

    /// <summary>Writes what the projector knows of its node, for <see cref="ReportedAsync"/>.</summary>
    public async ValueTask ReportAsync(FollowerStatus status, CancellationToken cancellationToken) =>
        await PostgresFaults.GuardAsync(async () =>
        {
            await using NpgsqlConnection connection = await _readers.OpenConnectionAsync(cancellationToken)
                .ConfigureAwait(false);
            await FollowerReport.WriteAsync(connection, status, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    /// <summary>What the projector said last of its node, without a cursor; null for nothing.</summary>
    public ValueTask<FollowerStatus?> ReportedAsync(CancellationToken cancellationToken) =>
        PostgresFaults.GuardAsync(async () =>
        {
            await using NpgsqlConnection connection = await _readers.OpenConnectionAsync(cancellationToken)
                .ConfigureAwait(false);
            return await FollowerReport.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
        });

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _writers.DisposeAsync().ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
        _writing.Dispose();
    }

    private async Task<IIndexView?> OpenViewAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _readers.OpenConnectionAsync(cancellationToken)
            .ConfigureAwait(false);
        try
        {
            // The snapshot is taken by the first statement and holds until the view is disposed.
            NpgsqlTransaction transaction = await connection
                .BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken)
                .ConfigureAwait(false);
            Generation? generation = _use == PostgresUse.Rebuild
                ? _writer.Generation
                : await Generations.LiveAsync(connection, _genesisHash, cancellationToken)
                    .ConfigureAwait(false);
            IndexCursor? cursor = generation is null
                ? null
                : await CursorRow.ReadAsync(connection, generation.Schema, cancellationToken)
                    .ConfigureAwait(false);
            if (cursor is not null)
            {
                return new PostgresIndexView(connection, transaction, generation!.Schema, cursor);
            }

            await transaction.DisposeAsync().ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Does something with the writer; after a failure the next call begins with a new
    /// connection.</summary>
    private async ValueTask<T> WriteAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        Invariant.Require(_use != PostgresUse.Read, "an index that is opened for reading is not written");
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PostgresFaults.GuardAsync(work).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IndexOrderException)
        {
            await _writer.CloseAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }
}
