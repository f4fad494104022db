// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>The count of the whole state, every thousand blocks, reaches whoever can stop the
/// process.</summary>
public sealed class FullCountTests
{
    private const ulong Every = 1_000;

    [Fact]
    public void Commit_ThousandthBlock_CountsTheStateAndStopsOnWhatIsWrong()
    {
        using var bench = new ChainBench();

        // Units that nobody issued, under an account that nobody registered: no block touches them.
        var writer = new CanonicalWriter();
        writer.Amount(new Amount(7));
        using (IWriteBatch batch = bench.LedgerBytes.CreateBatch())
        {
            batch.Put(
                LedgerFormat.Families.Single(family => family.Name == "state"),
                StateKeys.Balance(TestNetwork.Nobody, TestNetwork.Bond), writer.Written);
            bench.LedgerBytes.Write(batch, sync: true);
        }

        for (ulong view = 1; view < Every; view++)
        {
            Finalize(bench, view);
        }

        Assert.DoesNotContain(bench.Settle(), said => said is Exception);
        Finalize(bench, Every);

        InvariantException told = bench.Next<InvariantException>();
        Assert.Contains("full count at height 1000", told.Message, StringComparison.Ordinal);
        Assert.Contains("is not registered", told.Message, StringComparison.Ordinal);
    }

    private static void Finalize(ChainBench bench, ulong view)
    {
        bench.Clock.Advance(ChainBench.HeartbeatMs);
        Block block = bench.Build(view);
        bench.Ask(new Finalize(bench.Finality(block.Header)));
        Assert.Equal(block.Hash, bench.Next<Synced>().Finalization.Subject.BlockHash);
    }
}
