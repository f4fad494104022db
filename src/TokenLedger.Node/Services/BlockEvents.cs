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
/// decoded for it. For one reader.
/// </summary>
internal sealed class BlockEvents
{
    private readonly LedgerReader _ledger;
    private TimestampMs _time;
    private ImmutableArray<Receipt> _receipts;

    private BlockEvents(LedgerReader ledger, Height height, ImmutableArray<EventRecord> records)
    {
        _ledger = ledger;
        Height = height;
        Records = records;
    }

    public Height Height { get; }

    /// <summary>The events in their order.</summary>
    public ImmutableArray<EventRecord> Records { get; }

    /// <summary>Reads the events of a height at or below the head.</summary>
    public static BlockEvents At(LedgerReader ledger, Height height) => new(
        ledger, height,
        ledger.FindEvents(height)
            ?? throw new InvariantException($"height {height} is committed and has no events"));

    /// <summary>One of the events as clients get it.</summary>
    public V1.Event ToWire(uint index)
    {
        if (_receipts.IsDefault)
        {
            // Whoever looks through many blocks wants the events of few.
            _time = LedgerReads.Required(_ledger.FindHeader(Height), Height).Timestamp;
            _receipts = _ledger.FindReceipts(Height)
                ?? throw new InvariantException($"height {Height} is committed and has no receipts");
        }

        EventRecord record = Records[(int)index];
        Hash256? cause = record.TransactionIndex == EventRecord.Housekeeping
            ? null
            : _receipts[(int)record.TransactionIndex].TransactionId;
        return EventMapper.ToWire(record.Event, Height, _time, index, cause);
    }
}
