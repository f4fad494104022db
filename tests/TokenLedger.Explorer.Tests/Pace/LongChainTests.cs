// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Tests.Pace;

public sealed class LongChainTests
{
    [Fact]
    public async Task Blocks_OfALongChain_AreBelievedAndFitTogether()
    {
        var chain = new LongChain(transactions: 3_000, accounts: 300);
        using var harness = new MemoryHarness();
        await using IIndexStore store = harness.Open(chain.GenesisHash);
        var projector = new Projector(store);
        FinalBlockVerifier verifier = chain.Verifier();
        var final = new List<VerifiedBlock>();
        foreach (Protocol.Ledger.V1.FinalBlock block in chain.Blocks())
        {
            Assert.Null(verifier.Add(block, final));
        }

        foreach (VerifiedBlock block in final)
        {
            await projector.ApplyAsync(chain.Genesis, block, default);
        }

        await using IIndexView view = (await store.ViewAsync(default))!;
        Assert.Equal((ulong)chain.End, view.Cursor.Height.Value);
        Assert.Equal((ulong)chain.Transactions, view.Cursor.Counts.Transactions);
        Assert.Empty(await ProofOfProjection.ProblemsAsync(view, default));
    }
}
