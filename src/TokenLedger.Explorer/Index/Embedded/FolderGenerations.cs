// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>The generations in a data folder, changed by one process at a time. An explorer that runs on the
/// folder goes over by itself.</summary>
internal sealed class FolderGenerations : IGenerations
{
    private readonly Hash256 _genesisHash;
    private readonly FileLease _lease;
    private readonly GenerationFolders _folders;

    public FolderGenerations(string dataFolder, in Hash256 genesisHash)
    {
        Directory.CreateDirectory(dataFolder);
        _genesisHash = genesisHash;
        _lease = FileLease.Take(
            Path.Combine(dataFolder, "generations.lock"),
            $"Another command changes the generations of the index in {dataFolder}. Wait until it ends.");
        _folders = new GenerationFolders(dataFolder);
    }

    public Task<IIndexStore> OpenBuildingAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IIndexStore>(_folders.OpenBuilding(_genesisHash));

    public Task<int> SwitchAsync(CancellationToken cancellationToken) => Task.FromResult(_folders.Switch());

    public Task<int> RollBackAsync(CancellationToken cancellationToken)
    {
        if (Kept() is not [.., int number])
        {
            throw new NoGenerationException();
        }

        _folders.SetLive(number);
        return Task.FromResult(number);
    }

    public async Task<IReadOnlyList<int>> PruneAsync(CancellationToken cancellationToken)
    {
        int[] kept = Kept();
        foreach (int number in kept)
        {
            await _folders.RemoveAsync(number, _genesisHash).ConfigureAwait(false);
        }

        return kept;
    }

    public ValueTask DisposeAsync()
    {
        _lease.Dispose();
        return ValueTask.CompletedTask;
    }

    private int[] Kept()
    {
        int live = _folders.Live();
        return [.. _folders.All().Where(number => number != live)];
    }
}
