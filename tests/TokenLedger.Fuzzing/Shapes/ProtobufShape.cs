// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;
using TokenLedger.Testing.Wire;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>
/// Protobuf: most changes are made in the tree of fields, whose lengths are then right again; the rest fall
/// on the bytes.
/// </summary>
internal sealed class ProtobufShape(MessageDescriptor descriptor) : Shape
{
    public override Sample Cut(byte[] bytes, Func<byte[], object?> decode)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        foreach (WireField field in WireMessage.Parse(descriptor, bytes).Fields)
        {
            int size = new WireMessage(descriptor) { Fields = { field } }.Encode().Length;
            parts.Add(new Part(parts.Count == 0 ? 0 : parts[^1].End, size));
        }

        return new Sample(bytes, parts.Count == 0 ? [new Part(0, bytes.Length)] : parts.ToImmutable());
    }

    public override byte[] Mutate(Sample sample, Sample other, DeterministicRandom random)
    {
        if (sample.Bytes.Length == 0 || random.Below(3) == 0)
        {
            return base.Mutate(sample, other, random);
        }

        var tree = WireMessage.Parse(descriptor, sample.Bytes);
        var generator = new CoreGenerator((int)(random.Next() >> 33));
        for (int changes = 1 + random.Below(2); changes > 0; changes--)
        {
            WireMutations.Apply(tree, generator);
            if (tree.Fields.Count == 0)
            {
                break;
            }
        }

        return tree.Encode();
    }
}
