// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>
/// Base64url: groups of four letters, and the last letter, whose unused bits are where a second spelling
/// hides, as it does behind padding and white space.
/// </summary>
internal sealed class TokenShape : Shape
{
    private static readonly ImmutableArray<byte[]> Words =
        [.. new[] { "", "=", "==", " ", "\n", "+", "/", "A", "AAAA", "____" }.Select(Encoding.UTF8.GetBytes)];

    public static TokenShape Instance { get; } = new();

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        for (int start = 0; start < bytes.Length; start += 4)
        {
            parts.Add(new Part(start, Math.Min(4, bytes.Length - start)));
        }

        parts.Add(new Part(bytes.Length - 1, 1));
        parts.Add(new Part(bytes.Length, 0));
        return new Sample(bytes, parts.ToImmutable());
    }

    protected override byte[]? Replacement(ReadOnlySpan<byte> field, DeterministicRandom random)
    {
        if (field.IsEmpty || random.Below(3) == 0)
        {
            return random.Pick(Words);
        }

        byte[] bytes = field.ToArray();
        bytes[random.Below(bytes.Length)] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8[random.Below(64)];
        return bytes;
    }
}
