// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TokenLedger.Chaos;

/// <summary>What happens to bytes on their way from one validator to another.</summary>
/// <param name="Blocked">They wait until the way is free again, as behind a partition.</param>
/// <param name="Delay">How long each of them takes.</param>
/// <param name="BytesPerSecond">How many pass; null: all.</param>
internal sealed record Traffic(bool Blocked = false, TimeSpan Delay = default, int? BytesPerSecond = null)
{
    public static Traffic Free { get; } = new();

    public static Traffic Cut { get; } = new(Blocked: true);
}

/// <summary>
/// The network between validators: a listener for every pair, in one direction each, through which the first
/// one reaches the second. A rule is about bytes from one to another, on whichever connection they travel.
/// Thread-safe.
/// </summary>
internal sealed class PeerLinks : IAsyncDisposable
{
    private readonly int _validators;
    private readonly Traffic[] _traffic;
    private readonly bool[] _refused;
    private readonly TcpListener[] _listeners;
    private readonly ConcurrentDictionary<LinkConnection, (int From, int To)> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _accepting;

    /// <param name="validators">How many there are.</param>
    /// <param name="peerPort">Where a validator really listens.</param>
    public PeerLinks(int validators, Func<int, int> peerPort)
    {
        _validators = validators;
        _traffic = [.. Enumerable.Repeat(Traffic.Free, validators * validators)];
        _refused = new bool[validators * validators];
        _listeners = [.. Enumerable.Range(0, validators * validators).Select(_ => Listen())];
        _accepting = [.. Enumerable.Range(0, validators * validators).Select(pair =>
            AcceptAsync(pair / validators, pair % validators, peerPort(pair % validators)))];
    }

    /// <summary>Where one validator finds another.</summary>
    public int Port(int from, int to) =>
        ((IPEndPoint)_listeners[(from * _validators) + to].LocalEndpoint).Port;

    /// <summary>The rule for bytes from one to another.</summary>
    public Traffic Rule(int from, int to) => Volatile.Read(ref _traffic[(from * _validators) + to]);

    public void Set(int from, int to, Traffic rule) =>
        Volatile.Write(ref _traffic[(from * _validators) + to], rule);

    public void SetBoth(int a, int b, Traffic rule)
    {
        Set(a, b, rule);
        Set(b, a, rule);
    }

    /// <summary>All that one validator says and hears.</summary>
    public void SetAround(int validator, Traffic rule)
    {
        foreach (int other in Enumerable.Range(0, _validators).Where(i => i != validator))
        {
            SetBoth(validator, other, rule);
        }
    }

    /// <summary>Whether connections that one opens to another are closed at once.</summary>
    public void Refuse(int from, int to, bool refused) =>
        Volatile.Write(ref _refused[(from * _validators) + to], refused);

    /// <summary>Nothing is in the way any more. What waited goes on; what was closed stays closed.</summary>
    public void Heal()
    {
        Array.Fill(_traffic, Traffic.Free);
        Array.Clear(_refused);
    }

    /// <summary>Closes every open connection of one validator, at both ends.</summary>
    public void Reset(int validator)
    {
        foreach ((LinkConnection connection, _) in Of(validator))
        {
            connection.Dispose();
        }
    }

    /// <summary>
    /// Leaves every open connection of one validator half-open: the end that opened it hears nothing more, no
    /// close and no reset, and the other end is gone.
    /// </summary>
    public void HalfOpen(int validator)
    {
        foreach ((LinkConnection connection, _) in Of(validator))
        {
            connection.LeaveHalfOpen();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Array.ForEach(_listeners, static listener => listener.Dispose());
        await Task.WhenAll(_accepting);
        foreach (LinkConnection connection in _connections.Keys)
        {
            connection.Dispose();
        }

        _stop.Dispose();
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private IEnumerable<KeyValuePair<LinkConnection, (int From, int To)>> Of(int validator) =>
        _connections.Where(pair => pair.Value.From == validator || pair.Value.To == validator);

    private async Task AcceptAsync(int from, int to, int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient near;
            try
            {
                near = await _listeners[(from * _validators) + to].AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException
                or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            if (Volatile.Read(ref _refused[(from * _validators) + to]))
            {
                near.Dispose();
                continue;
            }

            var connection = new LinkConnection(near, port, () => Rule(from, to), () => Rule(to, from));
            _connections[connection] = (from, to);
            _ = ForgetAtTheEndAsync(connection);
        }
    }

    private async Task ForgetAtTheEndAsync(LinkConnection connection)
    {
        await connection.RunAsync(_stop.Token);
        _connections.TryRemove(connection, out _);
        connection.Dispose();
    }
}
