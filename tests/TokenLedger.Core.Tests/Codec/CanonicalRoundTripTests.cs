// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.Codec;

/// <summary>What must hold for every canonical type, with random values.</summary>
public sealed class CanonicalRoundTripTests
{
    private const int Rounds = 300;

    public static TheoryData<CanonicalType> Types => [.. CanonicalTypes.All];

    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_Encoded_EncodesToTheSameBytes(CanonicalType type)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            byte[] bytes = type.Sample(new CoreGenerator(seed));
            Assert.True(bytes.AsSpan().SequenceEqual(type.Recode(bytes)), $"{type}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_TrailingByte_IsRefused(CanonicalType type)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            var generator = new CoreGenerator(seed);
            byte[] bytes = [.. type.Sample(generator), generator.U8()];
            Assert.False(Accepts(type, bytes, seed), $"{type}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_EveryPrefix_IsRefused(CanonicalType type)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] bytes = type.Sample(new CoreGenerator(seed));
            int step = 1 + (bytes.Length / 500);
            for (int length = 0; length < bytes.Length; length += step)
            {
                Assert.False(Accepts(type, bytes[..length], seed), $"{type}, seed {seed}, {length} bytes");
            }
        }
    }

    /// <summary>
    /// Whatever is accepted is the one encoding of what it means; whatever is not gives one exception.
    /// </summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_Mutated_IsRefusedOrTheOneEncoding(CanonicalType type)
    {
        int refused = 0;
        for (int seed = 0; seed < 5 * Rounds; seed++)
        {
            var generator = new CoreGenerator(seed);
            byte[] mutated = generator.Mutate(type.Sample(generator));
            refused += Accepts(type, mutated, seed) ? 0 : 1;
        }

        Assert.True(refused > 0, $"{type} accepts everything");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_RandomBytes_IsRefusedOrTheOneEncoding(CanonicalType type)
    {
        for (int seed = 0; seed < 5 * Rounds; seed++)
        {
            var generator = new CoreGenerator(seed);
            _ = Accepts(type, generator.Bytes(generator.Below(400)), seed);
        }
    }

    private static bool Accepts(CanonicalType type, byte[] bytes, int seed)
    {
        byte[] again;
        try
        {
            again = type.Recode(bytes);
        }
        catch (CanonicalFormatException)
        {
            return false;
        }
        catch (Exception other)
        {
            throw new InvalidOperationException(
                $"{type}, seed {seed}: {other.GetType().Name} for {Convert.ToHexString(bytes)}", other);
        }

        Assert.True(
            bytes.AsSpan().SequenceEqual(again), $"{type}, seed {seed}: {Convert.ToHexString(bytes)}");
        return true;
    }
}
