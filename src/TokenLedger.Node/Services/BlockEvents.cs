// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Services;

/// <summary>
/// A final block's events, read once, with what their wire form needs. The transactions' bodies are not
/// decoded for it.
/// </summary>
internal sealed class BlockEvents
{
    private readonly TimestampMs _time;
    private readonly ImmutableArray<Receipt> _receipts;

    private BlockEvents(
        Height height, TimestampMs time, ImmutableArray<Receipt> receipts,
        ImmutableArray<EventRecord> records)
    {
        Height = height;
        _time = time;
        _receipts = receipts;
        Records = records;
    }

    public Height Height { get; }

    /// <summary>The events in their order.</summary>
    public ImmutableArray<EventRecord> Records { get; }

    /// <summary>Reads the events of a height at or below the head.</summary>
    public static BlockEvents At(LedgerReader ledger, Height height)
    {
        ImmutableArray<EventRecord> records = ledger.FindEvents(height)
            ?? throw new InvariantException($"height {height} is committed and has no events");
        return records.IsEmpty
            ? new BlockEvents(height, default, [], records)
            : new BlockEvents(
                height,
                LedgerReads.Required(ledger.FindHeader(height), height).Timestamp,
                ledger.FindReceipts(height)
                    ?? throw new InvariantException($"height {height} is committed and has no receipts"),
                records);
    }

    /// <summary>One of the events as clients get it.</summary>
    public V1.Event ToWire(uint index)
    {
        EventRecord record = Records[(int)index];
        Hash256? cause = record.TransactionIndex == EventRecord.Housekeeping
            ? null
            : _receipts[(int)record.TransactionIndex].TransactionId;
        return EventMapper.ToWire(record.Event, Height, _time, index, cause);
    }
}
