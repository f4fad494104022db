// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace TokenLedger.Evm;

/// <summary>
/// A type of Solidity's ABI, e.g. <c>(uint64,address,uint128)[]</c>. Immutable.
/// </summary>
/// <remarks>
/// Source: Solidity's contract ABI specification. Fixed-point numbers and functions are left out.
/// Constructors throw
/// <see cref="ArgumentException"/> for a type that Solidity has not, or that passes <see cref="EvmLimits"/>.
/// </remarks>
public abstract record AbiType
{
    private protected AbiType()
    {
    }

    /// <summary>True when a value's place holds where it stands instead of itself.</summary>
    public virtual bool IsDynamic => false;

    /// <summary>Bytes that a value takes in its place: 32 of a dynamic one.</summary>
    internal virtual int HeadBytes => UInt256.Size;

    /// <summary>True for what takes one word and holds nothing else.</summary>
    internal bool IsWord => this is AbiInteger or AbiBoolean or AbiAddress or AbiFixedBytes;

    /// <summary>Types within this one, it included, on the longest way down.</summary>
    internal virtual int Depth => 1;

    /// <summary>A tuple of these.</summary>
    public static AbiTuple Tuple(params ReadOnlySpan<AbiType> members) => new([.. members]);

    /// <summary>
    /// Reads a canonical type name: no spaces, no names, no <c>uint</c> for <c>uint256</c>.
    /// </summary>
    /// <exception cref="EvmFormatException">It is none, or one that is not known here.</exception>
    public static AbiType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AbiTypeParser(text).Whole();
    }

    private protected static int Bounded(long headBytes) => headBytes <= EvmLimits.AbiBytes
        ? (int)headBytes
        : throw new ArgumentException($"A value of this type takes more than {EvmLimits.AbiBytes} bytes.");

    private protected static int Deeper(int depth) => depth < EvmLimits.AbiDepth
        ? depth + 1
        : throw new ArgumentException($"Types are nested more than {EvmLimits.AbiDepth} deep.");
}

/// <summary><c>uintN</c> or <c>intN</c>.</summary>
/// <param name="Bits">8 to 256, a multiple of 8.</param>
/// <param name="Signed">True for <c>intN</c>.</param>
public sealed record AbiInteger(int Bits, bool Signed = false) : AbiType
{
    /// <summary>8 to 256, a multiple of 8.</summary>
    public int Bits { get; } = Bits is >= 8 and <= 256 && Bits % 8 == 0
        ? Bits
        : throw new ArgumentException("An integer has 8 to 256 bits, in whole bytes.", nameof(Bits));

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Signed ? "int" : "uint")}{Bits}");
}

/// <summary><c>bool</c>.</summary>
public sealed record AbiBoolean : AbiType
{
    /// <inheritdoc/>
    public override string ToString() => "bool";
}

/// <summary><c>address</c>.</summary>
public sealed record AbiAddress : AbiType
{
    /// <inheritdoc/>
    public override string ToString() => "address";
}

/// <summary><c>bytesN</c>.</summary>
/// <param name="Length">1 to 32.</param>
public sealed record AbiFixedBytes(int Length) : AbiType
{
    /// <summary>1 to 32.</summary>
    public int Length { get; } = Length is >= 1 and <= UInt256.Size
        ? Length
        : throw new ArgumentException("Fixed bytes are 1 to 32.", nameof(Length));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bytes{Length}");
}

/// <summary><c>bytes</c>.</summary>
public sealed record AbiBytes : AbiType
{
    /// <inheritdoc/>
    public override bool IsDynamic => true;

    /// <inheritdoc/>
    public override string ToString() => "bytes";
}

/// <summary><c>string</c>: UTF-8.</summary>
public sealed record AbiText : AbiType
{
    /// <inheritdoc/>
    public override bool IsDynamic => true;

    /// <inheritdoc/>
    public override string ToString() => "string";
}

/// <summary><c>T[]</c>, or <c>T[N]</c>.</summary>
public sealed record AbiArray : AbiType
{
    private readonly int _headBytes;

    /// <summary>An array of a type.</summary>
    /// <param name="element">T.</param>
    /// <param name="length">N, at least 1; null for any number.</param>
    public AbiArray(AbiType element, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(element);
        if (length is < 1 or > EvmLimits.AbiArrayLength)
        {
            throw new ArgumentException(
                $"An array has 1 to {EvmLimits.AbiArrayLength} elements.", nameof(length));
        }

        Element = element;
        Length = length;
        IsDynamic = length is null || element.IsDynamic;
        _headBytes = IsDynamic ? UInt256.Size : Bounded((long)element.HeadBytes * length!.Value);
        Depth = Deeper(element.Depth);
    }

    /// <summary>T.</summary>
    public AbiType Element { get; }

    /// <summary>N; null for any number.</summary>
    public int? Length { get; }

    /// <inheritdoc/>
    public override bool IsDynamic { get; }

    internal override int HeadBytes => _headBytes;

    internal override int Depth { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Element}[{Length}]");
}

/// <summary><c>(T1,T2,…)</c>: a struct, or a call's arguments.</summary>
public sealed record AbiTuple : AbiType
{
    private readonly int _headBytes;

    /// <summary>A tuple of types.</summary>
    /// <param name="members">The types in order.</param>
    public AbiTuple(ImmutableArray<AbiType> members)
    {
        Members = members;
        IsDynamic = members.Any(static member => member.IsDynamic);
        long heads = members.Sum(static member => (long)member.HeadBytes);
        InnerHeadBytes = Bounded(heads);
        _headBytes = IsDynamic ? UInt256.Size : InnerHeadBytes;
        Depth = Deeper(members.Select(static member => member.Depth).DefaultIfEmpty(0).Max());
    }

    /// <summary>The types in order.</summary>
    public ImmutableArray<AbiType> Members { get; }

    /// <inheritdoc/>
    public override bool IsDynamic { get; }

    /// <summary>Bytes of the members' places together.</summary>
    internal int InnerHeadBytes { get; }

    internal override int HeadBytes => _headBytes;

    internal override int Depth { get; }

    /// <summary>True for the same types in the same order.</summary>
    public bool Equals(AbiTuple? other) => other is not null && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(',', Members)})";
}
