// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>A transaction of type 2 before it is signed. Immutable.</summary>
/// <remarks>Source: EIP-1559 and EIP-2718.</remarks>
public sealed record Eip1559Transaction
{
    /// <summary>The first byte of type 2.</summary>
    public const byte Type = 2;

    private const int UnsignedFields = 9;
    private const int SignedFields = 12;

    /// <summary>The chain that it is for.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How many the sender sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>Wei for a unit of gas to the proposer, at most.</summary>
    public required UInt256 MaxPriorityFeePerGas { get; init; }

    /// <summary>Wei for a unit of gas in all, at most.</summary>
    public required UInt256 MaxFeePerGas { get; init; }

    /// <summary>Gas that it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The called account; null to create a contract.</summary>
    public Address? To { get; init; }

    /// <summary>Wei that go along.</summary>
    public UInt256 Value { get; init; }

    /// <summary>The call's data, or the contract's code with its constructor's arguments.</summary>
    public ImmutableArray<byte> Data { get; init; } = [];

    /// <summary>What it says that it will touch.</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>What its sender signs.</summary>
    public Hash256 SigningHash => Keccak256.Hash(Envelope([]));

    /// <summary>Signs it.</summary>
    /// <param name="signer">The sender's key.</param>
    public SignedEip1559Transaction Sign(ISigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return new SignedEip1559Transaction(this, signer.Sign(SigningHash));
    }

    /// <summary>Reads a signed one.</summary>
    /// <exception cref="EvmFormatException">The bytes are not the canonical form of one.</exception>
    public static SignedEip1559Transaction Decode(ReadOnlySpan<byte> raw)
    {
        if (raw is not [Type, ..])
        {
            throw new EvmFormatException("It is no transaction of type 2.");
        }

        if (raw.Length > EvmLimits.TransactionBytes)
        {
            throw new EvmFormatException(
                $"A transaction of {raw.Length} bytes is above {EvmLimits.TransactionBytes}.");
        }

        ImmutableArray<RlpItem> fields = Rlp.Decode(raw[1..]).AsList(SignedFields);
        var transaction = new Eip1559Transaction
        {
            ChainId = fields[0].AsUInt64(),
            Nonce = fields[1].AsUInt64(),
            MaxPriorityFeePerGas = fields[2].AsNumber(),
            MaxFeePerGas = fields[3].AsNumber(),
            GasLimit = fields[4].AsUInt64(),
            To = fields[5].AsAddress(),
            Value = fields[6].AsNumber(),
            Data = fields[7].AsBytes(),
            AccessList = [.. fields[8].AsList().Select(Entry)],
        };
        byte[] signature = new byte[Limits.SignatureBytes];
        fields[UnsignedFields + 1].AsNumber().CopyTo(signature);
        fields[UnsignedFields + 2].AsNumber().CopyTo(signature.AsSpan(UInt256.Size));
        ulong parity = fields[UnsignedFields].AsUInt64();
        signature[^1] = parity <= 1
            ? (byte)(27 + parity)
            : throw new EvmFormatException("The parity of a signature is 0 or 1.");
        return new SignedEip1559Transaction(transaction, signature);
    }

    /// <summary>True for the same content.</summary>
    public bool Equals(Eip1559Transaction? other) =>
        other is not null && Envelope([]).AsSpan().SequenceEqual(other.Envelope([]));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ChainId, Nonce, MaxFeePerGas, To);

    internal byte[] Envelope(ReadOnlySpan<RlpItem> signature) => [Type, .. Rlp.Encode(RlpItem.List(
        [
            RlpItem.Number(ChainId),
            RlpItem.Number(Nonce),
            RlpItem.Number(MaxPriorityFeePerGas),
            RlpItem.Number(MaxFeePerGas),
            RlpItem.Number(GasLimit),
            RlpItem.Address(To),
            RlpItem.Number(Value),
            new RlpBytes(Data),
            new RlpList([.. AccessList.Select(Item)]),
            .. signature,
        ]))];

    private static RlpItem Item(AccessListEntry entry) => RlpItem.List(
        RlpItem.Address(entry.Account),
        new RlpList([.. entry.Slots.Select(static slot => RlpItem.Hash(slot))]));

    private static AccessListEntry Entry(RlpItem item)
    {
        ImmutableArray<RlpItem> parts = item.AsList(2);
        return new AccessListEntry(
            parts[0].AsAddress()
                ?? throw new EvmFormatException("An access list has an entry of no account."),
            [.. parts[1].AsList().Select(static slot => slot.AsHash())]);
    }
}
