// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Genesis;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Projecting;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Following;

/// <summary>Puts verified blocks into the index, one after the other. One caller at a time.</summary>
internal sealed class Projector(IIndexStore store)
{
    /// <summary>The newest block that is indexed; null for none.</summary>
    public ValueTask<IndexCursor?> CursorAsync(CancellationToken cancellationToken) =>
        store.CursorAsync(cancellationToken);

    /// <summary>Indexes the next block.</summary>
    /// <returns>The cursor after it.</returns>
    /// <exception cref="ProjectionException">It does not follow from the index.</exception>
    public async Task<IndexCursor> ApplyAsync(
        GenesisDocument genesis, VerifiedBlock block, CancellationToken cancellationToken)
    {
        IndexBatch batch;
        if (block.Header.Height.Value == 0)
        {
            batch = Projection.OfGenesis(genesis, block);
        }
        else
        {
            ProjectionState before = await store
                .LoadAsync(ProjectionKeys.Of(block), cancellationToken).ConfigureAwait(false);
            batch = Projection.Of(block, before);
        }

        await store.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        return batch.Cursor;
    }
}
