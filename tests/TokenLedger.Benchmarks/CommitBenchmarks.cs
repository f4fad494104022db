// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Benchmarks;

/// <summary>One block's atomic, synced write: block, receipts, events, state, indexes.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks
{
    private TransferChain? _chain;
    private VerifiedTransaction[] _transfers = [];
    private ExecutedBlock? _executed;
    private DirectoryInfo? _folder;
    private LedgerStore? _store;

    /// <summary>Transfers in the block.</summary>
    [Params(1_000)]
    public int Transfers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _chain = new TransferChain(Transfers);
        _transfers = _chain.Transfers(Transfers);
        _executed = _chain.Execute(_transfers);
        _folder = Directory.CreateTempSubdirectory("tokenledger-bench-");
        _store = LedgerStore.Open(
            RocksKeyValueStore.Open(
                Path.Combine(_folder.FullName, "ledger"), LedgerFormat.Families, RocksOptions.Ledger),
            _chain.GenesisBlock);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store!.Dispose();
        _folder!.Delete(recursive: true);
    }

    /// <summary>The same changes on each next height: what is written is always as much.</summary>
    [Benchmark]
    public void Commit() => _store!.Commit(
        _chain!.Commit(_executed!, _transfers, _store.Head, _store.HistoryRange.Root()));
}
