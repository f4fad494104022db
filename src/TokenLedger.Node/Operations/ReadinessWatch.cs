// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Grpc.Health.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Has grpc.health.v1 say what /health/ready says, for the whole server and for each service of clients.
/// That the process lives shows in that it answers; what is left to tell is whether blocks become final in
/// time, and for transactions whether they are taken.
/// </summary>
internal sealed class ReadinessWatch : IAsyncDisposable
{
    /// <summary>How far grpc.health.v1 may be behind /health/ready; a look costs microseconds.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop;
    private readonly HealthService _health;
    private readonly ImmutableArray<string> _services;
    private readonly Task _watching;

    /// <summary>Begins to watch. A node that is <paramref name="stopping"/> serves nothing more, and says
    /// so to whoever still asks.</summary>
    public ReadinessWatch(
        HealthService health,
        ImmutableArray<string> services,
        Func<string, bool> serves,
        TimeProvider time,
        CancellationToken stopping)
    {
        _health = health;
        _services = ["", .. services];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _watching = WatchAsync(serves, time, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WatchAsync(Func<string, bool> serves, TimeProvider time, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                Set(serves);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Set(static _ => false);
        }
    }

    private void Set(Func<string, bool> serves)
    {
        foreach (string service in _services)
        {
            _health.SetStatus(service, serves(service)
                ? HealthCheckResponse.Types.ServingStatus.Serving
                : HealthCheckResponse.Types.ServingStatus.NotServing);
        }
    }
}
