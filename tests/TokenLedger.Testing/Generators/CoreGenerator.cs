// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Testing.Generators;

/// <summary>
/// Random values of Core's types from a seed: the same seed, the same values. Edges (zero, maximum, empty,
/// full) come more often than chance would bring them. Not thread-safe.
/// </summary>
public sealed partial class CoreGenerator
{
    private static readonly string[] Letters =
        [
            "a", "Z", "7", " ", "-", "\0", "\n", "é", "ß", "Ω", "س", "ک", "و", "ں", "中", "\uFEFF", "\u202E",
            "🌙", "🇵🇰",
        ];

    private readonly Random _random;

    public CoreGenerator(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
    }

    /// <summary>What a failing test prints.</summary>
    public int Seed { get; }

    /// <summary>0 to <paramref name="exclusiveMax"/> − 1.</summary>
    public int Below(int exclusiveMax) => _random.Next(exclusiveMax);

    public bool Coin() => _random.Next(2) == 0;

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    public ulong U64() => _random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => (ulong)_random.Next(256),
        _ => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8)),
    };

    public uint U32() => unchecked((uint)U64());

    public ushort U16() => unchecked((ushort)U64());

    public byte U8() => unchecked((byte)U64());

    public UInt128 U128() => new(U64(), U64());

    public Hash256 Hash() => _random.Next(16) == 0 ? Hash256.Zero : new Hash256(Bytes(Hash256.Size));

    public Address Address() => _random.Next(16) == 0 ? default : new Address(Bytes(Core.Address.Size));

    public Amount Amount() => new(U128());

    public TimestampMs Time() => new(U64());

    public AssetId Asset()
    {
        const string First = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        const string Last = First + "0123456789";
        const string Inner = Last + "-";
        int length = _random.Next(2, AssetId.Size + 1);
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            string from = i == 0 ? First : i == length - 1 ? Last : Inner;
            text.Append(from[_random.Next(from.Length)]);
        }

        return AssetId.TryParse(text.ToString(), out AssetId id)
            ? id
            : throw new InvalidOperationException($"'{text}' is no symbol.");
    }

    /// <summary>Text of at most <paramref name="maxBytes"/> of UTF-8: empty, full, or between.</summary>
    public string Text(int maxBytes)
    {
        int target = _random.Next(4) switch { 0 => 0, 1 => maxBytes, _ => _random.Next(maxBytes + 1) };
        var text = new StringBuilder();
        int bytes = 0;
        while (bytes < target)
        {
            string letter = Letters[_random.Next(Letters.Length)];
            int size = Encoding.UTF8.GetByteCount(letter);
            if (bytes + size > target)
            {
                letter = "x";
                size = 1;
            }

            text.Append(letter);
            bytes += size;
        }

        return text.ToString();
    }

    public T Enum<T>()
        where T : struct, Enum
    {
        T[] values = System.Enum.GetValues<T>();
        return values[_random.Next(values.Length)];
    }

    public ImmutableArray<T> List<T>(int maxCount, Func<T> item)
    {
        int count = _random.Next(maxCount + 1);
        var items = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count; i++)
        {
            items.Add(item());
        }

        return items.MoveToImmutable();
    }

    public T OneOf<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    public Duties Duties() => (Duties)_random.Next(8);

    public AccountState Account() =>
        new(Enum<AccountKind>(), Address(), Address(), Enum<FreezeMode>(), Text(Limits.ReferenceBytes),
            Coin());

    public RequestState Request() => new(Hash(), Time());

    public AssetState AssetState() => new(Definition(), Amount(), Coin(), U16());

    public InstitutionState Institution() =>
        new(Enum<InstitutionKind>(), Text(Limits.NameBytes), Text(Limits.NameBytes), U16());

    public OfficerState Officer() => new(Address(), Duties(), Text(Limits.NameBytes));

    public ApprovalPolicy Policy() => new(
        Enum<PrivilegedKind>(), U32(), U32(),
        List(Limits.TiersPerPolicy, () => new ApprovalTier(U128(), U8(), U8(), U32(), U64())));

    public ProposalState Proposal() => new(
        Address(), Address(), List(4, Privileged), Hash(), Text(Limits.ReferenceBytes), Time(), Time(),
        Enum<ProposalStatus>(), Time(), List(Limits.ApprovalsPerProposal, Address));

    /// <summary>
    /// A copy with one to four random changes: bytes flipped, replaced, removed, added, or the end cut.
    /// </summary>
    public byte[] Mutate(ReadOnlySpan<byte> bytes)
    {
        var list = new List<byte>(bytes.ToArray());
        for (int changes = 1 + _random.Next(4); changes > 0; changes--)
        {
            int at = _random.Next(list.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when at < list.Count:
                    list[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1 when at < list.Count:
                    list[at] = OneOf<byte>(0, 1, 0x7F, 0x80, 0xFF, (byte)_random.Next(256));
                    break;
                case 2 when at < list.Count:
                    list.RemoveAt(at);
                    break;
                case 3:
                    list.Insert(at, (byte)_random.Next(256));
                    break;
                case 4 when list.Count >= 4:
                    // A length or count of the extreme kind.
                    at = _random.Next(list.Count - 3);
                    list.RemoveRange(at, 4);
                    list.InsertRange(
                        at, OneOf<byte[]>([0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0]));
                    break;
                default:
                    list.RemoveRange(at, list.Count - at);
                    break;
            }
        }

        return [.. list];
    }
}
