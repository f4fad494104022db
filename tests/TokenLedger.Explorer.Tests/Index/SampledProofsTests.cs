// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>An index against proofs of the ledger's state, with real signatures.</summary>
public sealed class SampledProofsTests : IDisposable
{
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    private readonly FinalChain _chain;
    private readonly MemoryDisk _disk = new();

    public SampledProofsTests()
    {
        _chain = new FinalChain(keys: _keys);
        _chain.Ledger.Issue(TestNetwork.Alice, 500);
        _chain.Ledger.Issue(TestNetwork.MinistryAccount, 70);
    }

    public void Dispose() => Array.ForEach(_keys, static key => key.Dispose());

    [Fact]
    public async Task Problems_OfAnIndexThatIsRight_AreNone()
    {
        await using EmbeddedIndexStore store = await IndexAsync();
        SampledProofs sampled = Sampled(Proven);
        Assert.Empty(await WithViewAsync(store, sampled.AskAsync));
        Assert.InRange(sampled.Count, 1, SampledProofs.Most);

        // The proofs are of a block that the index does not have, and then has.
        _chain.Ledger.Issue(TestNetwork.Alice, 1);
        SampledProofs later = Sampled(Proven);
        Assert.Empty(await WithViewAsync(store, later.AskAsync));
        Assert.All(
            await WithViewAsync(store, later.ProblemsAsync),
            static problem => Assert.Contains("the index ends at", problem, StringComparison.Ordinal));
        await ApplyAsync(store);
        Assert.Empty(await WithViewAsync(store, later.ProblemsAsync));
        Assert.Empty(await WithViewAsync(store, sampled.ProblemsAsync));
    }

    [Fact]
    public async Task Problems_OfABalanceThatIsOther_NameIt()
    {
        await using (await IndexAsync())
        {
        }

        using (var raw = new MemoryStore(_disk, IndexFormat.Families))
        {
            using IWriteBatch batch = raw.CreateBatch();
            foreach (KeyValue row in raw.Scan(IndexFormat.Past, [], [], 100))
            {
                var writer = new CanonicalWriter(16);
                StateCodec.WriteAmount(writer, new Amount(499));
                batch.Put(IndexFormat.Past, row.Key, writer.ToArray());
            }

            raw.Write(batch, sync: true);
        }

        await using EmbeddedIndexStore store = Open();
        SampledProofs sampled = Sampled(Proven);
        Assert.Empty(await WithViewAsync(store, sampled.AskAsync));
        IReadOnlyList<string> problems = await WithViewAsync(store, sampled.ProblemsAsync);
        Assert.Equal(sampled.Count, problems.Count);
        Assert.All(problems, static problem =>
            Assert.Contains("has 499 of PK-BOND-30", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_ProofsThatAreForgedOrOfOthers_AreRefused()
    {
        await using EmbeddedIndexStore store = await IndexAsync();
        SampledProofs forged = Sampled((account, asset) =>
        {
            BalanceProof proof = Proven(account, asset)!.Clone();
            proof.Amount = "1";
            return proof;
        });
        Assert.NotEmpty(await WithViewAsync(store, forged.AskAsync));
        Assert.Equal(0, forged.Count);
        SampledProofs others = Sampled((_, asset) => Proven(TestNetwork.Bob, asset));
        Assert.NotEmpty(await WithViewAsync(store, others.AskAsync));
        SampledProofs none = Sampled(static (_, _) => null);
        Assert.Empty(await WithViewAsync(store, none.AskAsync));
        Assert.Equal(0, none.Count);
        Assert.True(none.Asked > 0);
    }

    private BalanceProof? Proven(Address account, AssetId asset) =>
        ChainProofs.Balance(_chain, account, asset);

    private SampledProofs Sampled(Func<Address, AssetId, BalanceProof?> prove) => new(
        (account, asset, _) => Task.FromResult(prove(account, asset)), _chain.GenesisHash,
        new Secp256k1Scheme());

    private EmbeddedIndexStore Open() =>
        EmbeddedIndexStore.Open(new MemoryStore(_disk, IndexFormat.Families), _chain.GenesisHash);

    private async Task<EmbeddedIndexStore> IndexAsync()
    {
        EmbeddedIndexStore store = Open();
        await ApplyAsync(store);
        return store;
    }

    private async Task ApplyAsync(EmbeddedIndexStore store)
    {
        var projector = new Projector(store);
        int done = (int)((await store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        foreach (VerifiedBlock block in _chain.Verified().Skip(done))
        {
            await projector.ApplyAsync(_chain.Genesis, block, default);
        }
    }

    private static async Task<IReadOnlyList<string>> WithViewAsync(
        EmbeddedIndexStore store, Func<IIndexView, CancellationToken, Task<IReadOnlyList<string>>> find)
    {
        await using IIndexView view = (await store.ViewAsync(default))!;
        return await find(view, default);
    }
}
