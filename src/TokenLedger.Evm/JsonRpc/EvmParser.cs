// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>Makes typed answers of JSON. Throws <see cref="EvmFormatException"/> for what is none.</summary>
internal static class EvmParser
{
    // EIP-2718: a first byte above this is that of a list, which is a transaction without a type.
    private const ulong MaxType = 0x7F;

    public static ImmutableArray<EvmLog> Logs(JsonElement logs) => EvmJson.List(logs, EvmLimits.Logs, Log);

    public static EvmReceipt? Receipt(JsonElement receipt)
    {
        if (EvmJson.IsNull(receipt))
        {
            return null;
        }

        var read = new EvmReceipt(
            EvmHex.ReadHash(EvmJson.Member(receipt, "transactionHash")),
            EvmHex.ReadNumber(EvmJson.Member(receipt, "blockNumber")),
            EvmHex.ReadHash(EvmJson.Member(receipt, "blockHash")),
            Flag(EvmJson.Member(receipt, "status")),
            EvmHex.ReadNumber(EvmJson.Member(receipt, "gasUsed")),
            EvmHex.ReadQuantity(EvmJson.Member(receipt, "effectiveGasPrice")),
            EvmJson.Optional(receipt, "contractAddress", EvmHex.ReadAddress),
            Logs(EvmJson.Member(receipt, "logs")));
        return read.Logs.All(log => log.BlockHash == read.BlockHash && log.BlockNumber == read.BlockNumber
            && log.TransactionHash == read.TransactionHash)
            ? read
            : throw new EvmFormatException("A receipt has logs of another transaction.");
    }

    public static EvmTransaction? Transaction(JsonElement transaction)
    {
        if (EvmJson.IsNull(transaction))
        {
            return null;
        }

        ulong type = EvmJson.Optional(transaction, "type", EvmHex.ReadNumber) ?? 0;
        var read = new EvmTransaction(
            EvmHex.ReadHash(EvmJson.Member(transaction, "hash")),
            type <= MaxType ? (byte)type : throw new EvmFormatException("There is no such type."),
            EvmHex.ReadAddress(EvmJson.Member(transaction, "from")),
            EvmHex.ReadNumber(EvmJson.Member(transaction, "nonce")),
            EvmJson.Optional(transaction, "blockNumber", EvmHex.ReadNumber),
            EvmJson.Optional(transaction, "blockHash", EvmHex.ReadHash),
            type == Eip1559Transaction.Type ? Signed(transaction) : null);
        if (read.BlockNumber is null != read.BlockHash is null)
        {
            throw new EvmFormatException("A transaction has half of a block.");
        }

        bool isGenuine = read.Signed is not { } signed
            || (signed.Hash == read.Hash && signed.Transaction.Nonce == read.Nonce
                && signed.TryRecoverSender(new Secp256k1Scheme(), out Address sender) && sender == read.From);
        return isGenuine ? read : throw new EvmFormatException("A transaction has another id or sender.");
    }

    public static EvmAccountProof Proof(JsonElement proof) => new(
        EvmHex.ReadAddress(EvmJson.Member(proof, "address")),
        new EvmAccount(
            EvmHex.ReadNumber(EvmJson.Member(proof, "nonce")),
            EvmHex.ReadQuantity(EvmJson.Member(proof, "balance")),
            EvmHex.ReadHash(EvmJson.Member(proof, "storageHash")),
            EvmHex.ReadHash(EvmJson.Member(proof, "codeHash"))),
        Nodes(EvmJson.Member(proof, "accountProof")),
        EvmJson.List(EvmJson.Member(proof, "storageProof"), EvmLimits.ProofSlots, SlotProof));

    public static EvmFeeHistory FeeHistory(JsonElement history)
    {
        var read = new EvmFeeHistory(
            EvmHex.ReadNumber(EvmJson.Member(history, "oldestBlock")),
            EvmJson.List(
                EvmJson.Member(history, "baseFeePerGas"),
                EvmLimits.FeeHistoryBlocks + 1,
                EvmHex.ReadQuantity),
            history.TryGetProperty("reward", out JsonElement rewards) && !EvmJson.IsNull(rewards)
                ? EvmJson.List(rewards, EvmLimits.FeeHistoryBlocks, static block =>
                    EvmJson.List(block, EvmLimits.FeeHistoryBlocks, EvmHex.ReadQuantity))
                : []);
        return read.BaseFees.IsEmpty
            || (!read.Rewards.IsEmpty && read.Rewards.Length != read.BaseFees.Length - 1)
            ? throw new EvmFormatException("A history has not one base fee more than blocks.")
            : read;
    }

