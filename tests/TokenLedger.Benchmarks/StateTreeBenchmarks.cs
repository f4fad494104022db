// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Testing;

namespace TokenLedger.Benchmarks;

/// <summary>A block's changes in the tree over a state of two keys an account.</summary>
[MemoryDiagnoser]
public class StateTreeBenchmarks
{
    private TransferChain? _chain;
    private ExecutedBlock? _executed;
    private byte[] _key = [];

    /// <summary>Keys in the state, about.</summary>
    [Params(100_000)]
    public int Keys { get; set; }

    /// <summary>Transfers in the block: three changed keys each.</summary>
    [Params(1_000)]
    public int Transfers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _chain = new TransferChain(Keys / 2);
        _executed = _chain.Execute(_chain.Transfers(Transfers));
        _key = StateKeys.Supply(TestNetwork.Bond);
    }

    [Benchmark]
    public StateTree Update() => _chain!.Tree.Update(_executed!.Changes);

    [Benchmark]
    public StateProof Prove() => _chain!.Tree.Prove(_key);
}
