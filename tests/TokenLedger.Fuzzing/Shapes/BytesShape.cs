// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>Bytes of a fixed layout: fields of one byte, of 32, and the whole.</summary>
internal sealed class BytesShape : Shape
{
    private const int Word = 32;

    public static BytesShape Instance { get; } = new();

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        parts.Add(new Part(0, Math.Min(1, bytes.Length)));
        parts.Add(new Part(bytes.Length - Math.Min(1, bytes.Length), Math.Min(1, bytes.Length)));
        for (int start = 0; start < bytes.Length; start += Word)
        {
            parts.Add(new Part(start, Math.Min(Word, bytes.Length - start)));
        }

        return new Sample(bytes, parts.ToImmutable());
    }
}
