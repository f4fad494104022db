// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>
/// A block's header, whose hash is computed and never believed: who knows a block's hash knows its state
/// root. Immutable.
/// </summary>
/// <remarks>
/// Source: yellow paper 4.3.3, and the fields that forks put at the end: EIP-1559 (London), 4895 (Shanghai),
/// 4844 and 4788 (Cancun), 7685 (Prague). A field that is not of the block's fork is null. A header of a fork
/// that has more fields has another hash than it would have here, and is refused.
/// </remarks>
public sealed record EvmBlockHeader
{
    private const int NonceBytes = 8;

    /// <summary>The hash of the block before.</summary>
    public required Hash256 ParentHash { get; init; }

    /// <summary>The hash of the list of uncles; since the Merge, of an empty list.</summary>
    public required Hash256 UnclesHash { get; init; }

    /// <summary>Who gets the fees.</summary>
    public required Address Beneficiary { get; init; }

    /// <summary>The root of the state after it.</summary>
    public required Hash256 StateRoot { get; init; }

    /// <summary>The root of its transactions.</summary>
    public required Hash256 TransactionsRoot { get; init; }

    /// <summary>The root of its receipts.</summary>
    public required Hash256 ReceiptsRoot { get; init; }

    /// <summary>256 bytes: the Bloom filter of its logs.</summary>
    public required ImmutableArray<byte> LogsBloom { get; init; }

    /// <summary>The proof of work's; 0 since the Merge.</summary>
    public required UInt256 Difficulty { get; init; }

    /// <summary>Its number.</summary>
    public required ulong Number { get; init; }

    /// <summary>Gas that its transactions may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Gas that they used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>What its proposer put there.</summary>
    public required ImmutableArray<byte> ExtraData { get; init; }

    /// <summary>The proof of work's; since the Merge, the beacon chain's random number.</summary>
    public required Hash256 MixHash { get; init; }

    /// <summary>8 bytes: the proof of work's; zero since the Merge.</summary>
    public required ulong ProofNonce { get; init; }

    /// <summary>Wei for a unit of gas that are burned; from London on.</summary>
    public UInt256? BaseFeePerGas { get; init; }

    /// <summary>The root of its withdrawals; from Shanghai on.</summary>
    public Hash256? WithdrawalsRoot { get; init; }

    /// <summary>Gas for blobs that it used; from Cancun on.</summary>
    public ulong? BlobGasUsed { get; init; }

    /// <summary>What blobs' price follows from; from Cancun on.</summary>
    public ulong? ExcessBlobGas { get; init; }

    /// <summary>The beacon chain's block before; from Cancun on.</summary>
    public Hash256? ParentBeaconBlockRoot { get; init; }

    /// <summary>The hash of its requests to the beacon chain; from Prague on.</summary>
    public Hash256? RequestsHash { get; init; }

    /// <summary>The block's hash, computed from all fields.</summary>
    public Hash256 Hash => Keccak256.Hash(Encode());

