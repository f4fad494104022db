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
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Rpc;
using Domain = TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Tests;

/// <summary>A node on loopback: the generated services over a <see cref="FakeLedger"/>, on a real
/// Kestrel.</summary>
internal sealed partial class FakeNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeNode(WebApplication app, string name, FakeLedger ledger)
    {
        _app = app;
        Name = name;
        Ledger = ledger;
    }

    public string Name { get; }

    public FakeLedger Ledger { get; }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What GetNodeStatus says; null for something healthy.</summary>
    public GetNodeStatusResponse? Status { get; set; }

    /// <summary>Runs after a submission took effect, before it is answered; it may lose the answer by
    /// throwing.</summary>
    public Action? LoseAnswer { get; set; }

    /// <summary>The proof that is served; null for what the ledger proves.</summary>
    public BalanceProof? Proof { get; set; }

    /// <summary>The decimals that this node says every asset has; null for the truth.</summary>
    public uint? LiesDecimals { get; set; }

    /// <summary>Whether its proofs carry the lie too, as far as one can who has no validator's key.</summary>
    public bool ForgesProofs { get; set; }

    /// <summary>How many events a stream gives before it breaks; 0 for all.</summary>
    public int BreakStreamAfter { get; set; }

    public List<string> Cursors { get; } = [];

    /// <summary>What it says of the bridge.</summary>
    public FakeBridge Bridge { get; } = new();

    /// <summary>The newest block's time, when the node sees nothing become final: its headers and heartbeats
    /// say so; null while all is well.</summary>
    public ulong? StalledMs { get; set; }

    public static async Task<FakeNode> StartAsync(
        FakeLedger ledger, string name = "validator-1", X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication app = builder.Build();
        var node = new FakeNode(app, name, ledger);
        app.MapRpcService(TransactionService.BindService(new Transactions(node)));
        app.MapRpcService(QueryService.BindService(new Queries(node)));
        app.MapRpcService(EventService.BindService(new EventStream(node)));
        app.MapRpcService(BridgeService.BindService(node.Bridge));
        await app.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private async Task HeadersAsync(ServerCallContext context)
    {
        if (StalledMs is { } stalled)
        {
            await context.WriteResponseHeadersAsync(new Metadata
            {
                { FreshnessMetadata.Finalizing, "false" },
                { FreshnessMetadata.BlockTime, stalled.ToString() },
            });
        }
    }

    private static RpcException Missing(RejectionCode code) =>
        ErrorModel.Failure(StatusCode.NotFound, RejectionCodes.Name(code), "There is no such thing.");

    private static Hash256 Hash(ByteString bytes) => new(bytes.Span);

    private static Address AddressOf(ByteString bytes) => new(bytes.Span);

    private sealed class Transactions(FakeNode node) : TransactionService.TransactionServiceBase
    {
        public override Task<SubmitTransactionResponse> SubmitTransaction(
            SubmitTransactionRequest request, ServerCallContext context)
        {
            TransactionStatus status = node.Ledger.Submit(request.Transaction);
            node.LoseAnswer?.Invoke();
            return Task.FromResult(
                new SubmitTransactionResponse { TransactionId = status.TransactionId, Status = status });
        }

        public override Task<SimulateTransactionResponse> SimulateTransaction(
            SimulateTransactionRequest request, ServerCallContext context)
        {
            TransactionMapper.TryDecode(request.Body.Span, out Domain.Transaction? body);
            return Task.FromResult(node.Ledger.Simulate(body!));
        }

        public override Task<GetTransactionResponse> GetTransaction(
            GetTransactionRequest request, ServerCallContext context) =>
            Task.FromResult(new GetTransactionResponse { Status = Known(Hash(request.TransactionId)) });

        public override Task<GetTransactionByRequestIdResponse> GetTransactionByRequestId(
            GetTransactionByRequestIdRequest request, ServerCallContext context)
        {
            string id = Convert.ToHexStringLower(request.RequestId.Span);
            bool known =
                node.Ledger.RequestIds.TryGetValue((AddressOf(request.Sender), id), out Hash256 hash);
            return Task.FromResult(new GetTransactionByRequestIdResponse
            {
                Status = known ? Known(hash) : new TransactionStatus { AsOfHeight = node.Ledger.Height },
            });
        }

        public override async Task<WaitFinalResponse> WaitFinal(
            WaitFinalRequest request, ServerCallContext context)
        {
            TransactionStatus status = Known(Hash(request.TransactionId));
            if (status.State == TransactionState.Pending)
            {
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            }

            return new WaitFinalResponse { Status = status };
        }

        private TransactionStatus Known(Hash256 id) =>
            node.Ledger.Transactions.TryGetValue(id, out TransactionStatus? status)
            ? status
            : new TransactionStatus
            {
                TransactionId = ByteString.CopyFrom(id.ToArray()),
                AsOfHeight = node.Ledger.Height,
            };
    }

    private sealed partial class Queries(FakeNode node) : QueryService.QueryServiceBase
    {
        private FakeLedger Ledger => node.Ledger;

        public override Task<GetNetworkResponse> GetNetwork(
            GetNetworkRequest request, ServerCallContext context) =>
            Task.FromResult(new GetNetworkResponse
            {
                NetworkName = "test-net",
                ChainId = FakeLedger.ChainId,
                GenesisHash = ByteString.CopyFrom(Ledger.GenesisHash.ToArray()),
                AsOfHeight = Ledger.Height,
            });

        public override Task<GetNodeStatusResponse> GetNodeStatus(
            GetNodeStatusRequest request, ServerCallContext context) =>
            Task.FromResult(
                node.Status ?? new GetNodeStatusResponse { Name = node.Name, Height = Ledger.Height });

        public override Task<GetNonceResponse> GetNonce(GetNonceRequest request, ServerCallContext context) =>
            Task.FromResult(
                new GetNonceResponse { Next = Ledger.NextNonce(AddressOf(request.Sender), request.Lane) });

        public override Task<GetAssetResponse> GetAsset(GetAssetRequest request, ServerCallContext context)
        {
            Asset asset = Existing(request.Asset).Clone();
            asset.Definition.Decimals = node.LiesDecimals ?? asset.Definition.Decimals;
            return Task.FromResult(new GetAssetResponse { AsOfHeight = Ledger.Height, Asset = asset });
        }

        public override Task<ListAssetsResponse> ListAssets(
            ListAssetsRequest request, ServerCallContext context)
        {
            int start = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken);
            var response = new ListAssetsResponse { AsOfHeight = Ledger.Height };
            response.Assets.AddRange(Ledger.Assets.Skip(start).Take(Math.Min(2, (int)request.PageSize)));
            int next = start + response.Assets.Count;
            response.NextPageToken = next < Ledger.Assets.Count ? next.ToString() : "";
            return Task.FromResult(response);
        }

        public override Task<GetAccountResponse> GetAccount(
            GetAccountRequest request, ServerCallContext context) =>
            Ledger.Registered.Contains(AddressOf(request.Account))
                ? Task.FromResult(new GetAccountResponse
                {
                    Account = new Account { Account_ = request.Account, Kind = AccountKind.Citizen },
                })
                : throw Missing(RejectionCode.AccountUnknown);

        public override Task<ListBalancesResponse> ListBalances(
            ListBalancesRequest request, ServerCallContext context)
        {
            ulong height = request.HasAtHeight ? request.AtHeight : Ledger.Height;
            Address account = AddressOf(request.Account);
            var response = new ListBalancesResponse { AsOfHeight = height };
            response.Balances.AddRange(Ledger.BalancesOf(account)
                .Select(b => (b.Asset, Amount: Ledger.BalanceAt(account, b.Asset, height)))
                .Where(b => !b.Amount.IsZero)
                .Select(b => new Balance
                { Account = request.Account, Asset = b.Asset, Amount = $"{b.Amount}", Decimals = 2 }));
            return Task.FromResult(response);
        }

        public override Task<GetBalanceResponse> GetBalance(
            GetBalanceRequest request, ServerCallContext context) => Task.FromResult(new GetBalanceResponse
            {
                AsOfHeight = request.AtHeight,
                Amount = (request.HasAtHeight
                    ? Ledger.BalanceAt(AddressOf(request.Account), request.Asset, request.AtHeight)
                    : Ledger.BalanceOf(AddressOf(request.Account), request.Asset)).ToString(),
                Decimals = 2,
            });

        public override Task<ListHoldersResponse> ListHolders(
            ListHoldersRequest request, ServerCallContext context)
        {
            var response = new ListHoldersResponse { AsOfHeight = Ledger.Height };
            response.Holders.AddRange(Ledger.HoldersOf(request.Asset).Select(h => new Balance
            {
                Account = FakeLedger.Bytes(h.Account),
                Asset = request.Asset,
                Amount = h.Amount.ToString(),
                Decimals = 2,
            }));
            return Task.FromResult(response);
        }

        public override Task<ListHistoryResponse> ListHistory(
            ListHistoryRequest request, ServerCallContext context)
        {
            var response = new ListHistoryResponse { AsOfHeight = Ledger.Height };
            response.Events.AddRange(Enumerable.Reverse(Ledger.Events));
            return Task.FromResult(response);
        }

        public override Task<ListPoliciesResponse> ListPolicies(
            ListPoliciesRequest request, ServerCallContext context) =>
            Task.FromResult(new ListPoliciesResponse
            {
                Policies =
                {
                    new Policy
                    {
                        Operation = "issue_units",
                        Makers = { InstitutionKind.Ministry },
                        Checkers = { InstitutionKind.Treasury, InstitutionKind.Regulator },
                        Tiers =
                        {
                            new PolicyTier { UpToMicroUsd = "1000000000000", Approvals = 1, Institutions =
                                1 },
                            new PolicyTier
                            {
                                UpToMicroUsd = UInt128.MaxValue.ToString(),
                                Approvals = 3,
                                Institutions = 2,
                                RequiredKinds = { InstitutionKind.Regulator },
                            },
                        },
                    },
                },
            });

        public override Task<ListInstitutionsResponse> ListInstitutions(
            ListInstitutionsRequest request, ServerCallContext context) =>
                Task.FromResult(new ListInstitutionsResponse());

        public override Task<GetProposalResponse> GetProposal(
            GetProposalRequest request, ServerCallContext context) =>
            Task.FromResult(new GetProposalResponse
            {
                Proposal = Ledger.Proposals.Find(p => p.ProposalId == request.ProposalId)
                    ?? throw Missing(RejectionCode.ProposalUnknown),
            });

        public override Task<ListProposalsResponse> ListProposals(
            ListProposalsRequest request, ServerCallContext context)
        {
            var response = new ListProposalsResponse { AsOfHeight = Ledger.Height };
            response.Proposals.AddRange(Enumerable.Reverse(Ledger.Proposals));
            return Task.FromResult(response);
        }

        public override async Task WatchBlocks(
            WatchBlocksRequest request, IServerStreamWriter<WatchBlocksResponse> stream,
            ServerCallContext context)
        {
            await node.HeadersAsync(context);
            if (node.StalledMs is { } stalled)
            {
                var beat = new Heartbeat { Height = Ledger.Height, TimeMs = stalled };
                await stream.WriteAsync(new WatchBlocksResponse { Heartbeat = beat });
                await stream.WriteAsync(new WatchBlocksResponse { Heartbeat = beat });
            }

            ulong from = request.FromHeight == 0 ? Ledger.Height : request.FromHeight;
            for (ulong height = from; height < from + 10; height++)
            {
                await stream.WriteAsync(new WatchBlocksResponse
                {
                    Block =
                        new BlockSummary
                        {
                            Height = height,
                            TimeMs = FakeLedger.StartMs,
                            Proposer = node.Name,
                        },
                });
            }
        }

        private Asset Existing(string symbol) => Ledger.Assets.Find(a => a.Definition.Symbol == symbol)
            ?? throw Missing(RejectionCode.AssetUnknown);
    }

    private sealed class EventStream(FakeNode node) : EventService.EventServiceBase
    {
        public override async Task Subscribe(
            SubscribeRequest request, IServerStreamWriter<SubscribeResponse> stream,
            ServerCallContext context)
        {
            node.Cursors.Add(request.Cursor);
            if (node.StalledMs is { } stalled)
            {
                // As of a node that stalled after the stream was opened: no header says it.
                var beat = new Heartbeat { Height = node.Ledger.Height, TimeMs = stalled };
                await stream.WriteAsync(
                    new SubscribeResponse { Cursor = request.Cursor, Heartbeat = beat });
                await stream.WriteAsync(
                    new SubscribeResponse { Cursor = request.Cursor, Heartbeat = beat });
            }

            int start = 0;
            if (request.Cursor.Length > 0 && !int.TryParse(request.Cursor, out start))
            {
                throw ErrorModel.Failure(
                    StatusCode.InvalidArgument, "CURSOR_INVALID", "The cursor was not given out here.");
            }

            int sent = 0;
            for (int i = start; i < node.Ledger.Events.Count; i++)
            {
                if (node.BreakStreamAfter > 0 && sent++ == node.BreakStreamAfter)
                {
                    throw new RpcException(new Status(StatusCode.Unavailable, "going away"));
                }

                await stream.WriteAsync(new SubscribeResponse
                {
                    Cursor = (i + 1).ToString(),
                    Event = node.Lies?.Invoke(node.Ledger.Events[i].Clone()) ?? node.Ledger.Events[i],
                });
            }
        }
    }
}
