// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// More validators die than the network tolerates: it stops, says so, loses nothing, and resumes.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class OutageTests(ProcessCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan ResumeWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromSeconds(20);

    /// <summary>An answer says that nothing becomes final, and of when it is.</summary>
    private async Task RequireToldStaleAsync(BlockSummary newest)
    {
        using AsyncUnaryCall<ListAssetsResponse> read =
            cluster.Node(0).Queries.ListAssetsAsync(new ListAssetsRequest());
        Metadata headers = await read.ResponseHeadersAsync;
        Assert.Equal("false", headers.GetValue(FreshnessMetadata.Finalizing));
        Assert.Equal(
            newest.TimeMs.ToString(CultureInfo.InvariantCulture),
            headers.GetValue(FreshnessMetadata.BlockTime));
    }

    [Fact]
    public async Task TwoOfFour_Killed_NothingFinalizesUntilOneReturnsAndNothingIsLost()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        TransactionStatus acknowledged = await cluster.Client.DoAsync(
            keys[0], new Transfer(Load.Asset, keys[1].Address, new Amount(5)));
        UInt128 balance = await cluster.BalanceAsync(0, keys[1].Address, Load.Asset);

        using var channel = RpcChannel.ForAddress(cluster.Api(0));
        using AsyncServerStreamingCall<HealthCheckResponse> health = new Health.HealthClient(channel).Watch(
            new HealthCheckRequest { Service = "tokenledger.ledger.v1.TransactionService" });
        await RequireNextAsync(health, ServingStatus.Serving);
        cluster.Kill(2);
        cluster.Kill(3);
        ulong height = await RequireStalledAsync();
        await RequireNextAsync(health, ServingStatus.NotServing);
        Assert.Equal(
            ServingStatus.NotServing,
            (await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest())).Status);
        ByteString pending = await RequirePendingOnlyAsync(keys[0], 1, keys[1].Address);
        Assert.Equal(balance, await cluster.BalanceAsync(0, keys[1].Address, Load.Asset));
        await RequireToldStaleAsync(await cluster.BlockAsync(0, height));
        foreach (int node in new[] { 0, 1 })
        {
            Assert.Equal(height, (await cluster.StatusAsync(node)).Height);
        }

        cluster.Start(2);
        TimeSpan resumed = await cluster.ReachAsync(height + 1, ResumeWithin, 0, 1, 2);
        await RequireNextAsync(health, ServingStatus.Serving);
        output.WriteLine($"finality resumed {resumed.TotalSeconds:F1} s after one of two was started");
        TransactionStatus final = await cluster.FinalAsync(0, pending, ResumeWithin);
        Assert.Equal(TransactionState.Succeeded, final.State);
        await cluster.ReachAsync(final.Height, ResumeWithin, 0, 1, 2);
        foreach (int node in new[] { 0, 1, 2 })
        {
            Assert.Equal(
                acknowledged.Height,
                (await cluster.TransactionAsync(node, acknowledged.TransactionId)).Height);
            Assert.Equal(balance + 7, await cluster.BalanceAsync(node, keys[1].Address, Load.Asset));
        }

        await cluster.EnsureWholeAsync();
    }

    [Fact]
    public async Task AllFour_KilledUnderLoadAtARandomMoment_KeepWhatWasAcknowledged()
    {
        const int Clients = 6;
        const int SettledBefore = 30;
        await cluster.EnsureWholeAsync();
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        (Load load, PrivateKey[] keys) = await Load.StartAsync(cluster, Clients);
        ulong before;
        await using (load)
        {
            int moment = SettledBefore + random.Next(40);
            await Deadline.UntilAsync(
                "the load runs", ResumeWithin, () => Task.FromResult(load.Final.Count >= moment));
            before = (await cluster.StatusAsync(0)).Height;
            foreach (int node in ProcessCluster.All.OrderBy(_ => random.Next()))
            {
                cluster.Kill(node);
            }

            output.WriteLine($"killed with {load.Final.Count} transactions acknowledged");
            await cluster.EnsureWholeAsync();
            int more = load.Final.Count + Clients;
            await Deadline.UntilAsync(
                "the load goes on", ResumeWithin, () => Task.FromResult(load.Final.Count >= more));
        }

        ulong head = load.Final.Values.Max(static status => status.Height);
        await cluster.ReachAsync(head, ResumeWithin, [.. ProcessCluster.All]);
        await cluster.RequireSameBlocksAsync(before > 5 ? before - 5 : 0, head, [.. ProcessCluster.All]);
        foreach (TransactionStatus status in load.Final.Values)
        {
            Assert.Equal(TransactionState.Succeeded, status.State);
            TransactionStatus[] told = await Task.WhenAll(
                ProcessCluster.All.Select(node => cluster.TransactionAsync(node, status.TransactionId)));
            Assert.All(told, now => Assert.Equal((status.Height, status.Index), (now.Height, now.Index)));
        }

        foreach (int node in ProcessCluster.All)
        {
            await cluster.RequireSupplyIsHeldAsync(node, Load.Asset);
        }

        Array.ForEach(keys, static key => key.Dispose());
    }

    private static async Task RequireNextAsync(
        AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus expected)
    {
        Assert.True(await watch.ResponseStream.MoveNext(default).WaitAsync(NoticeWithin));
        Assert.Equal(expected, watch.ResponseStream.Current.Status);
    }

    private async Task<ulong> RequireStalledAsync()
    {
        foreach (int node in new[] { 0, 1 })
        {
            await Deadline.UntilAsync($"node {node} says that nothing finalizes", NoticeWithin, async () =>
            {
                GetNodeStatusResponse status = await cluster.StatusAsync(node);
                return !status.Finalizing
                    && status.Diagnosis.Contains("validator-3", StringComparison.Ordinal)
                    && status.Diagnosis.Contains("validator-4", StringComparison.Ordinal)
                    && !status.Diagnosis.Contains("validator-2", StringComparison.Ordinal);
            });
            using var http = new HttpClient { BaseAddress = cluster.Operations(node) };
            using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("validator-3", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using HttpResponseMessage live = await http.GetAsync(new Uri("/health/live", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        return (await cluster.StatusAsync(0)).Height;
    }

    /// <summary>Submits a transfer of 7 that both survivors take and neither calls final.</summary>
    private async Task<ByteString> RequirePendingOnlyAsync(PrivateKey from, ulong nonce, Address to)
    {
        SubmitTransactionResponse submitted = await cluster.Node(0).Transactions.SubmitTransactionAsync(
            cluster.Client.Sign(from, nonce, new Transfer(Load.Asset, to, new Amount(7))));
        Assert.Equal(TransactionState.Pending, submitted.Status.State);
        RpcException late = await Assert.ThrowsAsync<RpcException>(
            () => cluster.FinalAsync(0, submitted.TransactionId, TimeSpan.FromSeconds(2)));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        foreach (int node in new[] { 0, 1 })
        {
            Assert.Equal(
                TransactionState.Pending,
                (await cluster.TransactionAsync(node, submitted.TransactionId)).State);
        }

        return submitted.TransactionId;
    }
}
