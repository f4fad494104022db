// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Chain;
using AccountFrozenEvent = TokenLedger.Core.Ledger.AccountFrozen;
using AccountRegisteredEvent = TokenLedger.Core.Ledger.AccountRegistered;
using AccountUnfrozenEvent = TokenLedger.Core.Ledger.AccountUnfrozen;
using TransferredEvent = TokenLedger.Core.Ledger.Transferred;
using UnitsBurnedEvent = TokenLedger.Core.Ledger.UnitsBurned;
using UnitsIssuedEvent = TokenLedger.Core.Ledger.UnitsIssued;

namespace TokenLedger.Node.Services;

/// <summary>
/// Streams finalized events from a cursor. Each subscriber reads the ledger at its own pace, so a slow one
/// costs the others nothing and this node only its stream's buffer.
/// </summary>
internal sealed class EventServiceImpl(ValidatorRuntime runtime, TimeProvider time)
    : EventService.EventServiceBase
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(5);

    public override async Task Subscribe(
        SubscribeRequest request, IServerStreamWriter<SubscribeResponse> responseStream,
        ServerCallContext context)
    {
        (Height height, uint delivered) = EventCursor.Read(request.Cursor);
        if (Pruned.Has(runtime.Ledger, height))
        {
            // Also without a cursor: whoever asks for everything must not take a part for it.
            throw Pruned.Failure(
                runtime.Ledger, StatusCode.OutOfRange, "CURSOR_PRUNED",
                ("oldest_cursor", new EventCursor(runtime.Ledger.SnapshotHeight.Next, 0).Write()));
        }

        var filter = new EventFilter(request);
        long sent = time.GetTimestamp();
        while (true)
        {
            // Blocks without an event that passes must not keep a subscriber, and its cursor, waiting for
            // ever.
            TimeSpan patience = HeartbeatEvery - time.GetElapsedTime(sent);
            bool here = height <= runtime.Feed.Head.Height;
            if (patience <= TimeSpan.Zero
                || !(here
                    || await GrewAsync(height, patience, context.CancellationToken).ConfigureAwait(false)))
            {
                await responseStream.WriteAsync(Beat(height, delivered), context.CancellationToken)
                    .ConfigureAwait(false);
                sent = time.GetTimestamp();
            }
            else if (here)
            {
                if (await SendBlockAsync(height, delivered, filter, responseStream, context.CancellationToken)
                    .ConfigureAwait(false))
                {
                    sent = time.GetTimestamp();
                }

                (height, delivered) = (height.Next, 0);
            }
        }
    }

    private SubscribeResponse Beat(Height height, uint delivered)
    {
        FinalizedHead head = runtime.Feed.Head;
        return new SubscribeResponse
        {
            Cursor = new EventCursor(height, delivered).Write(),
            Heartbeat = new Heartbeat { Height = head.Height.Value, TimeMs = head.Header.Timestamp.Value },
        };
    }

    /// <summary>Sends what passes of a block's events.</summary>
    /// <returns>True when something was sent.</returns>
    private async Task<bool> SendBlockAsync(
        Height height,
        uint delivered,
        EventFilter filter,
        IServerStreamWriter<SubscribeResponse> stream,
        CancellationToken cancellationToken)
    {
        ImmutableArray<EventRecord> events = runtime.Ledger.FindEvents(height)
            ?? throw new InvariantException($"height {height} is committed and has no events");
        if (events.IsEmpty)
        {
            return false;
        }

        bool sent = false;
        Block block = LedgerReads.Required(runtime.Ledger.FindBlock(height), height);
        for (uint i = delivered; i < (uint)events.Length; i++)
        {
            EventRecord record = events[(int)i];
            if (!filter.Passes(record.Event))
            {
                continue;
            }

            Hash256? cause = record.TransactionIndex == EventRecord.Housekeeping
                ? null
                : block.Transactions[(int)record.TransactionIndex].IdOn(runtime.Ledger.GenesisHash);
            Event wire = EventMapper.ToWire(record.Event, height, block.Header.Timestamp, i, cause);
            if (filter.PassesType(wire))
            {
                await stream.WriteAsync(
                    new SubscribeResponse { Cursor = new EventCursor(height, i + 1).Write(), Event = wire },
                    cancellationToken)
                    .ConfigureAwait(false);
                sent = true;
            }
        }

        return sent;
    }

    private async Task<bool> GrewAsync(Height height, TimeSpan within, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<FinalizedHead> grown = runtime.Feed.WaitForAsync(height, patience.Token);
        try
        {
            await grown.WaitAsync(within, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            await patience.CancelAsync().ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>What a subscriber asked for.</summary>
    private sealed class EventFilter
    {
        private static readonly OneofDescriptor Kind = Event.Descriptor.Oneofs
            .Single(oneof => oneof.Name == "kind");

        private readonly FrozenSet<Address> _accounts;
        private readonly FrozenSet<string> _types;

        public EventFilter(SubscribeRequest request)
        {
            if (request.Accounts.Count > Limits.PageRows || request.Types_.Count > Limits.PageRows)
            {
                throw RequestFields.Invalid($"A filter names at most {Limits.PageRows} accounts or types.");
            }

            _accounts = request.Accounts
                .Select(bytes => RequestFields.Address(bytes, "accounts"))
                .ToFrozenSet();
            _types = request.Types_.ToFrozenSet(StringComparer.Ordinal);
            string? unknown = _types.FirstOrDefault(type => Kind.Fields.All(field => field.Name != type));
            if (unknown is not null)
            {
                throw RequestFields.Invalid($"'{unknown}' is no type of event.");
            }
        }

        public bool Passes(LedgerEvent happened) => _accounts.Count == 0 || happened switch
        {
            UnitsIssuedEvent e => _accounts.Contains(e.To),
            UnitsBurnedEvent e => _accounts.Contains(e.From),
            TransferredEvent e => _accounts.Contains(e.From) || _accounts.Contains(e.To),
            AccountRegisteredEvent e => _accounts.Contains(e.Account),
            AccountFrozenEvent e => _accounts.Contains(e.Account),
            AccountUnfrozenEvent e => _accounts.Contains(e.Account),
            _ => false,
        };

        public bool PassesType(Event wire) =>
            _types.Count == 0 || _types.Contains(Kind.Accessor.GetCaseFieldDescriptor(wire).Name);
    }
}
