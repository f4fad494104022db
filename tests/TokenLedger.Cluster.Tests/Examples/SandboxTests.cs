// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>A demo network goes wrong when it is asked to, and no other can be.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class SandboxTests(ProcessCluster cluster)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task SubmitTransaction_AskedToTimeOut_IsFinalWhenTheAnswerFails()
    {
        using PrivateKey key = await FundedAsync();
        V1.SubmitTransactionRequest request = cluster.Client.Sign(
            key, 0, new Transfer(Load.Asset, cluster.Client.Labels["citizen-1"], new Amount(1)));
        RpcException failed = await Assert.ThrowsAsync<RpcException>(async () =>
            await cluster.Node(0).Transactions.SubmitTransactionAsync(
                request, Fault("timeout-after-commit"), Deadline.In(Within)));
        Assert.Equal(StatusCode.DeadlineExceeded, failed.StatusCode);
        Assert.False(ErrorModel.Read(failed)?.Metadata.ContainsKey(ErrorModel.RetriableKey));
        V1.SubmitTransactionResponse again =
            await cluster.Node(0).Transactions.SubmitTransactionAsync(request, deadline: Deadline.In(Within));
        Assert.Equal(V1.TransactionState.Succeeded, again.Status.State);
    }

    [Theory]
    [InlineData("unavailable", StatusCode.Unavailable, "NODE_STOPPING")]
    [InlineData("lost-answer", StatusCode.Unavailable, "NODE_STOPPING")]
    [InlineData("rate-limit", StatusCode.ResourceExhausted, "QUOTA_EXCEEDED")]
    [InlineData("timeout-after-commit", StatusCode.InvalidArgument, "SANDBOX_FAULT_UNKNOWN")]
    [InlineData("slow-consumer", StatusCode.InvalidArgument, "SANDBOX_FAULT_UNKNOWN")]
    [InlineData("rain", StatusCode.InvalidArgument, "SANDBOX_FAULT_UNKNOWN")]
    public async Task GetNetwork_AskedToFail_DoesSoInItsWay(string fault, StatusCode code, string reason)
    {
        await cluster.EnsureWholeAsync();
        RpcException failed = await Assert.ThrowsAsync<RpcException>(async () =>
            await cluster.Node(0).Queries.GetNetworkAsync(
                new V1.GetNetworkRequest(), Fault(fault), Deadline.In(Within)));
        Assert.Equal((code, reason), (failed.StatusCode, ErrorModel.Read(failed)?.Reason));
        Assert.Equal(fault == "rate-limit", ErrorModel.RetryAfter(failed) is not null);
    }

    [Theory]
    [InlineData("broken-stream", 3, StatusCode.Unavailable, "NODE_STOPPING")]
    [InlineData("slow-consumer", 3, StatusCode.ResourceExhausted, "SLOW_CONSUMER")]
    [InlineData("cursor-pruned", 0, StatusCode.OutOfRange, "CURSOR_PRUNED")]
    [InlineData("lost-answer", 0, StatusCode.InvalidArgument, "SANDBOX_FAULT_UNKNOWN")]
    public async Task Subscribe_AskedToEnd_DoesSoAndItsCursorGoesOn(
        string fault, int items, StatusCode code, string reason)
    {
        using PrivateKey key = await FundedAsync();
        (List<V1.SubscribeResponse> seen, RpcException? failed) = await ReadAsync("", fault, int.MaxValue);
        Assert.Equal(items, seen.Count);
        Assert.Equal((code, reason), (failed?.StatusCode, ErrorModel.Read(failed!)?.Reason));
        (List<V1.SubscribeResponse> whole, _) = await ReadAsync("", null, items + 1);
        (List<V1.SubscribeResponse> rest, _) = await ReadAsync(items == 0 ? "" : seen[^1].Cursor, null, 1);
        Assert.Equal(whole[^1].Event, rest[0].Event);
        if (fault == "cursor-pruned")
        {
            // What it names can be gone on with: nothing was missed behind it.
            V1.TransactionStatus paid = await cluster.Client.DoAsync(
                key, new Transfer(Load.Asset, cluster.Client.Labels["citizen-1"], new Amount(1)));
            string oldest = ErrorModel.Read(failed!)!.Metadata["oldest_cursor"];
            (List<V1.SubscribeResponse> after, _) = await ReadAsync(oldest, null, 1);
            Assert.Equal(paid.TransactionId, after[0].Event.TransactionId);
        }
    }

    [Fact]
    public async Task Start_GenesisOfNoSandbox_IsRefused()
    {
        using var temporary = new TestFolder();
        using var node = new SingleNode(temporary, "production");
        string genesis = Path.Combine(node.Folder, "genesis.json");
        Assert.True((bool)JsonNode.Parse(await File.ReadAllTextAsync(node.ConfigurationPath))!
            ["sandbox"]!["faults"]!);
        SingleNode.Configure(genesis, genesis, static root => root["networkName"] = "Democratic ledger");
        await node.RequireFailsAsync("SANDBOX_REFUSED", 3);
    }

    [Fact]
    public async Task Call_ToANodeThatIsNoSandbox_HasNoFaults()
    {
        using var temporary = new TestFolder();
        using var node = new SingleNode(temporary, "plain");
        node.Configure(static root => root.AsObject().Remove("sandbox"));
        await node.StartAsync();
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{node.Port(2)}"));
        V1.GetNetworkResponse answer = await client.Queries.GetNetworkAsync(
            new V1.GetNetworkRequest(), Fault("unavailable"), Deadline.In(Within));
        Assert.Equal("Demo network", answer.NetworkName);
        await node.StopAsync();
    }

    private async Task<PrivateKey> FundedAsync()
    {
        await cluster.EnsureWholeAsync();
        return (await Load.FundedAsync(cluster, 1))[0];
    }

    private static Metadata? Fault(string? name) => name is null ? null : [new("tl-sandbox-fault", name)];

    private async Task<(List<V1.SubscribeResponse> Seen, RpcException? Failed)> ReadAsync(
        string cursor, string? fault, int most)
    {
        var seen = new List<V1.SubscribeResponse>();
        using AsyncServerStreamingCall<V1.SubscribeResponse> call = cluster.Node(0).Events.Subscribe(
            new V1.SubscribeRequest { Cursor = cursor }, Fault(fault), Deadline.In(Within));
        try
        {
            while (seen.Count < most && await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                seen.Add(call.ResponseStream.Current);
            }
        }
        catch (RpcException e)
        {
            return (seen, e);
        }

        return (seen, null);
    }
}
