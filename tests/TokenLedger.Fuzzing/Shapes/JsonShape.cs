// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>
/// JSON: the fields are values, names, and members as a whole, so that repeating one repeats a key.
/// </summary>
internal sealed class JsonShape : Shape
{
    private static readonly ImmutableArray<byte[]> Words =
    [
        .. new[]
        {
            "null", "true", "false", "0", "1", "-1", "-0", "1.0", "1e2", "1e999", "007",
            "18446744073709551615",
            "18446744073709551616", "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
            "\"\\udc00x\"", "\"a\\u0000b\"", "\"\uFEFF\"", "\"../../x\"", "\"0x\"", "[]", "{}", "[[]]",
            "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", "/* */1", "NaN",
            new string('[', 40) + new string(']', 40), "\"" + new string('9', 400) + "\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static JsonShape Instance { get; } = new();

    protected override ReadOnlySpan<byte> Separator => ","u8;

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var open = new Stack<int>();
        int name = -1;
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            int end = (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = start;

                    // BytesConsumed is behind the colon.
                    parts.Add(new Part(start, reader.ValueSpan.Length + 2));
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(name);
                    open.Push(start);
                    name = -1;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    Add(parts, open.Pop(), open.Pop(), end);
                    break;
                default:
                    Add(parts, start, name, end);
                    name = -1;
                    break;
            }
        }

        return new Sample(bytes, parts.ToImmutable());
    }

    protected override byte[]? Replacement(ReadOnlySpan<byte> field, DeterministicRandom random)
    {
        if (random.Below(4) > 0 || field.Length < 3)
        {
            return random.Pick(Words);
        }

        // A letter or digit for another keeps text a text and a number a number.
        byte[] bytes = field.ToArray();
        bytes[1 + random.Below(field.Length - 2)] = (byte)"0123456789abcdefXYZ-_.:/"[random.Below(24)];
        return bytes;
    }

    private static void Add(ImmutableArray<Part>.Builder parts, int start, int name, int end)
    {
        parts.Add(new Part(start, end - start));
        if (name >= 0)
        {
            parts.Add(new Part(name, end - name));
        }
    }
}
