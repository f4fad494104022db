// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;

namespace TokenLedger.Benchmarks;

/// <summary>A block through the ledger machine, and the checks of its invariants.</summary>
[MemoryDiagnoser]
public class ExecuteBenchmarks
{
    private TransferChain? _chain;
    private VerifiedTransaction[] _transfers = [];
    private ExecutedBlock? _executed;

    /// <summary>Transfers in the block, each by a sender of its own.</summary>
    [Params(1_000)]
    public int Transfers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _chain = new TransferChain(Transfers);
        _transfers = _chain.Transfers(Transfers);
        _executed = _chain.Execute(_transfers);
    }

    [Benchmark]
    public BlockResult Execute() => _chain!.Machine.Execute(_chain.State, _chain.Context, _transfers);

    [Benchmark]
    public AssembledBlock Assemble() =>
        _chain!.Machine.Assemble(_chain.State, _chain.Context, _transfers, BlockBudget.Full);

    [Benchmark]
    public IReadOnlyList<string> CheckInvariants() =>
        InvariantChecker.CheckBlock(_chain!.State, _executed!, _transfers);
}
