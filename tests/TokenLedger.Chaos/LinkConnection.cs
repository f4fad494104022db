// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace TokenLedger.Chaos;

/// <summary>One connection from one validator to another, whose bytes pass under two rules.</summary>
/// <param name="near">The end of the validator that opened it.</param>
/// <param name="port">Where the other one listens.</param>
/// <param name="there">The rule for what the opener says.</param>
/// <param name="back">The rule for what it hears.</param>
internal sealed class LinkConnection(TcpClient near, int port, Func<Traffic> there, Func<Traffic> back)
    : IDisposable
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Chunks under way in one direction; then the sender waits, as with full windows.</summary>
    private const int MaxUnderWay = 64;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly TcpClient _far = new() { NoDelay = true };
    private readonly CancellationTokenSource _gone = new();
    private volatile bool _halfOpen;

    /// <summary>Passes bytes until an end closes; a half-open one stays until this is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        near.NoDelay = true;
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _gone.Token);
            await FreeAsync(
                () => there().Blocked || back().Blocked ? Traffic.Cut : Traffic.Free, ending.Token);
            await _far.ConnectAsync(IPAddress.Loopback, port, ending.Token);
            Task said = PassAsync(near, _far, there, ending.Token);
            Task heard = PassAsync(_far, near, back, ending.Token);
            await await Task.WhenAny(said, heard);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // An end is gone: so is the other.
        }

        if (_halfOpen)
        {
            await WaitAsync(Timeout.InfiniteTimeSpan, stop);
        }
    }

    /// <summary>The far end goes away, and the near one is not told.</summary>
    public void LeaveHalfOpen()
    {
        _halfOpen = true;
        _gone.Cancel();
        _far.Dispose();
    }

    public void Dispose()
    {
        _halfOpen = false;
        near.Dispose();
        _far.Dispose();
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or ObjectDisposedException
        or OperationCanceledException or InvalidOperationException;

    private static async Task WaitAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, stop);
        }
        catch (OperationCanceledException)
        {
            // Whoever waits looks at the token.
        }
    }

    private static async Task FreeAsync(Func<Traffic> rule, CancellationToken stop)
    {
        while (rule().Blocked)
        {
            await Task.Delay(Poll, stop);
        }
    }

    private static async Task PassAsync(
        TcpClient from, TcpClient to, Func<Traffic> rule, CancellationToken stop)
    {
        var underWay = Channel.CreateBounded<(long Due, byte[] Bytes)>(
            new BoundedChannelOptions(MaxUnderWay) { FullMode = BoundedChannelFullMode.Wait });
        Task arriving = ArriveAsync(underWay.Reader, to.GetStream(), rule, stop);
        NetworkStream stream = from.GetStream();
        byte[] buffer = new byte[ChunkBytes];
        try
        {
            while (await stream.ReadAsync(buffer, stop) is > 0 and int read)
            {
                Traffic now = rule();
                long due = Stopwatch.GetTimestamp()
                    + (long)(now.Delay.TotalSeconds * Stopwatch.Frequency);
                await underWay.Writer.WriteAsync((due, buffer.AsSpan(0, read).ToArray()), stop);
                if (now.BytesPerSecond is { } speed)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)read / speed), stop);
                }
            }
        }
        finally
        {
            underWay.Writer.TryComplete();
            await arriving;
        }
    }

    private static async Task ArriveAsync(
        ChannelReader<(long Due, byte[] Bytes)> underWay, NetworkStream to, Func<Traffic> rule,
        CancellationToken stop)
    {
        await foreach ((long due, byte[] bytes) in underWay.ReadAllAsync(stop))
        {
            // A timer counts whole milliseconds, and may be up to one early.
            while (Stopwatch.GetTimestamp() is var now && now < due)
            {
                await Task.Delay(Stopwatch.GetElapsedTime(now, due), stop);
            }

            await FreeAsync(rule, stop);
            await to.WriteAsync(bytes, stop);
        }
    }
}
