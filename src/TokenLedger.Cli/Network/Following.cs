// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol;

namespace TokenLedger.Cli.Network;

/// <summary>
/// Follows a stream for as long as the person wants: a lost connection is taken up at the next node, from
/// where the
/// stream was.
/// </summary>
internal static class Following
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="session">The session.</param>
    /// <param name="read">Reads one stream to its end; true when nothing more is wanted. It remembers where
    /// it was.</param>
    /// <param name="token">Ends it, which is no failure.</param>
    /// <exception cref="CliException">A node refused (not: was lost).</exception>
    public static async Task RunAsync(
        Session session, Func<LedgerClient, CallOptions, CancellationToken, Task<bool>> read,
        CancellationToken token)
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
                if (await read(session.Connection.Client(index), new CallOptions(null, null, token), token))
                {
                    return;
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

                session.Talk.Say($"connection lost ({e.StatusCode}); taking the stream up again");
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
