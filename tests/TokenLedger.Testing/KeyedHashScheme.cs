// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// A fast stand-in for signatures in simulations: 65 bytes of address ‖ keyed SHA-256 ‖ zeros ‖ 27. Whoever
/// holds the scheme could forge; tests give an adversary its own signer only.
/// </summary>
public sealed class KeyedHashScheme : ISignatureScheme
{
    private const int MacAt = Address.Size;

    /// <summary>How many signatures were checked: tests of laziness read it.</summary>
    public int Checks { get; private set; }

    public bool TryRecover(in Hash256 digest, ReadOnlySpan<byte> signature, out Address signer)
    {
        Checks++;
        signer = default;
        if (signature.Length != Limits.SignatureBytes || signature[^1] != 27
            || signature[(MacAt + Hash256.Size)..^1].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        var claimed = new Address(signature[..Address.Size]);
        Span<byte> mac = stackalloc byte[Hash256.Size];
        Mac(claimed, digest, mac);
        if (!mac.SequenceEqual(signature.Slice(MacAt, Hash256.Size)))
        {
            return false;
        }

        signer = claimed;
        return true;
    }

    /// <summary>The signer of an address.</summary>
    public static ISigner SignerOf(Address address) => new KeyedHashSigner(address);

    /// <summary>A validator set of n, epoch 0, with keyed-hash addresses.</summary>
    public static ValidatorSet Validators(int count, ulong epoch = 0) => new(
        new Epoch(epoch),
        [.. Enumerable.Range(0, count).Select(index => new Validator(
            "v" + index, AddressOf(index), Hashing.Hash(DomainTag.Genesis, [(byte)index])))]);

    private static Address AddressOf(int index)
    {
        byte[] bytes = new byte[Address.Size];
        bytes[0] = 0xA0;
        bytes[^1] = (byte)index;
        return new Address(bytes);
    }

    private static void Mac(in Address address, in Hash256 digest, Span<byte> mac)
    {
        Span<byte> message = stackalloc byte[Address.Size + Hash256.Size];
        address.CopyTo(message);
        digest.CopyTo(message[Address.Size..]);
        SHA256.HashData(message, mac);
    }

    private sealed class KeyedHashSigner(Address address) : ISigner
    {
        public Address Address { get; } = address;

        public byte[] Sign(in Hash256 digest)
        {
            byte[] signature = new byte[Limits.SignatureBytes];
            Address.CopyTo(signature);
            Mac(Address, digest, signature.AsSpan(MacAt, Hash256.Size));
            signature[^1] = 27;
            return signature;
        }
    }
}
