// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TokenLedger.Core;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;
using Xunit.Abstractions;

namespace TokenLedger.Explorer.Tests.Index;

/// <summary>How fast blocks are verified and indexed on one core, into RocksDB.</summary>
public sealed class IndexingPaceTests(ITestOutputHelper output)
{
    private const int BlockCount = 40;
    private const int TransactionsPerBlock = 500;
    private const int Budget = 3_000;

    [Fact]
    public async Task Apply_FullBlocks_IsWithinTheBudget()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, BlockCount * TransactionsPerBlock);
        Address[] receivers = [TestNetwork.Bob, TestNetwork.MinistryAccount, TestNetwork.ExchangeAccount];
        for (int i = 0; i < BlockCount; i++)
        {
            Activity.Transfers(chain.Ledger, TransactionsPerBlock, j => receivers[j % receivers.Length]);
        }

        using var harness = new RocksHarness();
        await using IIndexStore store = harness.Open(chain.GenesisHash);
        var projector = new Projector(store);
        FinalBlockVerifier verifier = chain.Verifier();
        var final = new List<VerifiedBlock>();
        var watch = Stopwatch.StartNew();
        foreach (Protocol.Ledger.V1.FinalBlock block in chain.Blocks)
        {
            Assert.Null(verifier.Add(block, final));
            foreach (VerifiedBlock verified in final)
            {
                await projector.ApplyAsync(chain.Genesis, verified, default);
            }

            final.Clear();
        }

        double pace = BlockCount * TransactionsPerBlock / watch.Elapsed.TotalSeconds;
        output.WriteLine($"{pace:F0} transactions a second");
        await using IIndexView view = (await store.ViewAsync(default))!;
        await LedgerComparison.RequireSameAsync(view, chain.Ledger);
        Assert.True(pace >= Budget, $"{pace:F0} transactions a second, under {Budget}");
    }
}
