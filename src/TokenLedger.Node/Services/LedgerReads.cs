// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Services;

/// <summary>Reads that several services share. Thread-safe.</summary>
internal sealed class LedgerReads(ValidatorRuntime runtime)
{
    /// <summary>What is known of a transaction.</summary>
    public async Task<V1.TransactionStatus> StatusAsync(Hash256 id, CancellationToken cancellationToken)
    {
        V1.TransactionStatus? final = FindFinal(id);
        if (final is not null)
        {
            return final;
        }

        bool pending = await runtime.IsPendingAsync(id, cancellationToken).ConfigureAwait(false);

        // It may have become final, or impossible, between the two questions.
        return FindFinal(id) ?? FindDropped(id) ?? new V1.TransactionStatus
        {
            TransactionId = Wire(id),
            State = pending ? V1.TransactionState.Pending : V1.TransactionState.Unspecified,
            AsOfHeight = runtime.Ledger.Head.Height.Value,
        };
    }

    /// <summary>A final transaction; null when it is not final here.</summary>
    public V1.TransactionStatus? FindFinal(in Hash256 id)
    {
        if (runtime.Ledger.FindTransaction(id) is not { } location)
        {
            return null;
        }

        Block block = Required(runtime.Ledger.FindBlock(location.Height), location.Height);
        Receipt receipt = runtime.Ledger.FindReceipts(location.Height)!.Value[(int)location.Index];
        ImmutableArray<EventRecord> events = runtime.Ledger.FindEvents(location.Height)!.Value;
        var status = new V1.TransactionStatus
        {
            TransactionId = Wire(id),
            State = receipt.Succeeded ? V1.TransactionState.Succeeded : V1.TransactionState.Failed,
            AsOfHeight = runtime.Ledger.Head.Height.Value,
            Height = location.Height.Value,
            Index = location.Index,
            TimeMs = block.Header.Timestamp.Value,
            Refusal = RefusalOf(receipt),
            Transaction = TransactionMapper.ToWire(block.Transactions[(int)location.Index]),
        };
        for (uint i = receipt.FirstEvent; i < receipt.FirstEvent + receipt.EventCount; i++)
        {
            status.Events.Add(EventMapper.ToWire(
                events[(int)i].Event, location.Height, block.Header.Timestamp, i, id));
        }

        return status;
    }

    /// <summary>Why an included transaction failed; null when it did not.</summary>
    public static V1.Refusal? RefusalOf(Receipt receipt) => receipt.Code is not { } code
        ? null
        : StateMapper.ToWire(new Rejection(
            code, $"Operation {receipt.FailedOperation} was refused when the block was executed.",
            receipt.FailedOperation));

    /// <summary>A stored value that must be there, since its height is at or below the head.</summary>
    public static T Required<T>(T? value, Height height)
        where T : class =>
            value ?? throw new InvariantException($"height {height} is committed and not complete");

    public static Google.Protobuf.ByteString Wire(in Hash256 hash) =>
        Google.Protobuf.ByteString.CopyFrom(hash.ToArray());

    /// <summary>A transaction that waited here and never can be final; null when nothing says so.</summary>
    private V1.TransactionStatus? FindDropped(in Hash256 id) => runtime.WhyNever(id) is not { } reason
        ? null
        : new V1.TransactionStatus
        {
            TransactionId = Wire(id),
            State = reason == RejectionCode.Expired
                ? V1.TransactionState.Expired
                : V1.TransactionState.Replaced,
            AsOfHeight = runtime.Ledger.Head.Height.Value,
            Refusal = StateMapper.ToWire(new Rejection(reason, reason == RejectionCode.Expired
                ? "Its time passed before a block included it: it never will be."
                : "Another transaction used its nonce: it never will be included.")),
        };
}
