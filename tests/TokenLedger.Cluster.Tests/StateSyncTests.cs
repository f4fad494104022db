// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;
using AccountKind = TokenLedger.Core.Ledger.AccountKind;
using Operation = TokenLedger.Core.Ledger.Operation;
using RegisterAccount = TokenLedger.Core.Ledger.RegisterAccount;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A node with empty disks beside a network that is far ahead: it fetches the state, is refused nothing but
/// what it cannot have, and follows.
/// </summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class StateSyncTests(ITestOutputHelper output) : IDisposable
{
    private const int Batches = 25;
    private const int AccountsPerBatch = 100;
    private const ulong Every = 20;

    private static readonly TimeSpan FollowsWithin = TimeSpan.FromSeconds(40);

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task WipedObserver_ThousandsOfAccounts_FetchesTheStateAndFollows()
    {
        using var free = new SingleNode(_temporary, "free");
        string folder = free.Beside("observer");
        string? pin = null;
        using var cluster = new ProcessCluster
        {
            Configure = (path, root) =>
            {
                // The observer's files are made from the first validator's, and every validator lists it.
                pin ??= ObserverFiles.Write(
                    folder, path, free, root["peers"]!["addresses"]!.DeepClone().AsObject()).Pin;
                root["peers"]!["observers"] = new JsonArray(pin);
                root["sync"] = Often();
            },
        };
        await cluster.InitializeAsync();
        string configuration = Path.Combine(folder, "node.json");
        SingleNode.Configure(configuration, configuration, root => root["sync"] = Often());
        await RegisterAsync(cluster);
        await RequireSnapshotsAsync(cluster);

        using (NodeProcess first = NodeProcess.Start(configuration))
        {
            await RequireFollowsAsync(cluster, free, first);
            await RequirePrunedIsToldAsync(cluster, free);
            first.Kill();
        }

        Directory.Delete(Path.Combine(folder, "data"), recursive: true);
        using (NodeProcess wiped = NodeProcess.Start(configuration))
        {
            await RequireFollowsAsync(cluster, free, wiped);
            wiped.Terminate();
            Assert.Equal(0, await wiped.ExitAsync(SingleNode.ExitWithin));
        }

        // It is not behind: it goes on with what it has.
        using (NodeProcess again = NodeProcess.Start(configuration))
        {
            await RequireFollowsAsync(cluster, free, again, fetched: false);
            again.Kill();
        }

        await RequireStartsFromFileAsync(cluster, free, configuration);
    }

    private static JsonObject Often() => new()
    {
        ["snapshotEveryBlocks"] = Every,
        ["stateSyncBehindBlocks"] = Every,
    };

    private static async Task RegisterAsync(ProcessCluster cluster)
    {
        using PrivateKey registrar = cluster.Client.Key("ministry-registrar");
        for (int batch = 0; batch < Batches; batch++)
        {
            int first = batch * AccountsPerBatch;
            await cluster.Client.DoAsync(registrar, [.. Enumerable.Range(first, AccountsPerBatch).Select(i =>
                (Operation)new RegisterAccount(AddressOf(i), AccountKind.Citizen, Address.Zero))]);
        }
    }

    private static Address AddressOf(int number)
    {
        byte[] bytes = new byte[Address.Size];
        bytes[0] = 0xAC;
        BitConverter.TryWriteBytes(bytes.AsSpan(4), number);
        return new Address(bytes);
    }

    private static async Task RequireSnapshotsAsync(ProcessCluster cluster)
    {
        ulong now = (await cluster.StatusAsync(0)).Height;
        ulong due = ((now / Every) + 1) * Every;
        await cluster.ReachAsync(due, FollowsWithin, 0, 1, 2, 3);
        await Deadline.UntilAsync("every validator has a snapshot of now", FollowsWithin, () =>
            Task.FromResult(
                ProcessCluster.All.All(i => Snapshots(cluster, i).Any(path => HeightOf(path) >= due))));
    }

    private static string[] Snapshots(ProcessCluster cluster, int node)
    {
        string folder = Path.Combine(cluster.NodeFolder(node), "data", "snapshots");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.snapshot") : [];
    }

    private static ulong HeightOf(string path) =>
        ulong.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);

    private async Task RequireFollowsAsync(
        ProcessCluster cluster, SingleNode free, NodeProcess observer, bool fetched = true)
    {
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{free.Port(2)}"));
        ulong target = (await cluster.StatusAsync(0)).Height + 2;
        await cluster.ReachAsync(target, FollowsWithin, 0);
        GetNodeStatusResponse status = await Deadline.GetAsync("it follows", FollowsWithin, async () =>
        {
            Assert.False(observer.HasExited, observer.Tail());
            return await TryStatusAsync(client) is { } now
                && now.Height >= Math.Max(target, now.OldestBlockHeight) ? now : null;
        }, observer.Tail);
        Assert.True(status.OldestBlockHeight > Every, $"blocks from {status.OldestBlockHeight} on");
        Assert.Equal(
            fetched, observer.Output.Contains("Fetched and verified the state", StringComparison.Ordinal));

        // The state that it fetched may be of later than the target: it has no block from before.
        await cluster.ReachAsync(status.Height, FollowsWithin, 0);
        BlockSummary theirs = await cluster.BlockAsync(0, status.Height);
        BlockSummary own = (await client.Queries.GetBlockAsync(
            new GetBlockRequest { Height = status.Height })).Summary;
        Assert.Equal(theirs.Hash, own.Hash);
        Assert.Equal(theirs.StateRoot, own.StateRoot);
        GetAccountResponse account = await client.Queries.GetAccountAsync(new GetAccountRequest
        {
            Account = ProcessCluster.Bytes(AddressOf((Batches * AccountsPerBatch) - 1)),
        });
        Assert.True(account.AsOfHeight >= target);
        output.WriteLine($"height {status.Height}, blocks from {status.OldestBlockHeight} on");
    }

    /// <summary>What it never had, it says it does not have, and from where on it has everything.</summary>
    private static async Task RequirePrunedIsToldAsync(ProcessCluster cluster, SingleNode free)
    {
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{free.Port(2)}"));
        GetNodeStatusResponse status = await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest());
        ulong oldest = status.OldestBlockHeight;
        string named = oldest.ToString(CultureInfo.InvariantCulture);
        RpcException block = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.Queries.GetBlockAsync(new GetBlockRequest { Height = oldest - 1 }));
        Assert.Equal(StatusCode.NotFound, block.StatusCode);
        Assert.Equal("BLOCK_PRUNED", ErrorModel.Read(block)?.Reason);
        Assert.Equal(named, ErrorModel.Read(block)?.Metadata["oldest_height"]);
        var holder = new GetBalanceRequest
        {
            Account = ProcessCluster.Bytes(cluster.Client.Labels["citizen-1"]),
            Asset = Load.Asset.ToString(),
            AtHeight = oldest - 1,
        };
        RpcException past = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Queries.GetBalanceAsync(holder));
        Assert.Equal("HEIGHT_PRUNED", ErrorModel.Read(past)?.Reason);
        Assert.Equal(named, ErrorModel.Read(past)?.Metadata["oldest_height"]);
        holder.AtHeight = oldest;
        GetBalanceResponse here = await client.Queries.GetBalanceAsync(holder);
        Assert.Equal((await cluster.Node(0).Queries.GetBalanceAsync(holder)).Amount, here.Amount);
        var held = new ListBalancesRequest { Account = holder.Account, AtHeight = oldest - 1 };
        RpcException list = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Queries.ListBalancesAsync(held));
        Assert.Equal("HEIGHT_PRUNED", ErrorModel.Read(list)?.Reason);
        held.AtHeight = oldest;
        Assert.Equal(
            await cluster.Node(0).Queries.ListBalancesAsync(held),
            await client.Queries.ListBalancesAsync(held));
        using AsyncServerStreamingCall<StreamBlocksResponse> whole = client.Blocks.StreamBlocks(
            new StreamBlocksRequest());
        RpcException stream = await Assert.ThrowsAsync<RpcException>(
            () => whole.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("BLOCK_PRUNED", ErrorModel.Read(stream)?.Reason);
        using AsyncServerStreamingCall<SubscribeResponse> everything = client.Events.Subscribe(
            new SubscribeRequest());
        RpcException cursor = await Assert.ThrowsAsync<RpcException>(
            () => everything.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("CURSOR_PRUNED", ErrorModel.Read(cursor)?.Reason);
        using AsyncServerStreamingCall<SubscribeResponse> since = client.Events.Subscribe(
            new SubscribeRequest { Cursor = ErrorModel.Read(cursor)!.Metadata["oldest_cursor"] });
        Assert.True(await since.ResponseStream.MoveNext(CancellationToken.None));
        ListBlocksResponse page = await client.Queries.ListBlocksAsync(
            new ListBlocksRequest { PageSize = 500 });
        Assert.Equal(oldest, page.Blocks[^1].Height);
        Assert.Equal("", page.NextPageToken);
        Assert.Equal(1UL, (await cluster.StatusAsync(0)).OldestBlockHeight);
    }

    private async Task RequireStartsFromFileAsync(
        ProcessCluster cluster, SingleNode free, string configuration)
    {
        string data = Path.Combine(Path.GetDirectoryName(configuration)!, "data");
        Directory.Delete(data, recursive: true);
        string copy = free.Beside("copy.snapshot");
        string newest = Snapshots(cluster, 1).OrderByDescending(HeightOf).First();
        File.Copy(newest, copy);
        byte[] damaged = File.ReadAllBytes(copy);
        damaged[^100] ^= 1;
        string wrong = free.Beside("wrong.snapshot");
        File.WriteAllBytes(wrong, damaged);
        using (NodeProcess refused = NodeProcess.Start(configuration, snapshot: wrong))
        {
            Assert.Equal(3, await refused.ExitAsync(SingleNode.ExitWithin));
            Assert.Contains("SNAPSHOT_REFUSED", refused.Error, StringComparison.Ordinal);
        }

        using NodeProcess started = NodeProcess.Start(configuration, snapshot: copy);
        await RequireFollowsAsync(cluster, free, started);
        started.Terminate();
        Assert.Equal(0, await started.ExitAsync(SingleNode.ExitWithin));
    }

    private static async Task<GetNodeStatusResponse?> TryStatusAsync(LedgerClient client)
    {
        try
        {
            return await client.Queries.GetNodeStatusAsync(
                new GetNodeStatusRequest(), deadline: Deadline.In(TimeSpan.FromSeconds(5)));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }
}
