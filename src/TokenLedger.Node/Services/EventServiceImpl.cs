// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Runtime;
using AccountFrozenEvent = TokenLedger.Core.Ledger.AccountFrozen;
using AccountRegisteredEvent = TokenLedger.Core.Ledger.AccountRegistered;
using AccountUnfrozenEvent = TokenLedger.Core.Ledger.AccountUnfrozen;
using BridgeLockedEvent = TokenLedger.Core.Bridge.BridgeLocked;
using BridgeReleasedEvent = TokenLedger.Core.Bridge.BridgeReleased;
using TagRequirementSetEvent = TokenLedger.Core.Ledger.TagRequirementSet;
using TransferredEvent = TokenLedger.Core.Ledger.Transferred;
using UnitsBurnedEvent = TokenLedger.Core.Ledger.UnitsBurned;
using UnitsIssuedEvent = TokenLedger.Core.Ledger.UnitsIssued;

namespace TokenLedger.Node.Services;

/// <summary>
/// Streams finalized events from a cursor. Each subscriber reads the ledger at its own pace, so a slow one
/// costs the others nothing and this node only its stream's buffer, and that not for ever: one that takes
/// nothing for a while is told to resume, and one that takes nothing for long is cut off.
/// </summary>
internal sealed class EventServiceImpl(ValidatorRuntime runtime, Heartbeats beats, TimeProvider time)
    : EventService.EventServiceBase
{
    public override async Task Subscribe(
        SubscribeRequest request, IServerStreamWriter<SubscribeResponse> responseStream,
        ServerCallContext context)
    {
        (Height height, uint delivered) = EventCursor.Read(request.Cursor, runtime.Ledger.GenesisHash);
        if (Pruned.Has(runtime.Ledger, height))
        {
            // Also without a cursor: whoever asks for everything must not take a part for it.
            throw Pruned.Failure(
                runtime.Ledger, StatusCode.OutOfRange, "CURSOR_PRUNED",
                ("oldest_cursor", new EventCursor(runtime.Ledger.SnapshotHeight.Next, 0)
                    .Write(runtime.Ledger.GenesisHash)));
        }

        var filter = new EventFilter(request);
        if (request.Inclusive && delivered > 0)
        {
            delivered--;
        }

        var outlet = new SubscriberOutlet(responseStream, time, context.CancellationToken);
        await using ConfiguredAsyncDisposable end = outlet.ConfigureAwait(false);
        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        await RequireReachableAsync(height, context.CancellationToken).ConfigureAwait(false);
        long sent = time.GetTimestamp();
        while (true)
        {
            // Blocks without an event that passes must not keep a subscriber, and its cursor, waiting for
            // ever.
            TimeSpan patience = Heartbeats.Every - time.GetElapsedTime(sent);
            bool here = height <= runtime.Feed.Head.Height;
            if (patience <= TimeSpan.Zero
                || !(here
                    || await beats.GrewAsync(height, patience, context.CancellationToken)
                        .ConfigureAwait(false)))
            {
                await outlet.WriteAsync(Beat(height, delivered)).ConfigureAwait(false);
                sent = time.GetTimestamp();
            }
            else if (here)
            {
                if (await SendBlockAsync(height, delivered, filter, outlet).ConfigureAwait(false))
                {
                    sent = time.GetTimestamp();
                }

                (height, delivered) = (height.Next, 0);
            }
        }
    }

    private SubscribeResponse Beat(Height height, uint delivered) => new()
    {
        Cursor = new EventCursor(height, delivered).Write(runtime.Ledger.GenesisHash),
        Heartbeat = beats.Now(),
    };

    /// <summary>
    /// A cursor goes on at the next block at most. One from another node may be a few blocks ahead of this
    /// one; when this one does not get there, its subscriber must not wait in silence.
    /// </summary>
    private async Task RequireReachableAsync(Height height, CancellationToken cancellationToken)
    {
        if (height.Value > 0
            && !await beats.GrewAsync(new Height(height.Value - 1), Heartbeats.Every, cancellationToken)
                .ConfigureAwait(false))
        {
            throw ErrorModel.Failure(
                StatusCode.Unavailable,
                "NODE_BEHIND",
                $"The cursor goes on at height {height}, and this node is at {runtime.Feed.Head.Height}. Ask "
                + "another node, or begin without a cursor.");
        }
    }

    /// <summary>Sends what passes of a block's events.</summary>
    /// <returns>True when something was sent.</returns>
    private async Task<bool> SendBlockAsync(
        Height height, uint delivered, EventFilter filter, SubscriberOutlet outlet)
    {
        bool sent = false;
        var block = BlockEvents.At(runtime.Ledger, height);
        for (uint i = delivered; i < (uint)block.Records.Length; i++)
        {
            if (!filter.Passes(block.Records[(int)i].Event))
            {
                continue;
            }

            Event wire = block.ToWire(i);
            if (filter.PassesType(wire))
            {
                string cursor = new EventCursor(height, i + 1).Write(runtime.Ledger.GenesisHash);
                await outlet.WriteAsync(new SubscribeResponse { Cursor = cursor, Event = wire })
                    .ConfigureAwait(false);
                sent = true;
            }
        }

        return sent;
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
            TagRequirementSetEvent e => _accounts.Contains(e.Account),
            BridgeLockedEvent e => _accounts.Contains(e.From),
            BridgeReleasedEvent e => _accounts.Contains(e.To),
            _ => false,
        };

        public bool PassesType(Event wire) =>
            _types.Count == 0 || _types.Contains(Kind.Accessor.GetCaseFieldDescriptor(wire).Name);
    }
}