    /// <summary>The header in RLP.</summary>
    /// <exception cref="EvmFormatException">A fork's field is missing before a later fork's.</exception>
    public byte[] Encode()
    {
        RlpItem?[] forks =
        [
            BaseFeePerGas is { } fee ? RlpItem.Number(fee) : null,
            ItemOf(WithdrawalsRoot),
            BlobGasUsed is { } used ? RlpItem.Number(used) : null,
            ExcessBlobGas is { } excess ? RlpItem.Number(excess) : null,
            ItemOf(ParentBeaconBlockRoot),
            ItemOf(RequestsHash),
        ];
        RlpItem[] later = [.. forks.TakeWhile(static item => item is not null).Select(static item => item!)];
        if (forks.Skip(later.Length).Any(static item => item is not null))
        {
            throw new EvmFormatException("A header has a fork's field without those of the forks before.");
        }

        byte[] nonce = new byte[NonceBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(nonce, ProofNonce);
        return Rlp.Encode(RlpItem.List(
            [
                RlpItem.Hash(ParentHash),
                RlpItem.Hash(UnclesHash),
                RlpItem.Address(Beneficiary),
                RlpItem.Hash(StateRoot),
                RlpItem.Hash(TransactionsRoot),
                RlpItem.Hash(ReceiptsRoot),
                new RlpBytes(LogsBloom),
                RlpItem.Number(Difficulty),
                RlpItem.Number(Number),
                RlpItem.Number(GasLimit),
                RlpItem.Number(GasUsed),
                RlpItem.Number(Timestamp),
                new RlpBytes(ExtraData),
                RlpItem.Hash(MixHash),
                RlpItem.Bytes(nonce),
                .. later,
            ]));
    }

    /// <summary>Reads a block as JSON-RPC gives it, and checks that it has the hash that it says.</summary>
    /// <exception cref="EvmFormatException">It is no block, or its hash is another one.</exception>
    public static EvmBlockHeader Parse(JsonElement block)
    {
        ImmutableArray<byte> bloom = [.. EvmHex.ReadData(EvmJson.Member(block, "logsBloom"))];
        ImmutableArray<byte> extra = [.. EvmHex.ReadData(EvmJson.Member(block, "extraData"))];
        byte[] nonce = EvmHex.ReadData(EvmJson.Member(block, "nonce"));
        if (bloom.Length != EvmBloom.Size || extra.Length > EvmLimits.ExtraDataBytes
            || nonce.Length != NonceBytes)
        {
            throw new EvmFormatException("A header's bloom, extra data or nonce has a wrong length.");
        }

        var header = new EvmBlockHeader
        {
            ParentHash = EvmHex.ReadHash(EvmJson.Member(block, "parentHash")),
            UnclesHash = EvmHex.ReadHash(EvmJson.Member(block, "sha3Uncles")),
            Beneficiary = EvmHex.ReadAddress(EvmJson.Member(block, "miner")),
            StateRoot = EvmHex.ReadHash(EvmJson.Member(block, "stateRoot")),
            TransactionsRoot = EvmHex.ReadHash(EvmJson.Member(block, "transactionsRoot")),
            ReceiptsRoot = EvmHex.ReadHash(EvmJson.Member(block, "receiptsRoot")),
            LogsBloom = bloom,
            Difficulty = EvmHex.ReadQuantity(EvmJson.Member(block, "difficulty")),
            Number = EvmHex.ReadNumber(EvmJson.Member(block, "number")),
            GasLimit = EvmHex.ReadNumber(EvmJson.Member(block, "gasLimit")),
            GasUsed = EvmHex.ReadNumber(EvmJson.Member(block, "gasUsed")),
            Timestamp = EvmHex.ReadNumber(EvmJson.Member(block, "timestamp")),
            ExtraData = extra,
            MixHash = EvmHex.ReadHash(EvmJson.Member(block, "mixHash")),
            ProofNonce = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(nonce),
            BaseFeePerGas = EvmJson.Optional(block, "baseFeePerGas", EvmHex.ReadQuantity),
            WithdrawalsRoot = EvmJson.Optional(block, "withdrawalsRoot", EvmHex.ReadHash),
            BlobGasUsed = EvmJson.Optional(block, "blobGasUsed", EvmHex.ReadNumber),
            ExcessBlobGas = EvmJson.Optional(block, "excessBlobGas", EvmHex.ReadNumber),
            ParentBeaconBlockRoot = EvmJson.Optional(block, "parentBeaconBlockRoot", EvmHex.ReadHash),
            RequestsHash = EvmJson.Optional(block, "requestsHash", EvmHex.ReadHash),
        };
        return header.Hash == EvmHex.ReadHash(EvmJson.Member(block, "hash"))
            ? header
            : throw new EvmFormatException($"Block {header.Number} has another hash than the answer says.");
    }

    /// <summary>True for the same hash.</summary>
    public bool Equals(EvmBlockHeader? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, StateRoot);

    private static RlpBytes? ItemOf(Hash256? hash) => hash is { } some ? RlpItem.Hash(some) : null;
}
