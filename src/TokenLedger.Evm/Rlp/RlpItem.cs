// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>What RLP carries: bytes, or a list of such items. Immutable.</summary>
public abstract record RlpItem
{
    private protected RlpItem()
    {
    }

    /// <summary>Bytes as they are.</summary>
    public static RlpBytes Bytes(ReadOnlySpan<byte> bytes) => new([.. bytes]);

    /// <summary>An address's 20 bytes; none when there is none, as for the creation of a contract.</summary>
    public static RlpBytes Address(Address? address) => new(address is { } some ? [.. some.ToArray()] : []);

    /// <summary>A hash's 32 bytes.</summary>
    public static RlpBytes Hash(in Hash256 hash) => new([.. hash.ToArray()]);

    /// <summary>A number without leading zeros.</summary>
    public static RlpBytes Number(UInt256 number) => new([.. number.ToMinimalArray()]);

    /// <summary>A list.</summary>
    public static RlpList List(params ReadOnlySpan<RlpItem> items) => new([.. items]);

    /// <summary>The bytes of an item that is bytes.</summary>
    /// <exception cref="EvmFormatException">It is a list.</exception>
    public ImmutableArray<byte> AsBytes() => this is RlpBytes { Value: var bytes }
        ? bytes
        : throw new EvmFormatException("A list stands where bytes belong.");

    /// <summary>The items of a list.</summary>
    /// <exception cref="EvmFormatException">It is bytes, or has another number of items.</exception>
    public ImmutableArray<RlpItem> AsList(int? count = null) => this is RlpList { Items: var items }
        && (count is null || items.Length == count)
        ? items
        : throw new EvmFormatException("There is no list of the number of items that belongs here.");

    /// <summary>A number of at most 32 bytes, without leading zeros.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public UInt256 AsNumber() => AsBytes() is { Length: <= UInt256.Size } bytes
        && (bytes.IsEmpty || bytes[0] != 0)
        ? new UInt256(bytes.AsSpan())
        : throw new EvmFormatException("A number has more than 32 bytes or begins with a zero.");

    /// <summary>A number of at most 64 bits, without leading zeros.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public ulong AsUInt64() => AsNumber() is var number && number <= ulong.MaxValue
        ? (ulong)number
        : throw new EvmFormatException("A number has more than 64 bits.");

    /// <summary>A hash.</summary>
    /// <exception cref="EvmFormatException">There are not 32 bytes.</exception>
    public Hash256 AsHash() => AsBytes() is { Length: Hash256.Size } bytes
        ? new Hash256(bytes.AsSpan())
        : throw new EvmFormatException("A hash has 32 bytes.");

    /// <summary>An address; null for no bytes.</summary>
    /// <exception cref="EvmFormatException">They are neither none nor 20.</exception>
    public Address? AsAddress() => AsBytes() switch
    {
        { IsEmpty: true } => null,
        { Length: Core.Address.Size } bytes => new Address(bytes.AsSpan()),
        _ => throw new EvmFormatException("An address has 20 bytes."),
    };
}

/// <summary>Bytes.</summary>
/// <param name="Value">They, of any length.</param>
public sealed record RlpBytes(ImmutableArray<byte> Value) : RlpItem
{
    /// <summary>True for the same bytes.</summary>
    public bool Equals(RlpBytes? other) => other is not null
        && Value.AsSpan().SequenceEqual(other.Value.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Value.AsSpan());
        return hash.ToHashCode();
    }
}

/// <summary>A list.</summary>
/// <param name="Items">Its items, in order.</param>
public sealed record RlpList(ImmutableArray<RlpItem> Items) : RlpItem
{
    /// <summary>True for equal items in the same order.</summary>
    public bool Equals(RlpList? other) => other is not null
        && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (RlpItem item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
