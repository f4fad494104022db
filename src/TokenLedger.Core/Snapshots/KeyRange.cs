// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Snapshots;

/// <summary>
/// All key hashes that begin with the same bits: the part of the state tree below one place. Ranges that
/// follow each other from <see cref="Hash256.Zero"/> to the end cover every key exactly once.
/// </summary>
/// <param name="Start">The first key hash; its bits from <paramref name="Depth"/> on are zero.</param>
/// <param name="Depth">How many leading bits all have in common, 0 to 256.</param>
public readonly record struct KeyRange(Hash256 Start, int Depth)
{
    /// <summary>The whole state.</summary>
    public static KeyRange All => default;

    /// <summary>True when the start is the first hash of a range of this depth.</summary>
    public bool IsAligned
    {
        get
        {
            for (int bit = Math.Max(Depth, 0); bit < Limits.StateTreeDepth; bit++)
            {
                if (Start.Bit(bit))
                {
                    return false;
                }
            }

            return Depth is >= 0 and <= Limits.StateTreeDepth;
        }
    }

    /// <summary>The first key hash behind the range; null when it reaches the end.</summary>
    public Hash256? Next
    {
        get
        {
            byte[] bytes = Start.ToArray();
            for (int bit = Depth - 1; bit >= 0; bit--)
            {
                int mask = 0x80 >> (bit & 7);
                bytes[bit >> 3] ^= (byte)mask;
                if ((bytes[bit >> 3] & mask) != 0)
                {
                    return new Hash256(bytes);
                }
            }

            return null;
        }
    }

    /// <summary>True when a key hash lies in the range.</summary>
    public bool Contains(in Hash256 keyHash) => Start.CommonPrefixBits(keyHash) >= Depth;

    /// <summary>The half whose next bit is 0, or the one whose next bit is 1.</summary>
    public KeyRange Child(bool right)
    {
        if (!right)
        {
            return new KeyRange(Start, Depth + 1);
        }

        byte[] bytes = Start.ToArray();
        bytes[Depth >> 3] |= (byte)(0x80 >> (Depth & 7));
        return new KeyRange(new Hash256(bytes), Depth + 1);
    }
}
