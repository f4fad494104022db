// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using TokenLedger.Core;

namespace TokenLedger.Crypto;

/// <summary>
/// What a sender signs: the EIP-712 digest of a transaction's body on one network. The domain is { name
/// "TokenLedger", version "1", chainId, salt = genesis hash }, the type <c>LedgerTransaction(bytes body)</c>,
/// so any Ethereum signer can sign it and no signature is valid on two networks. Immutable and thread-safe.
/// </summary>
public sealed class TransactionDigest
{
    private const string DomainType = "EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)";
    private const string TransactionType = "LedgerTransaction(bytes body)";
    private const string DomainName = "TokenLedger";
    private const string DomainVersion = "1";

    private readonly Hash256 _transactionType = Keccak256.Hash(TransactionType);

    /// <summary>Computes the network's domain separator.</summary>
    /// <param name="chainId">The network's number, 1 to <see cref="Limits.ChainIdMax"/>.</param>
    /// <param name="genesisHash">The network's genesis.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chain id is 0 or over the maximum.</exception>
    public TransactionDigest(ulong chainId, Hash256 genesisHash)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chainId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chainId, Limits.ChainIdMax);
        ChainId = chainId;
        GenesisHash = genesisHash;

        Span<byte> message = stackalloc byte[5 * Hash256.Size];
        message.Clear();
        Keccak256.Hash(DomainType).CopyTo(message);
        Keccak256.Hash(DomainName).CopyTo(message[32..]);
        Keccak256.Hash(DomainVersion).CopyTo(message[64..]);
        BinaryPrimitives.WriteUInt64BigEndian(message[(128 - sizeof(ulong))..], chainId);
        genesisHash.CopyTo(message[128..]);
        DomainSeparator = Keccak256.Hash(message);
    }

    /// <summary>The network's number.</summary>
    public ulong ChainId { get; }

    /// <summary>The network's genesis.</summary>
    public Hash256 GenesisHash { get; }

    /// <summary>EIP-712's domain separator.</summary>
    public Hash256 DomainSeparator { get; }

    /// <summary>
    /// The digest of a body. Allocates nothing; three hashes and one more for each 136 bytes.
    /// </summary>
    public Hash256 Of(ReadOnlySpan<byte> body)
    {
        Span<byte> transaction = stackalloc byte[2 * Hash256.Size];
        _transactionType.CopyTo(transaction);
        Keccak256.Hash(body).CopyTo(transaction[32..]);

        Span<byte> message = stackalloc byte[2 + (2 * Hash256.Size)];
        message[0] = 0x19;
        message[1] = 0x01;
        DomainSeparator.CopyTo(message[2..]);
        Keccak256.Hash(transaction).CopyTo(message[34..]);
        return Keccak256.Hash(message);
    }

    /// <summary>
    /// The same as typed data for an external signer: the argument of <c>eth_signTypedData_v4</c>, or the
    /// file of <c>cast wallet sign --data --from-file</c>.
    /// </summary>
    public string TypedDataJson(ReadOnlySpan<byte> body) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "types": {
            "EIP712Domain": [
              { "name": "name", "type": "string" },
              { "name": "version", "type": "string" },
              { "name": "chainId", "type": "uint256" },
              { "name": "salt", "type": "bytes32" }
            ],
            "LedgerTransaction": [
              { "name": "body", "type": "bytes" }
            ]
          },
          "primaryType": "LedgerTransaction",
          "domain": {
            "name": "{{DomainName}}",
            "version": "{{DomainVersion}}",
            "chainId": {{ChainId}},
            "salt": "0x{{GenesisHash}}"
          },
          "message": {
            "body": "0x{{Convert.ToHexStringLower(body)}}"
          }
        }
        """);
}
