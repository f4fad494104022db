// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TokenLedger.Chaos;

namespace TokenLedger.Cluster.Tests.Chaos;

/// <summary>The network between validators does to bytes what it is told to.</summary>
public sealed class PeerLinksTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly TcpClient _near = new();
    private PeerLinks? _links;
    private TcpClient? _far;

    public async Task InitializeAsync()
    {
        _server.Start();
        int port = ((IPEndPoint)_server.LocalEndpoint).Port;
        _links = new PeerLinks(2, _ => port);
        await _near.ConnectAsync(IPAddress.Loopback, _links.Port(0, 1));
        _far = await _server.AcceptTcpClientAsync().WaitAsync(Within);
    }

    public async Task DisposeAsync() => await _links!.DisposeAsync();

    public void Dispose()
    {
        _near.Dispose();
        _far?.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Cut_OneWay_HoldsThatWayOnlyAndLetsItGoLater()
    {
        _links!.Set(0, 1, Traffic.Cut);
        await SayAsync(_near, 1);
        await SayAsync(_far!, 2);
        Assert.Equal(2, await HearAsync(_near));
        Task<int> held = HearAsync(_far!);
        await Assert.ThrowsAsync<TimeoutException>(() => held.WaitAsync(Silence));
        _links.Heal();
        Assert.Equal(1, await held.WaitAsync(Within));
    }

    [Fact]
    public async Task Delay_Bytes_ArriveLateAndInOrder()
    {
        _links!.Set(0, 1, new Traffic(Delay: Silence));
        long started = Stopwatch.GetTimestamp();
        await SayAsync(_near, 1);
        await SayAsync(_near, 2);
        Assert.Equal(1, await HearAsync(_far!));
        Assert.Equal(2, await HearAsync(_far!));
        Assert.True(Stopwatch.GetElapsedTime(started) >= Silence);
    }

    [Fact]
    public async Task HalfOpen_NearEnd_HearsNothingWhileTheFarOneIsGone()
    {
        _links!.HalfOpen(1);
        Assert.Equal(-1, await HearAsync(_far!).WaitAsync(Within));
        await SayAsync(_near, 1);
        await Assert.ThrowsAsync<TimeoutException>(() => HearAsync(_near).WaitAsync(Silence));
    }

    [Fact]
    public async Task Reset_BothEnds_AreGoneAndARefusedOneIsNotLetIn()
    {
        _links!.Refuse(0, 1, refused: true);
        _links.Reset(0);
        Assert.Equal(-1, await HearAsync(_near).WaitAsync(Within));
        Assert.Equal(-1, await HearAsync(_far!).WaitAsync(Within));
        using var again = new TcpClient();
        await again.ConnectAsync(IPAddress.Loopback, _links.Port(0, 1));
        Assert.Equal(-1, await HearAsync(again).WaitAsync(Within));
    }

    private static Task SayAsync(TcpClient end, byte said) =>
        end.GetStream().WriteAsync(new[] { said }).AsTask();

    /// <summary>One byte; −1 at the end of the connection, however it ended.</summary>
    private static async Task<int> HearAsync(TcpClient end)
    {
        byte[] heard = new byte[1];
        try
        {
            return await end.GetStream().ReadAsync(heard) == 1 ? heard[0] : -1;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return -1;
        }
    }
}
