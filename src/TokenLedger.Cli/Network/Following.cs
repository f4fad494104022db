// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Network;

/// <summary>
/// Follows a stream for as long as the person wants: a lost connection is taken up at the next node, from
/// where the
/// stream was. A stalled network is said to be one, once.
/// </summary>
internal static class Following
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="session">The session.</param>
    /// <param name="open">Opens a stream from where the last one was.</param>
    /// <param name="heartbeat">What an item says of the node instead of news; null for news.</param>
    /// <param name="take">Takes an item and remembers where it was; true when nothing more is wanted.</param>
    /// <param name="token">Ends it, which is no failure.</param>
    /// <exception cref="CliException">A node refused (not: was lost).</exception>
    public static async Task RunAsync<T>(
        Session session, Func<LedgerClient, CallOptions, AsyncServerStreamingCall<T>> open,
        Func<T, Heartbeat?> heartbeat, Func<T, Task<bool>> take, CancellationToken token)
        where T : class
    {
        TimeSpan pause = FirstPause;
        int lost = 0;
        int index = session.Connection.Order().First();
        while (!token.IsCancellationRequested)
        {
            DateTimeOffset start = session.Now;
            try
            {
                await session.Connection.CheckAsync(
                    index, new CallOptions(null, (start + session.Timeout).UtcDateTime, token));
                using AsyncServerStreamingCall<T> stream =
                    open(session.Connection.Client(index), new CallOptions(null, null, token));
                Task<bool> more = stream.ResponseStream.MoveNext(token);
                session.Connection.TellIfStale(index, await stream.ResponseHeadersAsync);

                // What is asked about an item is asked first of the node that told it: it has come so far.
                session.Connection.Prefer(index);
                for (; await more; more = stream.ResponseStream.MoveNext(token))
                {
                    T item = stream.ResponseStream.Current;
                    if (heartbeat(item) is { } beat)
                    {
                        session.Connection.TellIfStale(index, beat);
                    }

                    if (await take(item))
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (
                token.IsCancellationRequested && e is RpcException or OperationCanceledException)
            {
                return;
            }
            catch (RpcException e)
            {
                if (!RpcFailure.IsOfTransport(e) && !RpcFailure.IsBusy(e))
                {
                    throw RpcFailure.ToCli(e, session.Connection.Endpoints[index]);
                }

                // A stream that held for a while was fine; only quick failures in a row mean that nobody is
                // there.
                lost = session.Now - start > LongestPause ? 1 : lost + 1;
                if (session.Timeout < TimeSpan.FromTicks(FirstPause.Ticks * lost))
                {
                    throw RpcFailure.ToCli(e, session.Connection.Endpoints[index]);
                }

                session.Talk.Say(
                    $"connection lost to {ContextFile.Text(session.Connection.Endpoints[index])} "
                    + $"({e.StatusCode}); taking the stream up again");
            }

            index = (index + 1) % session.Connection.Endpoints.Length;
            pause = lost == 0 ? FirstPause : pause < LongestPause ? pause * 2 : LongestPause;
            await Pause(session, pause, token);
        }
    }

    private static async Task Pause(Session session, TimeSpan pause, CancellationToken token)
    {
        try
        {
            await Task.Delay(pause, session.Environment.Time, token);
        }
        catch (OperationCanceledException)
        {
            // The loop sees the token.
        }
    }
}
