// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Mesh.Blocks;

/// <summary>
/// Verified blocks up to a number of bytes; the ones that came first go first. Final blocks never change, so
/// nothing here grows old. Thread-safe.
/// </summary>
internal sealed class BlockCache(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, VerifiedBlock> _byHeight = [];
    private readonly Dictionary<Hash256, ulong> _byHash = [];
    private readonly Queue<(ulong Height, long Bytes)> _order = new();
    private long _bytes;

    /// <summary>Bytes of what is kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public VerifiedBlock? At(ulong height)
    {
        lock (_gate)
        {
            return _byHeight.GetValueOrDefault(height);
        }
    }

    public ulong? HeightOf(Hash256 hash)
    {
        lock (_gate)
        {
            return _byHash.TryGetValue(hash, out ulong height) ? height : null;
        }
    }

    /// <summary>Keeps a block, unless it alone is over the limit.</summary>
    public void Add(VerifiedBlock block, long bytes)
    {
        ulong height = block.Header.Height.Value;
        lock (_gate)
        {
            if (bytes > maxBytes || !_byHeight.TryAdd(height, block))
            {
                return;
            }

            _byHash.Add(block.Hash, height);
            _order.Enqueue((height, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes)
            {
                (ulong oldest, long freed) = _order.Dequeue();
                _byHeight.Remove(oldest, out VerifiedBlock? gone);
                _byHash.Remove(gone!.Hash);
                _bytes -= freed;
            }
        }
    }
}
