// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol;
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
    private volatile int _preferred;

    public LedgerConnection(ImmutableArray<Uri> endpoints, TimeSpan timeout, TimeProvider time)
    {
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
                using AsyncUnaryCall<T> running =
                    call(Client(index), new CallOptions(null, deadline.UtcDateTime, token));
                T answer = await running;
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

    /// <summary>The connection to one node.</summary>
    public LedgerClient Client(int index)
    {
        lock (_clients)
        {
            return _clients[index] ??= LedgerClient.Connect(
                _endpoints[index], new RpcChannelOptions { ConnectTimeout = ConnectTimeout });
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

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
