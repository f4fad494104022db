// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Projecting;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>
/// The live generation of a data folder, and whichever becomes live while this process runs. One process at a
/// time has it.
/// </summary>
internal sealed class EmbeddedGenerations : IIndexStore
{
    private readonly Lock _switching = new();
    private readonly FileLease _lease;
    private readonly GenerationFolders _folders;
    private readonly Hash256 _genesisHash;
    private EmbeddedIndexStore _store;
    private int _number;

    private EmbeddedGenerations(FileLease lease, GenerationFolders folders, in Hash256 genesisHash)
    {
        _lease = lease;
        _folders = folders;
        _genesisHash = genesisHash;
        _number = folders.Live();
        _store = folders.Open(_number, genesisHash);
    }

    /// <summary>Opens the live generation; a new folder gets its first.</summary>
    /// <exception cref="StorageFault">Another process has the folder, or the index is of another version or
    /// network.</exception>
    public static EmbeddedGenerations Open(string dataFolder, in Hash256 genesisHash)
    {
        Directory.CreateDirectory(dataFolder);
        FileLease lease = FileLease.Take(
            Path.Combine(dataFolder, "explorer.lock"),
            $"The data folder {dataFolder} is in use by another explorer. Give this one a folder of its"
                + " own.");
        try
        {
            return new EmbeddedGenerations(lease, new GenerationFolders(dataFolder), genesisHash);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken)
    {
        TrySwitch();
        return _store.CursorAsync(cancellationToken);
    }

    public ValueTask<ProjectionState> LoadAsync(ProjectionKeys keys, CancellationToken cancellationToken) =>
        _store.LoadAsync(keys, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="IndexUnavailableException">INDEX_SWITCHED: another generation is live now, and its
    /// cursor is where to go on.</exception>
    public ValueTask ApplyAsync(IndexBatch batch, CancellationToken cancellationToken) => TrySwitch()
        ? throw new IndexUnavailableException(
            IndexUnavailableException.Switched,
            $"Generation {_number} of the index is read now; following goes on there.")
        : _store.ApplyAsync(batch, cancellationToken);

    public ValueTask<IIndexView?> ViewAsync(CancellationToken cancellationToken)
    {
        lock (_switching)
        {
            return _store.ViewAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _lease.Dispose();
    }

    /// <summary>Goes over to the generation that is live, when it is another. Views of the one before stay
    /// good.</summary>
    private bool TrySwitch()
    {
        lock (_switching)
        {
            int live = _folders.Live();
            if (live == _number)
            {
                return false;
            }

            EmbeddedIndexStore next = _folders.Open(live, _genesisHash);
            ValueTask closing = _store.DisposeAsync();
            Invariant.Require(closing.IsCompletedSuccessfully, "the embedded index closes at once");
            (_store, _number) = (next, live);
            return true;
        }
    }
}
