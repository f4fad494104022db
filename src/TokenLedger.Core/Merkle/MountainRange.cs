// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Merkle;

/// <summary>
/// A Merkle mountain range over header hashes: append costs O(log n), and any old header can be tied to the
/// newest root by one path. Immutable; <see cref="Append"/> gives the next.
/// </summary>
public sealed class MountainRange
{
    /// <summary>The range over nothing.</summary>
    public static readonly MountainRange Empty = new(0, []);

    private readonly ImmutableArray<Hash256> _peaks;

    private MountainRange(ulong count, ImmutableArray<Hash256> peaks)
    {
        Count = count;
        _peaks = peaks;
    }

    /// <summary>How many leaves were appended.</summary>
    public ulong Count { get; }

    /// <summary>
    /// Tops of the perfect trees, widest first: one for each set bit of <see cref="Count"/>.
    /// </summary>
    public ImmutableArray<Hash256> Peaks => _peaks;

    /// <summary>The range with one leaf more.</summary>
    public MountainRange Append(in Hash256 headerHash)
    {
        Hash256 peak = LeafOf(headerHash);
        var peaks = _peaks.ToBuilder();
        for (ulong carry = Count; (carry & 1) != 0; carry >>= 1)
        {
            peak = Hashing.Hash(DomainTag.HistoryNode, peaks[^1], peak);
            peaks.RemoveAt(peaks.Count - 1);
        }

        peaks.Add(peak);
        return new MountainRange(Count + 1, peaks.ToImmutable());
    }

    /// <summary>Hash of the count and all peaks.</summary>
    public Hash256 Root()
    {
        var writer = new CanonicalWriter(8 + (_peaks.Length * Hash256.Size));
        Write(writer);
        return Hashing.Hash(DomainTag.HistoryRoot, writer.Written);
    }

    /// <summary>Writes count and peaks.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.U64(Count);
        foreach (Hash256 peak in _peaks)
        {
            writer.Hash(peak);
        }
    }

    /// <summary>Reads count and peaks.</summary>
    public static MountainRange Read(ref CanonicalReader reader)
    {
        ulong count = reader.U64();
        var peaks = ImmutableArray.CreateBuilder<Hash256>();
        for (int i = 0; i < System.Numerics.BitOperations.PopCount(count); i++)
        {
            peaks.Add(reader.Hash());
        }

        return new MountainRange(count, peaks.ToImmutable());
    }

    /// <summary>The leaf of a header's hash.</summary>
    public static Hash256 LeafOf(in Hash256 headerHash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        headerHash.CopyTo(bytes);
        return Hashing.Hash(DomainTag.HistoryLeaf, bytes);
    }
}
