// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>One chain and its index in PostgreSQL.</summary>
internal static class IndexedChain
{
    public static FinalChain Chain { get; } = Activity.Chain(seed: 33, steps: 60);

    public static IReadOnlyList<VerifiedBlock> Blocks { get; } = Chain.Verified();

    public static async Task<PostgresIndexStore> OpenAsync(
        PostgresSettings settings, PostgresUse use = PostgresUse.Project) =>
        await PostgresIndexStore.OpenAsync(settings, Chain.GenesisHash, use, default);

    /// <summary>Indexes up to a number of blocks from wherever the index is.</summary>
    public static async Task ApplyAsync(IIndexStore store, int count)
    {
        var projector = new Projector(store);
        int done = (int)((await store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        foreach (VerifiedBlock block in Blocks.Take(count).Skip(done))
        {
            await projector.ApplyAsync(Chain.Genesis, block, default);
        }
    }

    /// <summary>All of the chain is there, once.</summary>
    public static async Task RequireWholeAsync(IIndexStore store)
    {
        await using IIndexView view = (await store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, Chain.Ledger);
        Assert.Equal(Blocks.Sum(static b => b.Events.Length), (int)view.Cursor.Counts.Events);
        Assert.Equal(Blocks.Sum(static b => b.Transactions.Length), (int)view.Cursor.Counts.Transactions);
    }
}
