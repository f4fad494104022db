// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TokenLedger.Simulation;

/// <summary>
/// All that happened, as one digest, and the last of it in words. Two runs of a seed have the same digest, or
/// something in them does not depend on the seed alone.
/// </summary>
internal sealed class Trace : IDisposable
{
    private const int Kept = 60;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Entry> _last = new();
    private readonly byte[] _bytes = new byte[32];

    private readonly record struct Entry(ulong At, TraceKind Kind, int Node, ulong A, ulong B);

    public void Add(ulong at, TraceKind kind, int node, ulong a = 0, ulong b = 0)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes, at);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(8), (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(12), node);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(16), a);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(24), b);
        _hash.AppendData(_bytes);
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue(new Entry(at, kind, node, a, b));
    }

    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash())[..32];

    public IReadOnlyList<string> Last() =>
        [.. _last.Select(e => $"{e.At,8} ms  node {e.Node}  {e.Kind} {e.A} {e.B:x}")];

    public void Dispose() => _hash.Dispose();
}

/// <summary>What a line of the trace is about; the two numbers that follow depend on it.</summary>
internal enum TraceKind
{
    Vote = 1,
    Send = 2,
    Deliver = 3,
    Drop = 4,
    Final = 5,
    Start = 6,
    Stop = 7,
    Crash = 8,
    FaultBegins = 9,
    FaultEnds = 10,
    Submit = 11,
    Answer = 12,
    Phase = 13,

    /// <summary>A block of the ledger beneath the bridge: how much happened, and its digest.</summary>
    LedgerBlock = 14,

    /// <summary>A block abroad: its number and digest.</summary>
    RemoteBlock = 15,

    /// <summary>A bridge looked: how far abroad it came, and its ledger.</summary>
    Look = 16,
    Sign = 17,
    Reorganised = 18,
}
