// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// Streams finalized events from a cursor. Each subscriber reads the ledger at its own pace, so a slow one
/// costs the others nothing and this node only its stream's buffer, and that not for ever: one that takes
/// nothing for a while is told to resume, and one that takes nothing for long is cut off.
/// </summary>
/// <param name="ledger">What is streamed.</param>
/// <param name="feed">How far.</param>
/// <param name="beats">What is said when nothing happens.</param>
/// <param name="turns">When each may read.</param>
/// <param name="time">The clock.</param>
internal sealed class EventServiceImpl(
    LedgerStore ledger, FinalityFeed feed, Heartbeats beats, StreamTurns turns, TimeProvider time)
    : EventService.EventServiceBase
{
    public override async Task Subscribe(
        SubscribeRequest request, IServerStreamWriter<SubscribeResponse> responseStream,
        ServerCallContext context)
    {
        (Height height, uint delivered) = EventCursor.Read(request.Cursor, ledger.GenesisHash);
        if (Pruned.Has(ledger, height))
        {
            // Also without a cursor: whoever asks for everything must not take a part for it.
            throw Pruned.Failure(
                ledger, StatusCode.OutOfRange, "CURSOR_PRUNED",
                ("oldest_cursor", new EventCursor(ledger.SnapshotHeight.Next, 0)
                    .Write(ledger.GenesisHash)));
        }

        var filter = new EventFilter(request);
        if (request.Inclusive && delivered > 0)
        {
            delivered--;
        }

        using StreamTurns.Turn turn = turns.Begin(context, height);
        var outlet = new SubscriberOutlet(responseStream, time, context.CancellationToken);
        await using ConfiguredAsyncDisposable end = outlet.ConfigureAwait(false);
        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        await RequireReachableAsync(height, context.CancellationToken).ConfigureAwait(false);
        await SendAsync(new EventReader(ledger, filter, new EventCursor(height, delivered)), turn, outlet)
            .ConfigureAwait(false);
    }

    private async Task SendAsync(EventReader reader, StreamTurns.Turn turn, SubscriberOutlet outlet)
    {
        long sent = time.GetTimestamp();
        while (true)
        {
            // Blocks without an event that passes must not keep a subscriber, and its cursor, waiting for
            // ever.
            TimeSpan patience = Heartbeats.Every - time.GetElapsedTime(sent);
            if (patience <= TimeSpan.Zero
                || !await turn.ComesAsync(reader.At.Height, patience).ConfigureAwait(false))
            {
                await outlet.WriteAsync(Beat(reader.At)).ConfigureAwait(false);
                sent = time.GetTimestamp();
                continue;
            }

            IReadOnlyList<Event> passed = await turn.ReadAsync(() => reader.Step(feed.Head.Height))
                .ConfigureAwait(false);
            foreach (Event one in passed)
            {
                string cursor = new EventCursor(new Height(one.Height), one.Index + 1)
                    .Write(ledger.GenesisHash);
                await outlet.WriteAsync(new SubscribeResponse { Cursor = cursor, Event = one })
                    .ConfigureAwait(false);
                sent = time.GetTimestamp();
            }
        }
    }

    private SubscribeResponse Beat(EventCursor at) => new()
    {
        Cursor = at.Write(ledger.GenesisHash),
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
                $"The cursor goes on at height {height}, and this node is at {feed.Head.Height}. Ask "
                + "another node.");
        }
    }
}
