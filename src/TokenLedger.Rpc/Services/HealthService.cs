// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TokenLedger.Rpc;

/// <summary>
/// The standard health service: a status per service name; the empty name stands for the whole server.
/// Thread-safe.
/// </summary>
public sealed class HealthService : Health.HealthBase
{
    /// <summary>More watches at once are refused with RESOURCE_EXHAUSTED: each holds a stream.</summary>
    public const int MaxWatches = 1024;

    private readonly ConcurrentDictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly HashSet<OpenWatch> _watches = [];

    /// <summary>Sets the status of a service, and tells those who watch it.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            _statuses[service] = status;
            Tell(service, status);
        }
    }

    /// <summary>Forgets a service, which is then unknown.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            _statuses.TryRemove(service, out _);
            Tell(service, ServingStatus.ServiceUnknown);
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        _statuses.TryGetValue(request.Service, out var status)
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, "The service is unknown."));

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        foreach (var (service, status) in _statuses)
        {
            response.Statuses[service] = new HealthCheckResponse { Status = status };
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context)
    {
        var watch = new OpenWatch(request.Service);
        lock (_lock)
        {
            if (_watches.Count >= MaxWatches)
            {
                throw new RpcException(
                    new Status(StatusCode.ResourceExhausted, "Too many watches are open."));
            }

            _watches.Add(watch);
            watch.Changes.Writer.TryWrite(
                _statuses.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown));
        }

        try
        {
            await foreach (var status in watch.Changes.Reader.ReadAllAsync(context.CancellationToken)
                .ConfigureAwait(false))
            {
                if (status != watch.LastSent)
                {
                    var response = new HealthCheckResponse { Status = status };
                    await responseStream.WriteAsync(response).ConfigureAwait(false);
                    watch.LastSent = status;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _watches.Remove(watch);
            }
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        foreach (var watch in _watches)
        {
            if (watch.Service == service)
            {
                watch.Changes.Writer.TryWrite(status);
            }
        }
    }

    /// <summary>
    /// One open watch. Only the newest status counts, so a slow client holds one, not a queue.
    /// </summary>
    private sealed class OpenWatch(string service)
    {
        public string Service { get; } = service;

        public Channel<ServingStatus> Changes { get; } = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        public ServingStatus? LastSent { get; set; }
    }
}
