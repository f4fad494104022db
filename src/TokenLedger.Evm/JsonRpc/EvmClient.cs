// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// What an Ethereum node can be asked, with types. What follows from an answer's own bytes is checked: hashes
/// of blocks and transactions, senders, and that logs are of the block, contract and topics that were asked
/// for. Thread-safe.
/// </summary>
/// <remarks>
/// Source: ethereum/execution-apis. All methods throw <see cref="EvmCallException"/>, of which an
/// <see cref="EvmAnswerException"/> is for an answer that cannot be one.
/// </remarks>
/// <param name="provider">The node.</param>
public sealed class EvmClient(EvmProvider provider)
{
    /// <summary>The node.</summary>
    public EvmProvider Provider => provider;

    /// <summary>The chain's number.</summary>
    public Task<ulong> ChainIdAsync(CancellationToken cancel = default) =>
        AskAsync("eth_chainId", [], EvmHex.ReadNumber, cancel);

    /// <summary>A block's header, whose hash is checked; null if the node has none such.</summary>
    public Task<EvmBlockHeader?> BlockAsync(BlockId block, CancellationToken cancel = default) => AskAsync(
        block.IsHash ? "eth_getBlockByHash" : "eth_getBlockByNumber",
        [block.ToString(), false],
        json =>
        {
            EvmBlockHeader? header = EvmJson.IsNull(json) ? null : EvmBlockHeader.Parse(json);
            bool isRight = header is null || (block.IsHash
                ? header.Hash == block.BlockHash
                : !block.ToString().StartsWith("0x", StringComparison.Ordinal)
                    || BlockId.Number(header.Number) == block);
            return isRight ? header : throw new EvmFormatException($"Block {header!.Number} is not {block}.");
        },
        cancel);

    /// <summary>What a call returns in the state after a block.</summary>
    public Task<byte[]> CallAsync(EvmCall call, BlockId block, CancellationToken cancel = default) =>
        AskAsync("eth_call", [Body(call), block.ToParameter()], EvmHex.ReadData, cancel);

