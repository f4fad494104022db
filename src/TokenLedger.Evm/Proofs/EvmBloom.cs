// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>
/// A block's filter of its logs. It can say for certain that a contract has none there: who knows the block's
/// hash knows the filter.
/// </summary>
/// <remarks>Source: yellow paper 4.3.1: three bits of 2,048 for each address and topic.</remarks>
public readonly struct EvmBloom : IEquatable<EvmBloom>
{
    /// <summary>Bytes of a filter.</summary>
    public const int Size = 256;

    private const int BitsEach = 3;
    private const int Bits = 8 * Size;

    private readonly ImmutableArray<byte> _bytes;

    /// <summary>A filter as a header has it.</summary>
    /// <exception cref="ArgumentException">It has not <see cref="Size"/> bytes.</exception>
    public EvmBloom(ImmutableArray<byte> bytes) => _bytes = bytes.Length == Size
        ? bytes
        : throw new ArgumentException($"A filter has {Size} bytes.", nameof(bytes));

    /// <summary>False when the block surely has no log of a contract.</summary>
    public bool MayHaveLogsOf(Address contract)
    {
        Span<byte> address = stackalloc byte[Address.Size];
        contract.CopyTo(address);
        byte[] hash = Keccak256.Hash(address).ToArray();
        for (int i = 0; i < BitsEach; i++)
        {
            int bit = BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(2 * i)) % Bits;
            if ((_bytes[Size - 1 - (bit / 8)] >> (bit % 8) & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(EvmBloom left, EvmBloom right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(EvmBloom left, EvmBloom right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(EvmBloom other) => _bytes.AsSpan().SequenceEqual(other._bytes.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EvmBloom other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes.AsSpan());
        return hash.ToHashCode();
    }
}
