// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;

namespace TokenLedger.Benchmarks;

/// <summary>The pool between admission and the leader.</summary>
[MemoryDiagnoser]
public class PoolBenchmarks
{
    private TransferChain? _chain;
    private VerifiedTransaction[] _transfers = [];
    private TransactionPool _full = new();

    /// <summary>Transactions in the pool, each of a sender of its own.</summary>
    [Params(5_000)]
    public int Transactions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _chain = new TransferChain(Transactions);
        _transfers = _chain.Transfers(Transactions);
        _full = AddAll();
    }

    [Benchmark]
    public TransactionPool AddAll()
    {
        var pool = new TransactionPool();
        foreach (VerifiedTransaction transfer in _transfers)
        {
            pool.Add(transfer, _chain!.State, _chain.Context.Time);
        }

        return pool;
    }

    [Benchmark]
    public IReadOnlyList<VerifiedTransaction> SelectBlock() =>
        _full.Select(_chain!.State, _chain.Context.Time, BlockBudget.Full);
}
