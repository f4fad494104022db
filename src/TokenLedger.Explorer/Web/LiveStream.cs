// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// New blocks as server-sent events. An event's id is its height; who comes back with <c>Last-Event-ID</c>
/// gets the blocks since, or, when they are too many, an event <c>reset</c> and the newest. A comment every
/// few seconds keeps the line open. Readers are bounded, and a slow one skips to the newest block.
/// Thread-safe.
/// </summary>
internal sealed class LiveStream(IIndexStore store, FollowerState follower, TimeProvider clock)
{
    /// <summary>Most blocks that are sent again.</summary>
    public const int MaxReplay = 100;

    /// <summary>What a reader waits before it comes back, milliseconds.</summary>
    private const int RetryMs = 3_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for the index when another process's was ahead of it.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(500);

    private readonly Places _places = new(SiteLimits.LiveReaders, SiteLimits.LiveReadersOfOne);

    /// <summary>Serves one reader until it or the program goes.</summary>
    public async Task ServeAsync(HttpContext context, CancellationToken stopping)
    {
        HttpResponse response = context.Response;
        using IDisposable? place = _places.TryTake(Readers.Of(context.Connection.RemoteIpAddress));
        if (place is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = "30";
            return;
        }

        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, stopping);
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            response.Headers["X-Accel-Buffering"] = "no";
            await WriteAsync(response, $"retry: {RetryMs}\n\n", ended.Token).ConfigureAwait(false);
            await FollowAsync(response, LastSeen(context.Request), ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader went, or the program stops: both are the end of a stream.
        }
    }

    private async Task FollowAsync(HttpResponse response, ulong? seen, CancellationToken cancellationToken)
    {
        ulong? last = seen;
        while (true)
        {
            ulong? sent = await SendSinceAsync(response, last, cancellationToken).ConfigureAwait(false);
            if (sent == last)
            {
                // What is followed is ahead of what is read.
                await Task.Delay(Behind, clock, cancellationToken).ConfigureAwait(false);
            }

            last = sent;
            while (!await ChangedAsync(last, cancellationToken).ConfigureAwait(false))
            {
                await WriteAsync(response, ": beat\n\n", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for a block that is not sent yet.</summary>
    /// <returns>False when none came for as long as a line may be silent.</returns>
    private async Task<bool> ChangedAsync(ulong? last, CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(Beat, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            await follower.WaitAsync(
                status => status.Cursor is { } cursor && (last is null || cursor.Height.Value > last),
                either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<ulong?> SendSinceAsync(
        HttpResponse response, ulong? last, CancellationToken cancellationToken)
    {
        await using IIndexView? view = await store.ViewAsync(cancellationToken).ConfigureAwait(false);
        if (view is null)
        {
            return last;
        }

        ulong newest = view.Cursor.Height.Value;
        if (last >= newest)
        {
            // Another process was ahead of this one, perhaps: nothing to send until this one is there too.
            return last;
        }

        ulong missed = last is null ? 1 : newest - last.Value;
        if (missed > MaxReplay)
        {
            await WriteAsync(response, "event: reset\ndata: {}\n\n", cancellationToken).ConfigureAwait(false);
            missed = 1;
        }

        IReadOnlyList<BlockRow> blocks = await view
            .BlocksAsync(view.Cursor.Height, (int)missed, cancellationToken).ConfigureAwait(false);
        foreach (BlockRow block in blocks.Reverse())
        {
            string data = JsonSerializer.Serialize(
                new
                {
                    block.Height,
                    block.Hash,
                    TimeMs = block.Header.Timestamp,
                    block.Transactions,
                    block.Events,
                },
                PageJson.Options);
            await WriteAsync(
                response, $"id: {block.Height}\nevent: block\ndata: {data}\n\n", cancellationToken)
                .ConfigureAwait(false);
        }

        return newest;
    }

    private static ulong? LastSeen(HttpRequest request) => ulong.TryParse(
        request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture,
        out ulong height)
            ? height
            : null;

    private static async Task WriteAsync(
        HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
