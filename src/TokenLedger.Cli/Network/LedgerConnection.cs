// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Cli.Network;

/// <summary>
/// The nodes of a network, asked in turn: the first that answers is asked first the next time. Not
/// thread-safe but for
/// calls themselves, which may run in parallel.
/// </summary>
internal sealed class LedgerConnection : IDisposable
{
    // A node that is down must not use up the whole time while others could answer.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    private readonly ImmutableArray<Uri> _endpoints;
    private readonly LedgerClient?[] _clients;
    private readonly TimeProvider _time;
    private readonly NetworkIdentity? _pinned;
    private readonly ServerTrust? _trust;
    private readonly bool[] _checked;
    private readonly Action<Uri, DateTimeOffset>? _stale;
    private readonly Metadata? _credentials;
    private volatile int _preferred;
    private int _staleTold;

    /// <param name="endpoints">The nodes.</param>
    /// <param name="timeout">How long a command may wait for the network.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pinned">What each node must be of before its word counts; null for anything.</param>
    /// <param name="trust">Who vouches for the nodes' certificates; null for the system's.</param>
    /// <param name="stale">Told once, which node's answer is of a time after which nothing became final.
    /// </param>
    /// <param name="credentials">What goes with every call; null for nothing.</param>
    public LedgerConnection(
        ImmutableArray<Uri> endpoints,
        TimeSpan timeout,
        TimeProvider time,
        NetworkIdentity? pinned = null,
        ServerTrust? trust = null,
        Action<Uri, DateTimeOffset>? stale = null,
        Metadata? credentials = null)
    {
        _credentials = credentials;
        _stale = stale;
        _pinned = pinned;
        _trust = trust;
        _checked = new bool[endpoints.Length];
        _endpoints = endpoints;
        _clients = new LedgerClient?[endpoints.Length];
        _time = time;
        Timeout = timeout;
    }

    /// <summary>How long a command may wait for the network.</summary>
    public TimeSpan Timeout { get; }

    public ImmutableArray<Uri> Endpoints => _endpoints;

    /// <summary>The node that answered last.</summary>
    public LedgerClient Preferred => Client(_preferred);

    /// <summary>Where that node is.</summary>
    public Uri PreferredEndpoint => _endpoints[_preferred];

    /// <summary>Reads from the first node that answers.</summary>
    /// <exception cref="CliException">None answered, or one refused.</exception>
    public async Task<T> ReadAsync<T>(
        Func<LedgerClient, CallOptions, AsyncUnaryCall<T>> call, CancellationToken token)
    {
        DateTimeOffset end = _time.GetUtcNow() + Timeout;
        int first = _preferred;
        for (int attempt = 0; ; attempt++)
        {
            int index = (first + attempt) % _endpoints.Length;
            bool last = attempt == _endpoints.Length - 1;
            DateTimeOffset deadline = last ? end : Earlier(end, _time.GetUtcNow() + AttemptTimeout);
            try
            {
                var options = new CallOptions(null, deadline.UtcDateTime, token);
                await CheckAsync(index, options);
                using AsyncUnaryCall<T> running = call(Client(index), options);
                T answer = await running;
                TellIfStale(index, await running.ResponseHeadersAsync);
                _preferred = index;
                return answer;
            }
            catch (RpcException e) when (!token.IsCancellationRequested)
            {
                if (last || !RpcFailure.IsOfTransport(e))
                {
                    throw RpcFailure.ToCli(e, _endpoints[index]);
                }
            }
        }
    }

    /// <summary>Requires, on first contact with a node, that it is of the pinned network.</summary>
    /// <exception cref="CliException">It is of another.</exception>
    /// <exception cref="RpcException">It does not answer.</exception>
    public async Task CheckAsync(int index, CallOptions options)
    {
        if (_pinned is null || Volatile.Read(ref _checked[index]))
        {
            return;
        }

        GetNetworkResponse node =
            await Client(index).Queries.GetNetworkAsync(new GetNetworkRequest(), options);
        _pinned.Require(NetworkIdentity.Of(node));
        Volatile.Write(ref _checked[index], true);
    }

    /// <summary>The connection to one node.</summary>
    public LedgerClient Client(int index)
    {
        lock (_clients)
        {
            return _clients[index] ??= LedgerClient.Connect(
                _endpoints[index],
                new RpcChannelOptions
                {
                    ConnectTimeout = ConnectTimeout,
                    SslOptions = _trust?.Options(),
                    Headers = _credentials,
                });
        }
    }

    /// <summary>The order in which to try the nodes, the preferred first.</summary>
    public IEnumerable<int> Order()
    {
        int first = _preferred;
        return Enumerable.Range(0, _endpoints.Length).Select(i => (first + i) % _endpoints.Length);
    }

    /// <summary>Asks another node first from now on.</summary>
    public void Prefer(int index) => _preferred = index;

    public void Dispose()
    {
        foreach (LedgerClient? client in _clients)
        {
            client?.Dispose();
        }
    }

    /// <summary>Tells, once, when a node's headers say that nothing becomes final.</summary>
    public void TellIfStale(int index, Metadata headers)
    {
        if (headers.GetValue(FreshnessMetadata.Finalizing) == "false"
            && ulong.TryParse(
                headers.GetValue(FreshnessMetadata.BlockTime), NumberStyles.None,
                CultureInfo.InvariantCulture, out ulong ms))
        {
            TellStale(index, ms);
        }
    }

    /// <summary>The same of a heartbeat, which comes while a stream has nothing else.</summary>
    public void TellIfStale(int index, Heartbeat heartbeat)
    {
        if (!heartbeat.Finalizing)
        {
            TellStale(index, heartbeat.TimeMs);
        }
    }

    private void TellStale(int index, ulong ms)
    {
        if (_stale is not null
            && ms < (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && Interlocked.Exchange(ref _staleTold, 1) == 0)
        {
            _stale(_endpoints[index], DateTimeOffset.FromUnixTimeMilliseconds((long)ms));
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
