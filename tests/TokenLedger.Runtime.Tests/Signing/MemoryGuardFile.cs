// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Tests.Signing;

/// <summary>A guard's file in memory, which outlives the guards that are opened on it.</summary>
internal sealed class MemoryGuardFile : IGuardFile
{
    private readonly Lock _gate = new();
    private byte[]? _content;

    /// <summary>How often it was written.</summary>
    public int Writes { get; private set; }

    /// <summary>Thrown by the next write, which then did not happen.</summary>
    public Exception? Fault { get; set; }

    public bool IsDamaged { get; set; }

    public static MemoryGuardFile Of(in Hash256 genesisHash, in Address key)
    {
        var file = new MemoryGuardFile();
        file.Put(GuardState.Initial(genesisHash, key).Encode());
        return file;
    }

    public byte[]? Read()
    {
        lock (_gate)
        {
            return _content;
        }
    }

    public void Replace(ReadOnlySpan<byte> content)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        Put(content.ToArray());
        Writes++;
    }

    /// <summary>What somebody else puts there; null takes the file away.</summary>
    public void Put(byte[]? content)
    {
        lock (_gate)
        {
            _content = content;
        }
    }

    public void Dispose()
    {
        // It is the test's.
    }
}
