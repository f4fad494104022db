// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// Reads what passes a subscriber's filter, in the chain's order, in steps of bounded work. For a few
/// accounts it asks their histories which block comes next, and reads no block that has nothing of theirs;
/// else it reads block after block. For one subscriber.
/// </summary>
/// <param name="ledger">Where it reads.</param>
/// <param name="filter">What passes.</param>
/// <param name="from">Where it begins.</param>
internal sealed class EventReader(LedgerReader ledger, EventFilter filter, EventCursor from)
{
    /// <summary>What a block that is read counts beside its events, and a look into a history.</summary>
    public const int RowsPerSeek = 10;

    /// <summary>Looks into histories in one step.</summary>
    private const int SeeksPerStep = 64;

    /// <summary>Histories are not asked when that would be more looks than so many a block.</summary>
    private const int SeeksPerBlock = 8;

    // An account has nothing in the blocks from At to the one before this, and something in this one if that
    // is known; else this is the first that was not looked at.
    private readonly (Height Height, bool HasSomething)[] _next =
        new (Height, bool)[filter.Accounts.Length];

    private BlockEvents? _block;

    /// <summary>Where it goes on: everything before was given, or does not pass.</summary>
    public EventCursor At { get; private set; } = from;

    /// <summary>Reads on: at most one block, and at most <see cref="Limits.StreamStepEvents"/> of it.
    /// </summary>
    /// <param name="head">The last block to look at; not below <see cref="At"/>.</param>
    /// <returns>What passes of what was looked at, which often is nothing; and how much that was.</returns>
    /// <exception cref="Grpc.Core.RpcException">CURSOR_INVALID: the block has fewer events than were
    /// delivered of it.</exception>
    public (IReadOnlyList<Event> Passed, int Rows) Step(Height head)
    {
        ulong blocks = head.Value - At.Height.Value + 1;
        int accounts = filter.Accounts.Length;
        return At.Delivered == 0 && accounts > 0 && (ulong)accounts <= SeeksPerBlock * blocks
            && !Array.Exists(_next, next => next == (At.Height, true))
            ? ([], SkipToNext(head))
            : ReadBlock();
    }

    /// <summary>Goes on to the next block in one of the histories, or behind the head.</summary>
    /// <returns>How much was looked at.</returns>
    private int SkipToNext(Height head)
    {
        int seeks = 0;
        Height lowest = head.Next;
        for (int i = 0; i < _next.Length; i++)
        {
            (Height height, bool hasSomething) = _next[i];
            if (height < At.Height || (height <= head && !hasSomething))
            {
                if (seeks == SeeksPerStep)
                {
                    // The others are asked in the next step; those that were, are not asked again.
                    return seeks * RowsPerSeek;
                }

                seeks++;
                Height? found = ledger.FindNextOf(filter.Accounts[i], At.Height, head);
                _next[i] = (found ?? head.Next, found is not null);
            }

            lowest = _next[i].Height < lowest ? _next[i].Height : lowest;
        }

        At = new EventCursor(lowest, 0);
        return seeks * RowsPerSeek;
    }

    private (IReadOnlyList<Event> Passed, int Rows) ReadBlock()
    {
        int rows = 0;
        if (_block?.Height != At.Height)
        {
            // All its events are decoded, however few of them pass.
            _block = BlockEvents.At(ledger, At.Height);
            rows = RowsPerSeek + _block.Records.Length;
        }

        int count = _block.Records.Length;
        if (At.Delivered > count)
        {
            throw EventCursor.Invalid(
                $"The cursor says that {At.Delivered} events of block {At.Height} were delivered, and it has "
                + $"{count}.");
        }

        var passed = new List<Event>();
        uint end = Math.Min((uint)count, At.Delivered + Limits.StreamStepEvents);
        for (uint i = At.Delivered; i < end; i++)
        {
            if (filter.Passes(_block.Records[(int)i].Event) && _block.ToWire(i) is var wire
                && filter.PassesType(wire))
            {
                passed.Add(wire);
            }
        }

        At = end == count ? new EventCursor(At.Height.Next, 0) : new EventCursor(At.Height, end);
        _block = end == count ? null : _block;
        return (passed, rows);
    }
}
