// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Benchmarks;

/// <summary>What bounds throughput: one signature of one transfer.</summary>
[MemoryDiagnoser]
public class VerifyBenchmarks
{
    private readonly Secp256k1Scheme _scheme = new();
    private TransactionDigest? _digest;
    private byte[] _body = [];
    private byte[] _signature = [];
    private Hash256 _digestOfBody;

    [GlobalSetup]
    public void Setup()
    {
        var chain = new TransferChain(2);
        _digest = new TransactionDigest(chain.Genesis.ChainId, chain.Genesis.Hash);
        _body = [.. chain.Transfers(1)[0].Signed.Body];
        _digestOfBody = _digest.Of(_body);
        using PrivateKey key = PrivateKey.Import(Enumerable.Repeat((byte)7, PrivateKey.Size).ToArray());
        _signature = key.Sign(_digestOfBody);
    }

    [Benchmark]
    public Hash256 Digest() => _digest!.Of(_body);

    [Benchmark]
    public bool Recover() => _scheme.TryRecover(_digestOfBody, _signature, out _);

    [Benchmark(Baseline = true)]
    public bool DigestAndRecover() => _scheme.TryRecover(_digest!.Of(_body), _signature, out _);
}
