// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>Short texts: the fields are runs of digits, of letters, and what stands between.</summary>
internal sealed class TextShape : Shape
{
    private static readonly ImmutableArray<byte[]> Words =
    [
        .. new[]
        {
            "", "0", "00", "1", "-1", "+1", ".", ",", "-", "=", "==", "%", "%00", "%zz", "\0", " ", "\t",
            "\n", "é", "\uFEFF", "\u202E", "\u0661", "１", "🌙", "0x", "0X", "A", "a", "ms", "S", "m",
            "18446744073709551616",
            "340282366920938463463374607431768211455", "340282366920938463463374607431768211456",
            new string('9', 60), new string('A', 300),
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static TextShape Instance { get; } = new();

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        int start = 0;
        for (int i = 1; i <= bytes.Length; i++)
        {
            if (i == bytes.Length || Kind(bytes[i]) != Kind(bytes[i - 1]))
            {
                parts.Add(new Part(start, i - start));
                start = i;
            }
        }

        return new Sample(bytes, parts.Count == 0 ? [new Part(0, 0)] : parts.ToImmutable());
    }

    protected override byte[]? Replacement(ReadOnlySpan<byte> field, DeterministicRandom random)
    {
        if (field.IsEmpty || random.Below(3) == 0)
        {
            return random.Pick(Words);
        }

        // One letter for another of its kind.
        byte[] bytes = field.ToArray();
        int at = random.Below(bytes.Length);
        bytes[at] = Kind(bytes[at]) switch
        {
            0 => (byte)('0' + random.Below(10)),
            1 => (byte)((random.Below(2) == 0 ? 'a' : 'A') + random.Below(26)),
            _ => (byte)(' ' + random.Below(95)),
        };
        return bytes;
    }

    private static int Kind(byte letter) => char.IsAsciiDigit((char)letter) ? 0
        : char.IsAsciiLetter((char)letter) ? 1
        : 2;
}
