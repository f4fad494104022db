// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Sending;

/// <summary>
/// Sends calls abroad from one key, each under one nonce until it is final: written down before it is sent,
/// sent again when it was lost, and offered more when it waits. What nobody wants any more gives its nonce to
/// an empty transaction, so that those behind it can go.
/// </summary>
/// <remarks>
/// No node is believed alone: nonces, fees and gas are what more than half of them tell, so that one that
/// lies or hangs neither keeps a message from being sent nor makes it dearer. One caller at a time.
/// </remarks>
/// <param name="clients">Nodes that take transactions; all get each of them.</param>
/// <param name="key">The sender's key.</param>
/// <param name="journal">Where transactions are written down.</param>
/// <param name="settings">Fees and times.</param>
/// <param name="time">The clock.</param>
public sealed class EvmSender(
    IReadOnlyList<EvmClient> clients, ISigner key, BridgeJournal journal, LaneSettings settings,
        TimeProvider time)
{
    /// <summary>Transactions of one key in no block: what common nodes keep of one sender.</summary>
    private const int MostOpen = 16;

    /// <summary>Those that are not final, which on Ethereum takes a quarter of an hour: they are asked about
    /// no more, and only kept to be sent again.</summary>
    private const int MostKept = 1_024;

    private const ulong EmptyGas = 21_000;

    /// <summary>A message of which items were refused abroad is carried again, each time twice as late.
    /// </summary>
    private const int MostDoublings = 8;

    private readonly NodeMajority _nodes = new(clients);
    private readonly Dictionary<ulong, (int Times, TimestampMs Last)> _begun = [];
    private readonly Dictionary<ulong, TimestampMs> _carried = [];

    private SortedDictionary<ulong, SentTransaction>? _sent;

    /// <summary>What the last look at it came to, for operators; empty when all is well.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Transactions that are not final, by nonce.</summary>
    public IReadOnlyCollection<SentTransaction> Open => _sent is null ? [] : _sent.Values;

    /// <summary>Does what is due, and begins to send what is wanted.</summary>
    /// <param name="wanted">All calls that are wanted now, the most urgent first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task TendAsync(IReadOnlyList<WantedCall> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        _sent ??= new SortedDictionary<ulong, SentTransaction>(
            journal.ReadSends().ToDictionary(static sent => sent.Signed.Transaction.Nonce));
        Note = "";
        if (wanted.Count == 0 && _sent.Count == 0)
        {
            return;
        }

        try
        {
            await WorkAsync(wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (NodesUnsureException e)
        {
            Note = e.Message;
        }
    }

    private async Task WorkAsync(IReadOnlyList<WantedCall> wanted, CancellationToken cancellationToken)
    {
        (ulong final, _) = await NonceAsync(BlockId.Finalized, cancellationToken).ConfigureAwait(false);
        (ulong included, ulong most) =
            await NonceAsync(BlockId.Latest, cancellationToken).ConfigureAwait(false);
        if (most > ulong.MaxValue - MostOpen)
        {
            Note = $"Most endpoints tell of nonce {most}, which no account has.";
            return;
        }

        // One so far ahead was begun when most nodes lied about the nonce: no block will take it.
        foreach (ulong nonce in _sent!.Keys.Where(n => n < final || n >= most + MostOpen).ToArray())
        {
            journal.ForgetSend(nonce);
            _sent.Remove(nonce);
        }

        Dictionary<ulong, WantedCall> messages = wanted.ToDictionary(static call => call.MessageId);
        foreach (SentTransaction waiting in _sent.Values.Where(s =>
            s.Signed.Transaction.Nonce >= included).ToArray())
        {
            await InsistAsync(waiting, messages, cancellationToken).ConfigureAwait(false);
        }

        Forget(_begun, messages);
        Forget(_carried, messages);
        HashSet<ulong> underWay = [.. _sent.Values.Select(static sent => sent.MessageId)];
        int waits = _sent.Keys.Count(nonce => nonce >= included);
        int yielding = _sent.Values.Count(sent => sent.Signed.Transaction.Nonce >= included
            && messages.GetValueOrDefault(sent.MessageId) is { Yields: true });
        foreach (WantedCall call in wanted.Where(call => !underWay.Contains(call.MessageId) && IsTime(call)))
        {
            if (waits >= MostOpen || _sent.Count >= MostKept)
            {
                break;
            }

            if (call.Yields && yielding >= MostOpen / 2)
            {
                continue;
            }

            ulong next = included;
            while (_sent.ContainsKey(next))
            {
                next++;
            }

            if (await BeginAsync(call, next, cancellationToken).ConfigureAwait(false))
            {
                waits++;
                yielding += call.Yields ? 1 : 0;
            }
        }
    }

    private static void Forget<T>(
        Dictionary<ulong, T> past, Dictionary<ulong, WantedCall> messages)
    {
        foreach (ulong gone in past.Keys.Where(id => !messages.ContainsKey(id)).ToArray())
        {
            past.Remove(gone);
        }
    }

    /// <summary>
    /// Another signer's transaction did it already, in a block that is not final yet: nobody pays for it
    /// twice. What it left out, only the one in turn tries again. When that block is lost, all is open again.
    /// </summary>
    private async Task<bool> IsCarriedAsync(WantedCall call, CancellationToken cancellationToken)
    {
        if (call.Sets.IsEmpty)
        {
            return false;
        }

        // True only if more than half say so.
        (bool carried, _) = await _nodes.RangeAsync(
            $"whether {call.Name} is carried", (c, t) => IsCarriedAsync(c, call, t),
            cancellationToken).ConfigureAwait(false);
        if (carried)
        {
            _carried[call.MessageId] = Now();
        }

        return carried;
    }

    private static async Task<bool> IsCarriedAsync(
        EvmClient client, WantedCall call, CancellationToken cancellationToken)
    {
        int used = 0;
        foreach (IGrouping<ulong, ConsumedBit> bits in call.Sets.GroupBy(static bit => bit.Word))
        {
            UInt256 word = await client.StorageAsync(
                call.To, BridgeSlots.Consumed(bits.Key), BlockId.Latest, cancellationToken)
                .ConfigureAwait(false);
            used += bits.Count(bit => BridgeSlots.IsSet(word, bit));
        }

        return call.MayRepeat ? used == call.Sets.Length : used > 0;
    }

    private async Task<bool> BeginAsync(WantedCall call, ulong nonce, CancellationToken cancellationToken)
    {
        if (await IsCarriedAsync(call, cancellationToken).ConfigureAwait(false)
            || await GasAsync(call, cancellationToken).ConfigureAwait(false) is not { } gas)
        {
            return false;
        }

        UInt256 baseFee = await BaseFeeAsync(cancellationToken).ConfigureAwait(false);
        if (settings.Fees.First(baseFee) is not { } fees)
        {
            Note = $"{call.Title} waits: the base fee is {baseFee} wei, the cap "
                + $"{settings.Fees.Cap}.";
            return false;
        }

        var transaction = new Eip1559Transaction
        {
            ChainId = settings.ChainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            GasLimit = gas,
            To = call.To,
            Data = [.. call.Data],
        };
        await SendAsync(call.MessageId, transaction, cancellationToken).ConfigureAwait(false);
        _begun[call.MessageId] = (_begun.GetValueOrDefault(call.MessageId).Times + 1, Now());
        return true;
    }

    /// <summary>What a call may use; null when it would be refused: somebody else was first, or the contract
    /// is paused, and the next look at both sides tells.</summary>
    private async Task<ulong?> GasAsync(WantedCall call, CancellationToken cancellationToken)
    {
        try
        {
            return FeePolicy.GasLimit(await _nodes.MiddleAsync(
                $"what {call.Name} costs",
                (c, t) => c.EstimateGasAsync(new EvmCall(call.To, call.Data, key.Address), t),
                cancellationToken).ConfigureAwait(false));
        }
        catch (NodesUnsureException e)
        {
            Note = e.Refusals.Length >= _nodes.Needed
                ? $"{call.Title} would be refused: {e.Refusals[0].Message}"
                : e.Message;
            return null;
        }
    }

    private bool IsTime(WantedCall call)
    {
        if (_carried.TryGetValue(call.MessageId, out TimestampMs seen) && seen <= Now()
            && Now().Since(seen) < settings.Replace.TotalMilliseconds)
        {
            return false;
        }

        (int times, TimestampMs last) = _begun.GetValueOrDefault(call.MessageId);
        double pause = settings.Replace.TotalMilliseconds * (1 << Math.Min(times, MostDoublings));
        return times == 0 || (call.MayRepeat && (last > Now() || Now().Since(last) >= pause));
    }

    /// <summary>One that is in no block: again after a while, with a higher offer.</summary>
    private async Task InsistAsync(
        SentTransaction waiting,
        Dictionary<ulong, WantedCall> messages,
        CancellationToken cancellationToken)
    {
        TimestampMs now = Now();

        // One from the future was sent before the clock was set back.
        if (waiting.SentAt <= now && now.Since(waiting.SentAt) < settings.Replace.TotalMilliseconds)
        {
            return;
        }

        Eip1559Transaction last = waiting.Signed.Transaction;
        var offered = new GasFees(last.MaxPriorityFeePerGas, last.MaxFeePerGas);
        UInt256 baseFee = await BaseFeeAsync(cancellationToken).ConfigureAwait(false);
        if (settings.Fees.Replace(offered, baseFee) is not { } fees)
        {
            Note = $"Nonce {last.Nonce} waits in no block at {offered.MaxFeePerGas} wei, close to the cap.";
            await BroadcastAsync(waiting.Signed, cancellationToken).ConfigureAwait(false);
            return;
        }

        // The call as it is wanted now: after a change of signers others have signed it.
        WantedCall? wanted = messages.GetValueOrDefault(waiting.MessageId);
        bool isSame = wanted is not null && last.Data.AsSpan().SequenceEqual(wanted.Data);
        ulong? gas = isSame ? last.GasLimit
            : wanted is not null ? await GasAsync(wanted, cancellationToken).ConfigureAwait(false)
            : null;
        Eip1559Transaction again = last with
        {
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            To = gas is null ? key.Address : wanted!.To,
            Data = gas is null ? [] : [.. wanted!.Data],
            GasLimit = gas ?? EmptyGas,
        };
        await SendAsync(gas is null ? 0 : waiting.MessageId, again, cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(
        ulong messageId, Eip1559Transaction transaction, CancellationToken cancellationToken)
    {
        var sent = new SentTransaction(messageId, Now(), transaction.Sign(key));
#if PLANTED
        if (!Planted.Is(PlantedBug.BridgeSendUnwritten))
#endif
        journal.PutSend(sent);
        _sent![transaction.Nonce] = sent;
        await BroadcastAsync(sent.Signed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>To all nodes; that one knows it already is as good as that it takes it.</summary>
    private async Task BroadcastAsync(SignedEip1559Transaction signed, CancellationToken cancellationToken)
    {
        (int taken, EvmCallException? refusal) = await _nodes.DoAsync(
            async (client, cancel) =>
            {
                try
                {
                    await client.SendAsync(signed, cancel).ConfigureAwait(false);
                }
                catch (EvmCallException)
                {
                    if (!await KnowsAsync(client, signed.Hash, cancel).ConfigureAwait(false))
                    {
                        throw;
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (taken == 0)
        {
            Note = $"Nonce {signed.Transaction.Nonce} was taken by no node: {refusal?.Message}";
        }
    }

    private static async Task<bool> KnowsAsync(
        EvmClient client, Hash256 transaction, CancellationToken cancellationToken)
    {
        try
        {
            return await client.TransactionAsync(transaction, cancellationToken).ConfigureAwait(false)
                is not null;
        }
        catch (EvmCallException)
        {
            return false;
        }
    }

    /// <summary>All nonces below the first are used up by the word of more than half of the nodes; that those
    /// from the second on are not is the word of as many.</summary>
    private Task<(ulong Least, ulong Most)> NonceAsync(
        BlockId block, CancellationToken cancellationToken) => _nodes.RangeAsync(
            $"the sender's nonce after the {block} block", (c, t) => c.NonceAsync(key.Address, block, t),
            cancellationToken);

    private Task<UInt256> BaseFeeAsync(CancellationToken cancellationToken) => _nodes.MiddleAsync(
        "the base fee",
        static async (c, t) => (await c.BlockAsync(BlockId.Latest, t).ConfigureAwait(false))?.BaseFeePerGas
            ?? UInt256.Zero,
        cancellationToken);

    private TimestampMs Now() => new((ulong)time.GetUtcNow().ToUnixTimeMilliseconds());
}