    private static EvmLog Log(JsonElement log)
    {
        if (log.ValueKind == JsonValueKind.Object && log.TryGetProperty("removed", out JsonElement removed)
            && removed.ValueKind != JsonValueKind.False)
        {
            throw new EvmFormatException("A log is of a block that was replaced.");
        }

        return new EvmLog(
            EvmHex.ReadAddress(EvmJson.Member(log, "address")),
            EvmJson.List(EvmJson.Member(log, "topics"), EvmLimits.Topics, EvmHex.ReadHash),
            [.. EvmHex.ReadData(EvmJson.Member(log, "data"))],
            EvmHex.ReadNumber(EvmJson.Member(log, "blockNumber")),
            EvmHex.ReadHash(EvmJson.Member(log, "blockHash")),
            EvmHex.ReadHash(EvmJson.Member(log, "transactionHash")),
            EvmHex.ReadNumber(EvmJson.Member(log, "logIndex")));
    }

    private static EvmSlotProof SlotProof(JsonElement slot) => new(
        Slot(EvmJson.Member(slot, "key")),
        EvmHex.ReadQuantity(EvmJson.Member(slot, "value")),
        Nodes(EvmJson.Member(slot, "proof")));

    private static AccessListEntry Entry(JsonElement entry) => new(
        EvmHex.ReadAddress(EvmJson.Member(entry, "address")),
        EvmJson.List(EvmJson.Member(entry, "storageKeys"), EvmLimits.RlpItems, EvmHex.ReadHash));

    private static SignedEip1559Transaction Signed(JsonElement transaction)
    {
        var unsigned = new Eip1559Transaction
        {
            ChainId = EvmHex.ReadNumber(EvmJson.Member(transaction, "chainId")),
            Nonce = EvmHex.ReadNumber(EvmJson.Member(transaction, "nonce")),
            MaxPriorityFeePerGas = EvmHex.ReadQuantity(EvmJson.Member(transaction, "maxPriorityFeePerGas")),
            MaxFeePerGas = EvmHex.ReadQuantity(EvmJson.Member(transaction, "maxFeePerGas")),
            GasLimit = EvmHex.ReadNumber(EvmJson.Member(transaction, "gas")),
            To = EvmJson.Optional(transaction, "to", EvmHex.ReadAddress),
            Value = EvmHex.ReadQuantity(EvmJson.Member(transaction, "value")),
            Data = [.. EvmHex.ReadData(EvmJson.Member(transaction, "input"))],
            AccessList = EvmJson.List(EvmJson.Member(transaction, "accessList"), EvmLimits.RlpItems, Entry),
        };
        byte[] signature = new byte[Limits.SignatureBytes];
        EvmHex.ReadQuantity(EvmJson.Member(transaction, "r")).CopyTo(signature);
        EvmHex.ReadQuantity(EvmJson.Member(transaction, "s")).CopyTo(signature.AsSpan(UInt256.Size));
        ulong parity = EvmJson.Optional(transaction, "yParity", EvmHex.ReadNumber)
            ?? EvmHex.ReadNumber(EvmJson.Member(transaction, "v"));
        signature[^1] = parity <= 1
            ? (byte)(27 + parity)
            : throw new EvmFormatException("The parity of a signature is 0 or 1.");
        return new SignedEip1559Transaction(unsigned, signature);
    }

    private static bool Flag(JsonElement element) => EvmHex.ReadNumber(element) switch
    {
        0 => false,
        1 => true,
        _ => throw new EvmFormatException("A flag is 0 or 1."),
    };

    private static ImmutableArray<ImmutableArray<byte>> Nodes(JsonElement nodes) =>
        EvmJson.List(nodes, EvmLimits.ProofNodes, static node => EvmHex.ReadData(node).ToImmutableArray());

    /// <summary>Some nodes give a slot as 32 bytes, others as a number.</summary>
    private static Hash256 Slot(JsonElement element) =>
        UInt256.TryParseHex(EvmHex.Text(element), out UInt256 slot)
            ? new Hash256(slot.ToArray())
            : throw new EvmFormatException("A slot is no number of 32 bytes.");
}
