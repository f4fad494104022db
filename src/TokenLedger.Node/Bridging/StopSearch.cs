// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Storage;

namespace TokenLedger.Node.Bridging;

/// <summary>A decision since which something of a lane stands still.</summary>
/// <param name="Height">The block.</param>
/// <param name="Transaction">The transaction's place in it; <see cref="EventRecord.Housekeeping"/> for
/// none.</param>
/// <param name="Stops">What of that which stands still now stood still from then on.</param>
/// <param name="Reason">Why.</param>
internal sealed record StopFound(Height Height, uint Transaction, BridgeStops Stops, string Reason)
{
    /// <summary>False while an earlier decision, in a block that was not searched, may be the one.</summary>
    public bool IsSure { get; init; } = true;

    /// <summary>Of a halt: who reported what before it.</summary>
    public ImmutableArray<Voice> Voices { get; init; } = [];
}

/// <summary>
/// Finds out why a lane stands still. The state holds only that it does; the reason stands in an event of the
/// block that decided it. So blocks are searched from the newest back, a part of them at each call, and what
/// was searched is remembered. Thread-safe.
/// </summary>
/// <param name="blocksAtOnce">How many blocks one call reads at most.</param>
internal sealed class StopSearch(ulong blocksAtOnce = 20_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Searched> _lanes = [];

    /// <summary>For each of a lane's stops the decision since which it holds, newest first, as far as blocks
    /// were searched; and the lowest block that was.</summary>
    public (ImmutableArray<StopFound> Found, Height From) Find(LedgerReader ledger, BridgeLaneState lane)
    {
        ulong chainId = lane.Terms.ChainId;
        lock (_gate)
        {
            if (lane.Stops == BridgeStops.None)
            {
                _lanes.Remove(chainId);
                return ([], default);
            }

            ulong head = ledger.Head.Height.Value;
            ulong floor = ledger.FindSnapshotHeight().Value + 1;
            if (!_lanes.TryGetValue(chainId, out Searched? searched) || head < searched.To
                || head - searched.To > blocksAtOnce)
            {
                _lanes[chainId] = searched = new Searched { From = head + 1, To = head };
            }

            var fresh = new List<StopFound>();
            for (ulong height = head; height > searched.To; height--)
            {
                Read(ledger, chainId, height, fresh);
            }

            searched.Events.InsertRange(0, fresh);
            searched.To = head;
            for (ulong left = blocksAtOnce;
                left > 0 && searched.From > floor && !IsKnown(searched, lane.Stops); left--)
            {
                searched.From--;
                searched.IsWhole = Read(ledger, chainId, searched.From, searched.Events);
            }

            return (
                [
                    .. Since(searched, lane.Stops).Select(one =>
                        (one.Stops & BridgeStops.Halted) == 0
                            ? one
                            : one with { Voices = VoicesOf(ledger, chainId, one, searched) }),
                ],
                new Height(searched.From));
        }
    }

    /// <summary>Read once: the blocks before a halt do not change.</summary>
    private static ImmutableArray<Voice> VoicesOf(
        LedgerReader ledger, ulong chainId, StopFound halt, Searched searched)
    {
        if (searched.Voices is not { } known || known.Halt != halt.Height)
        {
            searched.Voices = known = (halt.Height, HaltVoices.Of(ledger, chainId, halt));
        }

        return known.Said;
    }

    /// <summary>Adds a block's changes of what stands still, the last one first.</summary>
    /// <returns>True when the lane was opened in it: there are none before.</returns>
    private static bool Read(LedgerReader ledger, ulong chainId, ulong height, List<StopFound> into)
    {
        ImmutableArray<EventRecord> records = ledger.FindEvents(new Height(height)) ?? [];
        bool opened = false;
        foreach (EventRecord record in records.Reverse())
        {
            if (record.Event is BridgeStopsSet set && set.ChainId == chainId)
            {
                into.Add(new StopFound(
                    new Height(height), record.TransactionIndex, set.Stops, set.Reason));
            }

            opened |= record.Event is BridgeSignersSet { Epoch: 1 } first && first.ChainId == chainId;
        }

        return opened;
    }

    /// <summary>True when an earlier event can tell nothing more.</summary>
    private static bool IsKnown(Searched searched, BridgeStops stops)
    {
        BridgeStops moved = BridgeStops.None;
        foreach (StopFound one in searched.Events)
        {
            moved |= stops & ~one.Stops;
        }

        return searched.IsWhole || moved == stops;
    }

    /// <summary>Of events, the newest first, those from which on each stop held without a break.</summary>
    private static ImmutableArray<StopFound> Since(Searched searched, BridgeStops stops)
    {
        List<StopFound> events = searched.Events;
        var found = ImmutableArray.CreateBuilder<StopFound>();
        BridgeStops open = stops;
        for (int i = 0; i < events.Count && open != BridgeStops.None; i++)
        {
            BridgeStops before = i + 1 < events.Count ? events[i + 1].Stops : BridgeStops.None;
            BridgeStops begun = open & events[i].Stops & ~before;
            open &= ~begun;
            if (begun != BridgeStops.None)
            {
                found.Add(events[i] with
                {
                    Stops = begun,
                    IsSure = i + 1 < events.Count || searched.IsWhole,
                });
            }
        }

        return found.ToImmutable();
    }

    private sealed class Searched
    {
        public required ulong From { get; set; }

        public required ulong To { get; set; }

        /// <summary>The block of the lane's opening was read.</summary>
        public bool IsWhole { get; set; }

        /// <summary>Who spoke before the halt of a height.</summary>
        public (Height Halt, ImmutableArray<Voice> Said)? Voices { get; set; }

        /// <summary>Newest first.</summary>
        public List<StopFound> Events { get; } = [];
    }
}
