// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>An index in which one row is other than it was written.</summary>
public sealed class ProofOfProjectionTests
{
    private static readonly FinalChain Chain = Activity.Chain(seed: 4, steps: 60);

    [Fact]
    public async Task Problems_OfOneBalanceThatIsOther_NameIt() =>
        Assert.Contains(
            "; its history says ",
            Assert.Single(await ProblemsAsync(static (batch, row) =>
            {
                var writer = new CanonicalWriter(16);
                StateCodec.WriteAmount(writer, new Amount(3));
                batch.Put(IndexFormat.Balances, row.Key, writer.ToArray());
            })),
            StringComparison.Ordinal);

    [Fact]
    public async Task Problems_OfOneBalanceThatIsMissing_NameItsAsset() =>
        Assert.Contains(
            "accounts have a balance of ",
            Assert.Single(await ProblemsAsync(
                static (batch, row) => batch.Delete(IndexFormat.Balances, row.Key))),
            StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> ProblemsAsync(Action<IWriteBatch, KeyValue> change)
    {
        var disk = new MemoryDisk();
        await using (EmbeddedIndexStore store = Open(disk))
        {
            var projector = new Projector(store);
            foreach (VerifiedBlock block in Chain.Verified())
            {
                await projector.ApplyAsync(Chain.Genesis, block, default);
            }
        }

        using (var raw = new MemoryStore(disk, IndexFormat.Families))
        {
            using IWriteBatch batch = raw.CreateBatch();
            change(batch, raw.Scan(IndexFormat.Balances, [], [], 500)[2]);
            raw.Write(batch, sync: true);
        }

        await using EmbeddedIndexStore changed = Open(disk);
        await using IIndexView view = (await changed.ViewAsync(default))!;
        return await ProofOfProjection.ProblemsAsync(view, default);
    }

    private static EmbeddedIndexStore Open(MemoryDisk disk) =>
        EmbeddedIndexStore.Open(new MemoryStore(disk, IndexFormat.Families), Chain.GenesisHash);
}
