// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>
/// Recursive length prefix: items with their heads, their heads alone, and what they hold, lists within lists
/// too. What stands before the first item, as a transaction's type does, is one field.
/// </summary>
internal sealed class RlpShape(int prefix) : Shape
{
    private static readonly ImmutableArray<byte[]> Words =
    [
        [], [0x00], [0x7F], [0x80], [0x81, 0x00], [0x81, 0x7F], [0x81, 0x80], [0x82, 0x00, 0x01], [0xB7],
        [0xB8, 0x01, 0xFF], [0xB8, 0x37], [0xB8, 0x38], [0xB9, 0x00, 0x38], [0xBB, 0x7F, 0xFF, 0xFF, 0xFF],
        [0xBF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC0], [0xC1, 0x80], [0xC1, 0xC0], [0xF7],
        [0xF8, 0x00], [0xF8, 0x38], [0xFB, 0xFF, 0xFF, 0xFF, 0xFF], [.. Enumerable.Repeat((byte)0xC1, 40)],
        [0xA0, .. Enumerable.Repeat((byte)0xFF, 32)], [0xA1, .. Enumerable.Repeat((byte)0xFF, 33)],
    ];

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        parts.Add(new Part(0, prefix));
        Items(bytes, prefix, bytes.Length, parts);
        return new Sample(bytes, parts.ToImmutable());
    }

    protected override byte[]? Replacement(ReadOnlySpan<byte> field, DeterministicRandom random) =>
        random.Below(2) == 0 ? random.Pick(Words) : null;

    /// <summary>The bytes are a valid encoding: nothing is checked again.</summary>
    private static void Items(byte[] bytes, int from, int to, ImmutableArray<Part>.Builder parts)
    {
        while (from < to)
        {
            byte head = bytes[from];
            int kind = head < 0xC0 ? 0x80 : 0xC0;
            int start = from + (head < 0x80 ? 0 : 1);
            int length = head < 0x80 ? 1 : head - kind;
            if (length > 55)
            {
                int size = length - 55;
                length = bytes.AsSpan(start, size).ToArray().Aggregate(0, (sum, one) => (sum << 8) | one);
                start += size;
            }

            parts.Add(new Part(from, start + length - from));
            parts.Add(new Part(from, start - from));
            if (kind == 0xC0)
            {
                Items(bytes, start, start + length, parts);
            }

            from = start + length;
        }
    }
}
