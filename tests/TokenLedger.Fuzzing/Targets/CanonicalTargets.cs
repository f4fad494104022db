// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>The canonical codec: what validators hash, sign, send and keep.</summary>
internal static class CanonicalTargets
{
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        .. CanonicalTypes.All.Select(
            type => Of(type.Name, type.Reader, type.Sample, type.Decode, type.Encode)),
    ];

    public static FuzzTarget Of(
        string name, string covers, Func<CoreGenerator, byte[]> sample, Func<byte[], object?> decode,
        Func<object, byte[]> encode) => new()
        {
            Name = name,
            Shape = CanonicalShape.Instance,
            Sample = sample,
            Decode = decode,
            Encode = encode,
            Declared = [typeof(CanonicalFormatException)],
            Covers = [covers],
        };
}
