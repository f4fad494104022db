// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Benchmarks;

/// <summary>Bytes to values and back.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly CanonicalWriter _writer = new(1024 * 1024);
    private Block? _block;
    private byte[] _header = [];
    private byte[] _bytes = [];
    private byte[] _body = [];

    /// <summary>Transactions in the block.</summary>
    [Params(1_000)]
    public int Transactions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var chain = new TransferChain(Transactions);
        VerifiedTransaction[] transfers = chain.Transfers(Transactions);
        Block genesis = chain.GenesisBlock.Block;
        _block = chain.Commit(
            chain.Execute(transfers), transfers, new Storage.ChainHead(genesis.Header, genesis.Hash),
            default).Block;
        _bytes = _block.Encode();
        _header = StateCodec.Encode(_block.Header, (w, header) => header.Write(w));
        _body = [.. transfers[0].Signed.Body];
    }

    [Benchmark]
    public int WriteHeader()
    {
        _writer.Clear();
        _block!.Header.Write(_writer);
        return _writer.Written.Length;
    }

    [Benchmark]
    public BlockHeader ReadHeader() => StateCodec.Decode(_header, BlockHeader.Read);

    [Benchmark]
    public Hash256 HashHeader() => (_block!.Header with { View = new View(9) }).Hash;

    [Benchmark]
    public int WriteBlock()
    {
        _writer.Clear();
        _block!.Write(_writer);
        return _writer.Written.Length;
    }

    [Benchmark]
    public Block ReadBlock() => Block.Decode(_bytes);

    [Benchmark]
    public bool CheckBlockBody() => _block!.BodyMatchesHeader();

    [Benchmark]
    public Rejection? DecodeTransactionBody() => TransactionMapper.TryDecode(_body, out _);
}
