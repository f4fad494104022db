// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

public sealed class DroppedTransactionsTests
{
    [Fact]
    public void Add_OverItsBound_ForgetsTheOldest()
    {
        var dropped = new DroppedTransactions(2);
        Hash256[] ids =
            [.. Enumerable.Range(0, 3).Select(i => Hashing.Hash(DomainTag.Transaction, [(byte)i]))];
        dropped.Add([(ids[0], RejectionCode.Expired), (ids[1], RejectionCode.NonceUsed)]);
        dropped.Add([(ids[1], RejectionCode.Expired), (ids[2], RejectionCode.Expired)]);
        Assert.Equal(
            new RejectionCode?[] { null, RejectionCode.NonceUsed, RejectionCode.Expired },
            ids.Select(id => dropped.Find(id)));
    }

    /// <summary>Whoever waits for a transaction that can never be final must learn so.</summary>
    [Fact]
    public async Task Commit_TransactionsThatNeverCanBe_WakesTheirWaitersWithTheReason()
    {
        using var bench = new ChainBench();
        Transaction draft = Draft(bench, 0, 1);
        VerifiedTransaction late = bench.Signing.Verified(
            Draft(bench, 5, 2) with { Lane = 1, ValidUntil = bench.Clock.Now.Plus(ChainBench.HeartbeatMs) });
        Assert.Null(bench.Add(draft, late.Content));
        Block built = bench.Build(1);

        // The pool loses its transaction, and gets another one of the same nonce.
        using var other = new ChainBench();
        Transaction rival = Draft(other, 0, 3);
        Assert.Null(other.Add(rival));
        Hash256 lost = other.Signing.Verified(rival).Id;
        Task<bool> replaced = other.Feed.Transactions.WaitAsync(lost, _ => false, default);
        other.Worker.TryPost(1, new BodyArrived(built, 1));
        MakeFinal(other, built);
        Assert.True(await replaced.WaitAsync(Within.Patience));
        Assert.Equal(RejectionCode.NonceUsed, other.Feed.Dropped.Find(lost));
        Assert.Null(other.Feed.Dropped.Find(bench.Signing.Verified(draft).Id));

        Task<bool> expired = bench.Feed.Transactions.WaitAsync(late.Id, _ => false, default);
        MakeFinal(bench, built);
        Assert.Null(bench.Feed.Dropped.Find(late.Id));
        bench.Clock.Advance(ChainBench.HeartbeatMs + 1);
        MakeFinal(bench, bench.Build(2));
        Assert.True(await expired.WaitAsync(Within.Patience));
        Assert.Equal(RejectionCode.Expired, bench.Feed.Dropped.Find(late.Id));
    }

    private static Transaction Draft(ChainBench bench, ulong nonce, int citizen) => bench.Draft(
        TestNetwork.MinistryRegistrar, nonce,
        new RegisterAccount(TestNetwork.Named($"citizen {citizen}"), AccountKind.Citizen, default));

    private static void MakeFinal(ChainBench bench, Block block)
    {
        bench.Ask(new Finalize(bench.Finality(block.Header)));
        Assert.Equal(block.Hash, bench.Next<Synced>().Finalization.Subject.BlockHash);
    }
}
