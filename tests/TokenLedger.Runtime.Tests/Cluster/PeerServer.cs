// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Runtime.Tests.Cluster;

/// <summary>
/// The peer services on Kestrel, in clear text on loopback, with one port for each caller. What answers can
/// be exchanged while it runs; without it every call fails as that to a dead process does.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PeerSlot _peers = new();
    private readonly SyncSlot _sync = new();

    private PeerServer(WebApplication app) => _app = app;

    public PortIdentity Identity { get; } = new();

    public Uri[] Addresses { get; private set; } = [];

    public static Task<PeerServer> StartAsync(int callers) => StartAsync(new int[callers]);

    /// <summary>Starts at these ports, one for each caller; 0 is any free one.</summary>
    public static async Task<PeerServer> StartAsync(int[] ports)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (int port in ports)
            {
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
            }
        });
        WebApplication app = builder.Build();
        var server = new PeerServer(app);
        app.MapRpcService<PeerService.PeerServiceBase>(server._peers);
        app.MapRpcService<SyncService.SyncServiceBase>(server._sync);
        await app.StartAsync();
        server.Addresses = [.. app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        server.Identity.Assign(server.Addresses.Select(address => address.Port));
        return server;
    }

    /// <summary>From now on these answer; streams that are open end.</summary>
    public void Serve(PeerService.PeerServiceBase? peers, SyncService.SyncServiceBase? sync)
    {
        _sync.Target = sync;
        _peers.Exchange(peers);
    }

    public RpcChannel Connect(int caller) => RpcChannel.ForAddress(
        Addresses[caller], new RpcChannelOptions());

    public async ValueTask DisposeAsync()
    {
        Serve(null, null);
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private static RpcException Dead() => new(new Status(StatusCode.Unavailable, "Nobody is here."));

    private sealed class PeerSlot : PeerService.PeerServiceBase
    {
        private readonly Lock _gate = new();
        private PeerService.PeerServiceBase? _target;
        private TaskCompletionSource _exchanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Exchange(PeerService.PeerServiceBase? target)
        {
            lock (_gate)
            {
                _target = target;
                _exchanged.SetResult();
                _exchanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public override Task<StreamVotesResponse> StreamVotes(
            IAsyncStreamReader<StreamVotesRequest> requestStream, ServerCallContext context) =>
            UntilExchangedAsync(target => target.StreamVotes(requestStream, context));

        public override Task<StreamBulkResponse> StreamBulk(
            IAsyncStreamReader<StreamBulkRequest> requestStream, ServerCallContext context) =>
            UntilExchangedAsync(target => target.StreamBulk(requestStream, context));

        private async Task<T> UntilExchangedAsync<T>(Func<PeerService.PeerServiceBase, Task<T>> call)
        {
            PeerService.PeerServiceBase target;
            Task exchanged;
            lock (_gate)
            {
                target = _target ?? throw Dead();
                exchanged = _exchanged.Task;
            }

            Task<T> running = call(target);
            return await Task.WhenAny(running, exchanged) == running ? await running : throw Dead();
        }
    }

    private sealed class SyncSlot : SyncService.SyncServiceBase
    {
        public SyncService.SyncServiceBase? Target { get; set; }

        private SyncService.SyncServiceBase Now => Target ?? throw Dead();

        public override Task StreamBlocks(
            StreamBlocksRequest request,
            IServerStreamWriter<StreamBlocksResponse> responseStream,
            ServerCallContext context) => Now.StreamBlocks(request, responseStream, context);

        public override Task<GetCandidateResponse> GetCandidate(
            GetCandidateRequest request, ServerCallContext context) => Now.GetCandidate(request, context);

        public override Task<ListCertificatesResponse> ListCertificates(
            ListCertificatesRequest request, ServerCallContext context) => Now.ListCertificates(request,
            context);

        public override Task<ListSnapshotsResponse> ListSnapshots(
            ListSnapshotsRequest request, ServerCallContext context) => Now.ListSnapshots(request, context);

        public override Task StreamStateChunks(
            StreamStateChunksRequest request,
            IServerStreamWriter<StreamStateChunksResponse> responseStream,
            ServerCallContext context) => Now.StreamStateChunks(request, responseStream, context);

        public override Task StreamHeaders(
            StreamHeadersRequest request,
            IServerStreamWriter<StreamHeadersResponse> responseStream,
            ServerCallContext context) => Now.StreamHeaders(request, responseStream, context);

        public override Task<GetHighestVoteResponse> GetHighestVote(
            GetHighestVoteRequest request, ServerCallContext context) => Now.GetHighestVote(request, context);
    }
}
