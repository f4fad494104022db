// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests;

/// <summary>A chain behind the services of a node, on a port of this machine.</summary>
internal sealed class ServedChain : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServedChain(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single());

    public static Task<ServedChain> StartAsync(FinalChain chain, X509Certificate2? certificate = null) =>
        StartAsync(
            chain.GenesisBytes, new Proofs(chain), from => chain.Blocks.Skip((int)from), certificate);

    /// <summary>Serves blocks that are made as they are asked for, and proves nothing.</summary>
    public static Task<ServedChain> StartAsync(
        ByteString genesis, Func<int> end, Func<ulong, IEnumerable<FinalBlock>> from, ulong oldest = 1) =>
        StartAsync(genesis, new Queries(end, oldest), from, null);

    private static async Task<ServedChain> StartAsync(
        ByteString genesis, Queries queries, Func<ulong, IEnumerable<FinalBlock>> from,
        X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication app = builder.Build();
        app.MapRpcService(BlockService.BindService(new Blocks(genesis, from)));
        app.MapRpcService(QueryService.BindService(queries));
        await app.StartAsync();
        return new ServedChain(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private sealed class Blocks(ByteString genesis, Func<ulong, IEnumerable<FinalBlock>> from)
        : BlockService.BlockServiceBase
    {
        public override Task<GetGenesisResponse> GetGenesis(
            GetGenesisRequest request, ServerCallContext context) =>
            Task.FromResult(new GetGenesisResponse { Genesis = genesis });

        public override async Task StreamBlocks(
            StreamBlocksRequest request, IServerStreamWriter<StreamBlocksResponse> responseStream,
            ServerCallContext context)
        {
            foreach (FinalBlock block in from(request.FromHeight))
            {
                await responseStream.WriteAsync(
                    new StreamBlocksResponse { Block = block }, context.CancellationToken);
            }

            await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
        }
    }

    private class Queries(Func<int> end, ulong oldest = 1) : QueryService.QueryServiceBase
    {
        public override Task<GetNodeStatusResponse> GetNodeStatus(
            GetNodeStatusRequest request, ServerCallContext context) =>
            Task.FromResult(new GetNodeStatusResponse { Height = (ulong)end(), OldestBlockHeight = oldest });

        public override Task<GetNetworkResponse> GetNetwork(
            GetNetworkRequest request, ServerCallContext context) =>
            Task.FromResult(new GetNetworkResponse { AsOfHeight = (ulong)end() });
    }

    private sealed class Proofs(FinalChain chain) : Queries(() => chain.Blocks.Count - 1)
    {
        public override Task<GetBalanceProofResponse> GetBalanceProof(
            GetBalanceProofRequest request, ServerCallContext context) =>
            request.HasAtHeight && request.AtHeight != (ulong)chain.Blocks.Count - 1
                ? throw ErrorModel.Failure(
                    StatusCode.FailedPrecondition, "PROOF_HEIGHT_NOT_KEPT",
                    "This node keeps the newest height's tree only.")
                : Task.FromResult(new GetBalanceProofResponse
                {
                    Proof = ChainProofs.Balance(
                        chain, new Address(request.Account.Span), Existing(request.Asset)),
                });

        public override Task<GetSupplyProofResponse> GetSupplyProof(
            GetSupplyProofRequest request, ServerCallContext context) =>
            Task.FromResult(new GetSupplyProofResponse
            {
                Proof = ChainProofs.Supply(chain, Existing(request.Asset)),
            });

        public override Task<GetEventProofResponse> GetEventProof(
            GetEventProofRequest request, ServerCallContext context) =>
            request.Height < (ulong)chain.Blocks.Count
                && request.Index < chain.Blocks[(int)request.Height].Events.Count
                ? Task.FromResult(new GetEventProofResponse
                {
                    Proof = ChainProofs.Event(chain, (int)request.Height, (int)request.Index),
                })
                : throw ErrorModel.Failure(StatusCode.NotFound, "EVENT_UNKNOWN", "There is no such event.");

        private AssetId Existing(string symbol) =>
            AssetId.Parse(symbol) is var asset && chain.Ledger.View.Asset(asset) is not null
                ? asset
                : throw ErrorModel.Failure(
                    StatusCode.NotFound, "ASSET_UNKNOWN", $"There is no asset {symbol}.");
    }
}