    /// <summary>What calls return in the state after a block, asked with one HTTP request.</summary>
    /// <param name="calls">At most <see cref="EvmLimits.BatchRequests"/>.</param>
    /// <param name="block">The block.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<byte[][]> CallAllAsync(
        IReadOnlyCollection<EvmCall> calls, BlockId block, CancellationToken cancel = default)
    {
        JsonElement[] results = await provider.CallAllAsync(
            [.. calls.Select(call => new EvmRequest("eth_call", Body(call), block.ToParameter()))], cancel)
                .ConfigureAwait(false);
        return Read("eth_call", () => results.Select(EvmHex.ReadData).ToArray());
    }

    /// <summary>An account's code after a block; empty for one that has none.</summary>
    public Task<byte[]> CodeAsync(Address account, BlockId block, CancellationToken cancel = default) =>
        AskAsync("eth_getCode", [account.ToString(), block.ToParameter()], EvmHex.ReadData, cancel);

    /// <summary>An account's wei after a block.</summary>
    public Task<UInt256> BalanceAsync(Address account, BlockId block, CancellationToken cancel = default) =>
        AskAsync("eth_getBalance", [account.ToString(), block.ToParameter()], EvmHex.ReadQuantity, cancel);

    /// <summary>One slot of an account's storage after a block, unproved; zero for one never written.
    /// </summary>
    public Task<UInt256> StorageAsync(
        Address account, Hash256 slot, BlockId block, CancellationToken cancel = default) => AskAsync(
            "eth_getStorageAt", [account.ToString(), Hex(slot), block.ToParameter()],
            static json => EvmHex.ReadData(json) is { Length: UInt256.Size } word
                ? new UInt256(word)
                : throw new EvmFormatException("A slot has 32 bytes."),
            cancel);

    /// <summary>How many transactions an account sent until a block.</summary>
    public Task<ulong> NonceAsync(Address account, BlockId block, CancellationToken cancel = default) =>
        AskAsync(
            "eth_getTransactionCount", [account.ToString(), block.ToParameter()], EvmHex.ReadNumber, cancel);

    /// <summary>
    /// An account and slots of its storage after a block, with proofs that are not checked here.
    /// </summary>
    /// <remarks><see cref="EvmAccountProof.Verify"/> checks them against the block's state root.</remarks>
    public Task<EvmAccountProof> ProofAsync(
        Address account, ImmutableArray<Hash256> slots, BlockId block, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots.Length, EvmLimits.ProofSlots);
        var keys = new JsonArray([.. slots.Select(static slot => (JsonNode)Hex(slot))]);
        return AskAsync(
            "eth_getProof",
            [account.ToString(), keys, block.ToParameter()],
            json => EvmParser.Proof(json) is var proof && proof.Address == account
                && proof.Slots.Select(static slot => slot.Slot).SequenceEqual(slots)
                    ? proof
                    : throw new EvmFormatException("A proof is of another account or of other slots."),
            cancel);
    }

    /// <summary>The logs of one block, in order.</summary>
    public Task<ImmutableArray<EvmLog>> LogsAsync(
        EvmLogFilter filter, Hash256 block, CancellationToken cancel = default)
    {
        JsonObject body = Body(filter);
        body["blockHash"] = Hex(block);
        return AskAsync(
            "eth_getLogs",
            [body],
            json => Ordered(filter, EvmParser.Logs(json), log => log.BlockHash == block),
            cancel);
    }

    /// <summary>
    /// The logs of blocks from one to another, both included, in order. If the provider will not answer for
    /// so many blocks, it is asked for half of them, and so on; and for more again after a while.
    /// </summary>
    /// <remarks>Parts may be of different chains if one replaces another between them.</remarks>
    public async Task<ImmutableArray<EvmLog>> LogsAsync(
        EvmLogFilter filter, ulong from, ulong to, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ImmutableArray<EvmLog>.Builder found = ImmutableArray.CreateBuilder<EvmLog>();
        ulong most = to - from;
        int granted = 0;
        for (int calls = 0; calls < EvmLimits.LogCalls; calls++)
        {
            ulong last = to - from > most ? from + most : to;
            try
            {
                found.AddRange(await RangeAsync(filter, from, last, cancel).ConfigureAwait(false));
            }
            catch (EvmCallException e) when (last > from && IsTooMuch(e))
            {
                (most, granted) = ((last - from) / 2, 0);
                continue;
            }

            if (found.Count > EvmLimits.Logs)
            {
                throw provider.Malformed($"there are more than {EvmLimits.Logs} logs");
            }

            if (last == to)
            {
                return found.DrainToImmutable();
            }

            from = last + 1;

            // A crowded stretch of blocks shall not make all that follow slow.
            if (++granted == EvmLimits.LogCallsBeforeMore)
            {
                (most, granted) = ((Math.Min(most, long.MaxValue) * 2) + 1, 0);
            }
        }

        throw provider.Malformed($"logs take more than {EvmLimits.LogCalls} calls", isTooLarge: true);
    }

    /// <summary>What became of a transaction; null while it is in no block that the node knows.</summary>
    public Task<EvmReceipt?> ReceiptAsync(Hash256 transaction, CancellationToken cancel = default) =>
        AskAsync(
            "eth_getTransactionReceipt",
            [Hex(transaction)],
            json => EvmParser.Receipt(json) is var receipt
                && (receipt is null || receipt.TransactionHash == transaction)
                ? receipt
                : throw new EvmFormatException("A receipt is of another transaction."),
            cancel);

    /// <summary>A transaction, also one that waits; null if the node knows none such.</summary>
    public Task<EvmTransaction?> TransactionAsync(Hash256 hash, CancellationToken cancel = default) =>
        AskAsync(
            "eth_getTransactionByHash",
            [Hex(hash)],
            json => EvmParser.Transaction(json) is var transaction
                && (transaction is null || transaction.Hash == hash)
                ? transaction
                : throw new EvmFormatException("It is another transaction."),
            cancel);

    /// <summary>Gas that a call would use after the newest block.</summary>
    public Task<ulong> EstimateGasAsync(EvmCall call, CancellationToken cancel = default) =>
        AskAsync("eth_estimateGas", [Body(call)], EvmHex.ReadNumber, cancel);

    /// <summary>What the node would pay now, in wei for a unit of gas.</summary>
    public Task<UInt256> GasPriceAsync(CancellationToken cancel = default) =>
        AskAsync("eth_gasPrice", [], EvmHex.ReadQuantity, cancel);

    /// <summary>What the newest blocks cost.</summary>
    /// <param name="blocks">How many, 1 to 1,024; the node may give less.</param>
    /// <param name="percentiles">Which priority fees, in whole per cent of the gas, ascending.</param>
    /// <param name="cancel">Ends it.</param>
    public Task<EvmFeeHistory> FeeHistoryAsync(
        int blocks, ImmutableArray<int> percentiles, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, EvmLimits.FeeHistoryBlocks);
        return AskAsync(
            "eth_feeHistory",
            [
                EvmHex.Quantity((ulong)blocks), "latest",
                new JsonArray([.. percentiles.Select(static one => (JsonNode)one)]),
            ],
            json => EvmParser.FeeHistory(json) is var history && history.BaseFees.Length <= blocks + 1
                && history.Rewards.All(block => block.Length == percentiles.Length)
                ? history
                : throw new EvmFormatException("A history has more blocks or other percentiles."),
            cancel);
    }

    /// <summary>Hands a signed transaction in.</summary>
    /// <returns>Its id, which is that of the bytes.</returns>
    public Task<Hash256> SendAsync(SignedEip1559Transaction transaction, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return AskAsync(
            "eth_sendRawTransaction",
            [EvmHex.Data(transaction.Raw.AsSpan())],
            json => EvmHex.ReadHash(json) == transaction.Hash
                ? transaction.Hash
                : throw new EvmFormatException("The node tells another id than the transaction has."),
            cancel);
    }

    private async Task<T> AskAsync<T>(
        string method,
        ImmutableArray<JsonNode?> parameters,
        Func<JsonElement, T> read,
        CancellationToken cancel)
    {
        JsonElement result = await provider.CallAsync(new EvmRequest(method, parameters), cancel)
            .ConfigureAwait(false);
        return Read(method, () => read(result));
    }

    private T Read<T>(string method, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EvmFormatException e)
        {
            throw provider.Malformed($"{method}: {e.Message}", inner: e);
        }
    }

    private Task<ImmutableArray<EvmLog>> RangeAsync(
        EvmLogFilter filter, ulong from, ulong to, CancellationToken cancel)
    {
        JsonObject body = Body(filter);
        body["fromBlock"] = EvmHex.Quantity(from);
        body["toBlock"] = EvmHex.Quantity(to);
        return AskAsync(
            "eth_getLogs",
            [body],
            json => Ordered(
                filter, EvmParser.Logs(json), log => log.BlockNumber >= from && log.BlockNumber <= to),
            cancel);
    }

    /// <summary>
    /// Providers have many words and codes for this; that it is none of theirs shows at one block.
    /// </summary>
    private static bool IsTooMuch(EvmCallException e) =>
        e is EvmRpcException or EvmAnswerException { IsTooLarge: true };

    private static ImmutableArray<EvmLog> Ordered(
        EvmLogFilter filter, ImmutableArray<EvmLog> logs, Func<EvmLog, bool> belongs)
    {
        (ulong Block, ulong Index)? last = null;
        foreach (EvmLog log in logs)
        {
            (ulong, ulong) place = (log.BlockNumber, log.Index);
            if (!belongs(log) || !filter.Matches(log) || (last is { } before && place.CompareTo(before) <= 0))
            {
                throw new EvmFormatException("A log was not asked for, or is out of order.");
            }

            last = place;
        }

        return logs;
    }

    private static string Hex(Hash256 hash) => "0x" + hash;

    private static JsonObject Body(EvmCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var body = new JsonObject { ["data"] = EvmHex.Data(call.Data.Span), ["to"] = call.To?.ToString() };
        if (call.From is { } from)
        {
            body["from"] = from.ToString();
        }

        if (!call.Value.IsZero)
        {
            body["value"] = EvmHex.Quantity(call.Value);
        }

        return body;
    }

    private static JsonObject Body(EvmLogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filter.Topics.Length, EvmLimits.Topics);
        var body = new JsonObject
        {
            ["topics"] = new JsonArray([.. filter.Topics.Select(static any => any.IsEmpty
                ? null
                : new JsonArray([.. any.Select(static topic => (JsonNode)Hex(topic))]))]),
        };
        if (!filter.Contracts.IsEmpty)
        {
            body["address"] =
                new JsonArray([.. filter.Contracts.Select(static one => (JsonNode)one.ToString())]);
        }

        return body;
    }
}
