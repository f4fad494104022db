// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Index;

/// <summary>The generations of an index: one is read, others are built beside it or kept.</summary>
internal interface IGenerations : IAsyncDisposable
{
    /// <summary>Opens the generation that is being built; a new one when there is none.</summary>
    /// <exception cref="Storage.StorageFault">Another process builds it.</exception>
    Task<IIndexStore> OpenBuildingAsync(CancellationToken cancellationToken);

    /// <summary>Makes what was built, and is closed, the one that is read; the one before is kept.</summary>
    /// <returns>Its number.</returns>
    Task<int> SwitchAsync(CancellationToken cancellationToken);

    /// <summary>Makes the newest one that is kept the one that is read.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="NoGenerationException">None is kept.</exception>
    Task<int> RollBackAsync(CancellationToken cancellationToken);

    /// <summary>Removes those that are kept.</summary>
    /// <returns>Their numbers.</returns>
    Task<IReadOnlyList<int>> PruneAsync(CancellationToken cancellationToken);
}

/// <summary>There is no generation to go back to.</summary>
internal sealed class NoGenerationException()
    : Exception("No other generation of the index is kept; rebuild makes one.");
