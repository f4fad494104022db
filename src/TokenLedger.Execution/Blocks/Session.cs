// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>What the rules of one block share: the state, the block's time, and the events so far.</summary>
internal sealed class Session(LedgerState state, BlockContext block, Hash256 genesisHash)
{
    private readonly List<EventRecord> _events = [];

    public LedgerState State { get; } = state;

    public LedgerView Read { get; } = state.Read;

    public BlockContext Block { get; } = block;

    public TimestampMs Now => Block.Time;

    public Hash256 GenesisHash { get; } = genesisHash;

    public IReadOnlyList<EventRecord> Events => _events;

    /// <summary>Sender of the transaction that executes; zero in housekeeping.</summary>
    public Address Sender { get; private set; }

    private uint TransactionIndex { get; set; } = EventRecord.Housekeeping;

    public void Enter(int transactionIndex, Address sender)
    {
        TransactionIndex = (uint)transactionIndex;
        Sender = sender;
    }

    /// <summary>What follows is the block's own work.</summary>
    public void Leave() => (TransactionIndex, Sender) = (EventRecord.Housekeeping, default);

    public void Emit(LedgerEvent happened) => _events.Add(new EventRecord(TransactionIndex, happened));

    /// <summary>Runs all or nothing: after a rejection neither writes nor events remain.</summary>
    public Rejection? Atomically<T>(T argument, Func<Session, T, Rejection?> run)
    {
        (Savepoint point, int events) = (State.Overlay.Save(), _events.Count);
        Rejection? rejection = run(this, argument);
        if (rejection is not null)
        {
            Undo(point, events);
        }

        return rejection;
    }

    /// <summary>Runs and undoes: what would come of it, without it.</summary>
    public Rejection? Try<T>(T argument, Func<Session, T, Rejection?> run)
    {
        (Savepoint point, int events) = (State.Overlay.Save(), _events.Count);
        Rejection? rejection = run(this, argument);
        Undo(point, events);
        return rejection;
    }

    private void Undo(Savepoint point, int events)
    {
        State.Overlay.RollBack(point);
        CollectionsMarshal.SetCount(_events, events);
    }
}
