// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

/// <summary>Random values of all kinds, from a seed.</summary>
internal sealed class Gen(int seed)
{
    private readonly Random _random = new(seed);

    public int Int(int min, int below) => _random.Next(min, below);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Lengths around those at which formats change.</summary>
    public byte[] Blob() => Int(0, 8) switch
    {
        0 => [],
        1 => [(byte)Int(0, 256)],
        2 => Bytes(Int(54, 58)),
        3 => Bytes(Int(31, 34)),
        4 => Bytes(Int(254, 258)),
        _ => Bytes(Int(0, 40)),
    };

    public Address Address() => Chance(5) ? default : new Address(Bytes(20));

    public Hash256 Hash() => Chance(5) ? default : new Hash256(Bytes(32));

    public UInt256 Unsigned(int bits)
    {
        byte[] bytes = Bytes(bits / 8);
        return Int(0, 6) switch
        {
            0 => UInt256.Zero,
            1 => new UInt256(Enumerable.Repeat((byte)0xFF, bits / 8).ToArray()),
            2 => (ulong)bytes[0] >> 1,
            3 => new UInt256(bytes.AsSpan(0, Int(1, bytes.Length + 1))),
            _ => new UInt256(bytes),
        };
    }

    public BigInteger Signed(int bits)
    {
        BigInteger half = BigInteger.One << (bits - 1);
        return Int(0, 6) switch
        {
            0 => BigInteger.Zero,
            1 => -half,
            2 => half - 1,
            3 => BigInteger.MinusOne,
            _ => (BigInteger)Unsigned(bits) - half,
        };
    }

    public string Text()
    {
        var text = new StringBuilder();
        for (int i = Int(0, 40); i > 0; i--)
        {
            text.Append(Int(0, 8) switch
            {
                0 => "é",
                1 => "نص",
                2 => "😀",
                3 => "\"\\",
                4 => "漢",
                _ => ((char)Int(32, 127)).ToString(),
            });
        }

        return text.ToString();
    }

    public AbiType WordType() => Int(0, 5) switch
    {
        0 => new AbiInteger(8 * Int(1, 33)),
        1 => new AbiInteger(8 * Int(1, 33), Signed: true),
        2 => new AbiBoolean(),
        3 => new AbiAddress(),
        _ => new AbiFixedBytes(Int(1, 33)),
    };

    public AbiType Type(int depth) => Int(0, depth > 0 ? 9 : 5) switch
    {
        0 => new AbiBytes(),
        1 => new AbiText(),
        5 or 6 => new AbiArray(Type(depth - 1), Chance(40) ? Int(1, 4) : null),
        7 or 8 => Tuple(depth - 1, 1),
        _ => WordType(),
    };

    public AbiTuple Tuple(int depth, int min) =>
        new([.. Enumerable.Range(0, Int(min, 5)).Select(_ => Type(depth))]);

    public object Value(AbiType type) => type switch
    {
        AbiInteger { Signed: false } integer => Unsigned(integer.Bits),
        AbiInteger integer => Signed(integer.Bits),
        AbiBoolean => Chance(50),
        AbiAddress => Address(),
        AbiFixedBytes { Length: var length } => Bytes(length),
        AbiBytes => Blob(),
        AbiText => Text(),
        AbiArray array => Values(Enumerable.Repeat(array.Element, array.Length ?? Int(0, 4))),
        AbiTuple tuple => Values(tuple.Members),
        _ => throw new ArgumentException($"There is no {type}."),
    };

    public object[] Values(IEnumerable<AbiType> types) => [.. types.Select(Value)];

    public RlpItem Rlp(int depth) => depth == 0 || Chance(60)
        ? new RlpBytes([.. Blob()])
        : new RlpList([.. Enumerable.Range(0, Int(0, 6)).Select(_ => Rlp(depth - 1))]);

    public Eip1559Transaction Transaction() => new()
    {
        ChainId = Chance(50) ? 31337 : (ulong)Int(1, int.MaxValue),
        Nonce = (ulong)Int(0, 300),
        MaxPriorityFeePerGas = Unsigned(64),
        MaxFeePerGas = (UInt256)((BigInteger)Unsigned(64) + ulong.MaxValue),
        GasLimit = (ulong)Int(0, int.MaxValue),
        To = Chance(10) ? null : new Address(Bytes(20)),
        Value = Unsigned(128),
        Data = [.. Blob()],
        AccessList = Chance(50)
            ? []
            : [.. Enumerable.Range(0, Int(0, 4)).Select(_ => new AccessListEntry(
                new Address(Bytes(20)), [.. Enumerable.Range(0, Int(0, 4)).Select(_ => Hash())]))],
    };

    public byte[] Secret() => [(byte)Int(0, 255), .. Bytes(30), (byte)Int(1, 256)];

    public PrivateKey Key() => PrivateKey.Import(Secret());

    /// <summary>Flips, cuts, adds, or moves some bytes.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int i = Int(1, 4); i > 0; i--)
        {
            int at = mutated.Count == 0 ? 0 : Int(0, mutated.Count);
            switch (Int(0, mutated.Count == 0 ? 1 : 7))
            {
                case 0:
                    mutated.Insert(at, (byte)Int(0, 256));
                    break;
                case 1:
                    mutated.RemoveAt(at);
                    break;
                case 2:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
                case 3:
                    mutated.AddRange(Bytes(Int(1, 64)));
                    break;
                case 4:
                    mutated[at] = Chance(50) ? (byte)0xFF : (byte)0;
                    break;
                default:
                    mutated[at] ^= (byte)(1 << Int(0, 8));
                    break;
            }
        }

        return [.. mutated];
    }

    public static ImmutableArray<T> Many<T>(int count, Func<T> make) =>
        [.. Enumerable.Range(0, count).Select(_ => make())];
}
