// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

public sealed class TransactionWaitersTests
{
    private static readonly Hash256 One = Hashing.Hash(DomainTag.Transaction, [1]);
    private static readonly Hash256 Two = Hashing.Hash(DomainTag.Transaction, [2]);

    private readonly TransactionWaiters _waiters = new(3);

    [Fact]
    public async Task Wake_SomeTransactions_WakesTheirWaitersOnly()
    {
        Task<bool> first = _waiters.WaitAsync(One, _ => false, default);
        Task<bool> second = _waiters.WaitAsync(One, _ => false, default);
        using var ends = new CancellationTokenSource();
        Task<bool> other = _waiters.WaitAsync(Two, _ => false, ends.Token);
        _waiters.Wake([Hash256.Zero, One]);
        Assert.True(await first.WaitAsync(Within.Patience));
        Assert.True(await second.WaitAsync(Within.Patience));
        Assert.False(other.IsCompleted);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.WaitAsync(Within.Patience));
        Assert.Equal(0, _waiters.Count);
    }

    [Fact]
    public async Task WaitAsync_FinalAlready_ReturnsAtOnce()
    {
        Assert.True(await _waiters.WaitAsync(One, id => id == One, default));
        Assert.Equal(0, _waiters.Count);
    }

    /// <summary>A block that is committed while a waiter looks must not be missed.</summary>
    [Fact]
    public async Task WaitAsync_CommittedWhileLooking_IsWoken()
    {
        Task<bool> waiting = _waiters.WaitAsync(
            One,
            id =>
            {
                _waiters.Wake([id]);
                return false;
            },
            default);
        Assert.True(await waiting.WaitAsync(Within.Patience));
    }

    [Fact]
    public async Task WaitAsync_OverItsBound_IsRefusedUntilOneHasLeft()
    {
        Task<bool>[] waiting =
            [.. Enumerable.Range(0, 3).Select(_ => _waiters.WaitAsync(One, _ => false, default))];
        Assert.False(await _waiters.WaitAsync(Two, _ => true, default));
        _waiters.Wake([One]);
        await Task.WhenAll(waiting).WaitAsync(Within.Patience);
        Assert.True(await _waiters.WaitAsync(Two, _ => true, default));
    }

    [Fact]
    public async Task WaitAsync_TwoThousandOverManyBlocks_LookOnceEachAndAllAreWoken()
    {
        const int Waiters = 2_000;
        using var bench = new ChainBench();
        Transaction transaction = bench.Draft(
            TestNetwork.MinistryRegistrar, 0,
            new RegisterAccount(TestNetwork.Named("citizen"), AccountKind.Citizen, default));
        Hash256 id = bench.Signing.Sign(transaction).IdOn(bench.Ledger.GenesisHash);
        int looks = 0;
        Task<bool>[] waiting = [.. Enumerable.Range(0, Waiters).Select(_ => bench.Feed.Transactions.WaitAsync(
            id,
            asked =>
            {
                Interlocked.Increment(ref looks);
                return bench.Ledger.FindTransaction(asked) is not null;
            },
            Within.Deadline()))];
        for (ulong view = 1; view <= 10; view++)
        {
            Commit(bench, view);
        }

        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        Assert.Null(bench.Add(transaction));
        Commit(bench, 11);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Within.Patience), Assert.True);
        Assert.NotNull(bench.Ledger.FindTransaction(id));
        Assert.Equal(Waiters, looks);
    }

    private static void Commit(ChainBench bench, ulong view)
    {
        bench.Clock.Advance(ChainBench.HeartbeatMs);
        Block block = bench.Build(view);
        bench.Ask(new Finalize(bench.Finality(block.Header)));
        bench.Next<Synced>();
    }
}
