// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>gRPC frames behind one byte: flag, length, payload, and the frame as a whole.</summary>
internal sealed class FrameShape : Shape
{
    public static FrameShape Instance { get; } = new();

    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        parts.Add(new Part(0, 1));
        for (int at = 1; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            parts.Add(new Part(at, 1));
            parts.Add(new Part(at + 1, 4));
            parts.Add(new Part(at + 5, length));
            parts.Add(new Part(at, 5 + length));
            at += 5 + length;
        }

        return new Sample(bytes, parts.ToImmutable());
    }
}
