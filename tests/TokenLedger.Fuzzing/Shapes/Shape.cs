// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>One field of a sample.</summary>
internal readonly record struct Part(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> Of(byte[] bytes) => bytes.AsSpan(Start, Length);
}

/// <summary>A valid input and its fields, in order; they may contain one another.</summary>
internal sealed record Sample(byte[] Bytes, ImmutableArray<Part> Parts);

/// <summary>How inputs of one kind are taken apart and changed.</summary>
internal abstract class Shape
{
    private const int Rounds = 3;

    /// <summary>A sample of a valid input.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="decode">Its parser.</param>
    public abstract Sample Cut(byte[] bytes, Func<byte[], object?> decode);

    /// <summary>A copy of a sample with one to three changes; the other sample lends parts.</summary>
    public virtual byte[] Mutate(Sample sample, Sample other, DeterministicRandom random)
    {
        byte[] bytes = Change(sample.Bytes, sample, other, random);
        for (int more = random.Below(Rounds); more > 0 && bytes.Length > 0; more--)
        {
            // Later changes fall on fields that earlier ones may have moved: that is meant.
            bytes = Change(bytes, sample, other, random);
        }

        return bytes;
    }

    /// <summary>What a field is replaced by; null for the general replacements.</summary>
    protected virtual byte[]? Replacement(ReadOnlySpan<byte> field, DeterministicRandom random) => null;

    /// <summary>Stands between two copies of a field.</summary>
    protected virtual ReadOnlySpan<byte> Separator => default;

    private byte[] Change(byte[] bytes, Sample sample, Sample other, DeterministicRandom random)
    {
        if (bytes.Length == 0)
        {
            return Bytes(random, 1 + random.Below(8));
        }

        Part part = PartWithin(bytes, sample, random);
        switch (random.Below(16))
        {
            case 0:
                return [.. bytes[..random.Below(bytes.Length + 1)]];
            case 1:
                return [.. bytes, .. Bytes(random, 1 + random.Below(4))];
            case 2:
                return Replace(bytes, part, [.. part.Of(bytes), .. Separator, .. part.Of(bytes)]);
            case 3:
                return Replace(bytes, part, []);
            case 4:
                return Swap(bytes, part, PartWithin(bytes, sample, random));
            case 5:
                // Two valid inputs, joined at the same field.
                int at = random.Below(Math.Min(sample.Parts.Length, other.Parts.Length));
                Part cut = sample.Parts[at];
                return [.. sample.Bytes[..cut.Start], .. other.Bytes[other.Parts[at].Start..]];
            case 6 or 7 or 8:
                return Replace(bytes, part, Lent(part, other, random));
            case 9 or 10:
                byte[] flipped = [.. bytes];
                int place = part.Length == 0
                    ? random.Below(bytes.Length)
                    : part.Start + random.Below(part.Length);
                flipped[place] ^= (byte)(1 << random.Below(8));
                return flipped;
            default:
                return Replace(
                    bytes, part, Replacement(part.Of(bytes), random) ?? Integers.Like(part.Length, random));
        }
    }

    private static Part PartWithin(byte[] bytes, Sample sample, DeterministicRandom random)
    {
        Part part = sample.Parts[random.Below(sample.Parts.Length)];
        int start = Math.Min(part.Start, bytes.Length);
        return new Part(start, Math.Min(part.Length, bytes.Length - start));
    }

    /// <summary>A field of another input, of the same length if there is one.</summary>
    private static byte[] Lent(Part part, Sample other, DeterministicRandom random)
    {
        int at = random.Below(other.Parts.Length);
        for (int i = 0; i < other.Parts.Length; i++)
        {
            Part candidate = other.Parts[(at + i) % other.Parts.Length];
            if (candidate.Length == part.Length)
            {
                return [.. candidate.Of(other.Bytes)];
            }
        }

        return [.. other.Parts[at].Of(other.Bytes)];
    }

    private static byte[] Replace(byte[] bytes, Part part, byte[] by) =>
        [.. bytes[..part.Start], .. by, .. bytes[part.End..]];

    private static byte[] Swap(byte[] bytes, Part a, Part b)
    {
        (Part first, Part second) = a.Start <= b.Start ? (a, b) : (b, a);
        return first.End > second.Start
            ? Replace(bytes, first, [])
            : [
                .. bytes[..first.Start], .. second.Of(bytes), .. bytes[first.End..second.Start],
                .. first.Of(bytes), .. bytes[second.End..],
            ];
    }

    protected static byte[] Bytes(DeterministicRandom random, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.Below(256);
        }

        return bytes;
    }
}
