// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// Four validators of a fresh network as real processes. Nodes are counted from 0, validators' names from 1,
/// as in genesis.
/// </summary>
public sealed class ProcessCluster : IAsyncLifetime, IDisposable
{
    public const int Size = 4;

    /// <summary>Half of the demo network's: what waits for empty blocks waits half as long.</summary>
    public const int QuickHeartbeatMs = 500;

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    private readonly TestFolder _temporary = new();
    private readonly NodeProcess?[] _processes = new NodeProcess?[Size];
    private DevnetClient? _client;
    private int _basePort;

    public static IReadOnlyList<int> All { get; } = [.. Enumerable.Range(0, Size)];

    /// <summary>The network's folder.</summary>
    public string Folder => Path.Combine(_temporary.Path, "network");

    public DevnetClient Client => _client!;

    /// <summary>Changes each node.json, given its path and content, before the first start.</summary>
    public Action<string, JsonNode> Configure { get; init; } = static (_, _) => { };

    /// <summary>Does what else is needed, given the network's folder, before the first start.</summary>
    public Func<string, Task> Prepare { get; init; } = static _ => Task.CompletedTask;

    /// <summary>How long an idle leader waits; null as in the demo network.</summary>
    public int? HeartbeatMs { get; init; } = QuickHeartbeatMs;

    public async Task InitializeAsync()
    {
        _temporary.CreateNetwork("network", Size, out _basePort, HeartbeatMs);
        await Prepare(Folder);
        foreach (int i in All)
        {
            string path = Path.Combine(NodeFolder(i), "node.json");
            SingleNode.Configure(path, path, root => Configure(path, root));
        }

        _client = new DevnetClient(Folder);
        await EnsureWholeAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _client?.Dispose();
        foreach (NodeProcess? process in _processes)
        {
            process?.Dispose();
        }

        _temporary.Dispose();
    }

    public LedgerClient Node(int index) => Client.Nodes[index];

    public string NodeFolder(int index) => Path.Combine(Folder, $"node-{index + 1}");

    public int PeerPort(int index) => _basePort + (100 * (index + 1)) + 1;

    public Uri Api(int index) => Client.Endpoints[index];

    public Uri Operations(int index) => new($"http://127.0.0.1:{_basePort + (100 * (index + 1)) + 3}");

    /// <summary>Starts a validator that is not running. Does not wait.</summary>
    public void Start(int index)
    {
        Assert.True(_processes[index] is null or { HasExited: true }, $"node {index} runs already");
        _processes[index]?.Dispose();
        _processes[index] = NodeProcess.Start(Path.Combine(NodeFolder(index), "node.json"));
    }

    /// <summary>SIGKILL.</summary>
    public void Kill(int index) => _processes[index]!.Kill();

    /// <summary>SIGKILL, unless it is down already.</summary>
    public void KillIfRunning(int index)
    {
        if (_processes[index] is { HasExited: false })
        {
            Kill(index);
        }
    }

    /// <summary>Memory that a running node's process holds.</summary>
    public long ResidentBytes(int index) => _processes[index]!.ResidentBytes;

    /// <summary>Waits until a validator ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndAsync(int index, TimeSpan within) => _processes[index]!.ExitAsync(within);

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync(int index, TimeSpan within)
    {
        _processes[index]!.Terminate();
        return await _processes[index]!.ExitAsync(within);
    }

    public string Log(int index) => _processes[index]!.Output;

    /// <summary>
    /// All four run, finalize, and are within two blocks of each other. Tests begin and end so.
    /// </summary>
    public async Task EnsureWholeAsync()
    {
        foreach (int i in All.Where(i => _processes[i] is null or { HasExited: true }))
        {
            Start(i);
        }

        await Deadline.UntilAsync("all four finalize together", StartWithin, async () =>
        {
            GetNodeStatusResponse?[] all = await Task.WhenAll(All.Select(TryStatusAsync));
            return all.All(static status => status is { Finalizing: true, Height: > 0 })
                && all.Max(static status => status!.Height) - all.Min(static status => status!.Height) <= 2
                && all.All(static status => status!.Validators.All(static validator => validator.Reachable));
        }, Tails);
    }

    public async Task<GetNodeStatusResponse> StatusAsync(int index) =>
        await Node(index).Queries.GetNodeStatusAsync(
            new GetNodeStatusRequest(), deadline: Deadline.In(CallWithin));

    /// <summary>A node's status; null while it does not answer.</summary>
    public async Task<GetNodeStatusResponse?> TryStatusAsync(int index)
    {
        try
        {
            return await StatusAsync(index);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            Assert.False(_processes[index]!.HasExited, $"node {index} ended: {_processes[index]!.Tail()}");
            return null;
        }
    }

    /// <summary>Waits until nodes have a height.</summary>
    public async Task<TimeSpan> ReachAsync(ulong height, TimeSpan within, params int[] nodes) =>
        await Deadline.UntilAsync(
            string.Create(CultureInfo.InvariantCulture, $"height {height} on {string.Join(", ", nodes)}"),
            within,
            async () =>
                (await Task.WhenAll(nodes.Select(TryStatusAsync))).All(status => status?.Height >= height),
            Tails);

    public async Task<BlockSummary> BlockAsync(int index, ulong height) =>
        (await Node(index).Queries.GetBlockAsync(
            new GetBlockRequest { Height = height }, deadline: Deadline.In(CallWithin))).Summary;

    /// <summary>Requires that nodes have the same block and state root at every height of a range.</summary>
    public async Task RequireSameBlocksAsync(ulong from, ulong to, params int[] nodes)
    {
        for (ulong height = from; height <= to; height++)
        {
            BlockSummary[] blocks = await Task.WhenAll(nodes.Select(node => BlockAsync(node, height)));
            Assert.All(blocks, block => Assert.Equal(blocks[0].Hash, block.Hash));
            Assert.All(blocks, block => Assert.Equal(blocks[0].StateRoot, block.StateRoot));
        }
    }

    public async Task<UInt128> BalanceAsync(int node, Address account, AssetId asset) => UInt128.Parse(
        (await Node(node).Queries.GetBalanceAsync(
            new GetBalanceRequest { Account = Bytes(account), Asset = asset.ToString() })).Amount,
        CultureInfo.InvariantCulture);

    /// <summary>
    /// Requires that an asset's supply is what its holders have together, at one height of a node.
    /// </summary>
    public async Task RequireSupplyIsHeldAsync(int node, AssetId asset)
    {
        await Deadline.UntilAsync("a supply and its holders of one height", StartWithin, async () =>
        {
            Asset told = (await Node(node).Queries.GetAssetAsync(
                new GetAssetRequest { Asset = asset.ToString() })).Asset;
            ulong height = 0;
            UInt128 held = 0;
            string token = "";
            do
            {
                ListHoldersResponse page = await Node(node).Queries.ListHoldersAsync(
                    new ListHoldersRequest { Asset = asset.ToString(), PageToken = token });
                Assert.True(height == 0 || height == page.AsOfHeight, "pages are of one height");
                height = page.AsOfHeight;
                token = page.NextPageToken;
                foreach (Balance holder in page.Holders)
                {
                    held += UInt128.Parse(holder.Amount, CultureInfo.InvariantCulture);
                }
            }
            while (token.Length > 0);
            GetAssetResponse after = await Node(node).Queries.GetAssetAsync(
                new GetAssetRequest { Asset = asset.ToString() });
            if (after.Asset.Supply != told.Supply)
            {
                return false;
            }

            Assert.Equal(told.Supply, held.ToString(CultureInfo.InvariantCulture));
            return true;
        });
    }

    public async Task<GetNonceResponse> NonceAsync(int node, Address sender) =>
        await Node(node).Queries.GetNonceAsync(
            new GetNonceRequest { Sender = Bytes(sender) }, deadline: Deadline.In(CallWithin));

    public async Task<TransactionStatus> TransactionAsync(int node, ByteString id) =>
        (await Node(node).Transactions.GetTransactionAsync(
            new GetTransactionRequest { TransactionId = id }, deadline: Deadline.In(CallWithin))).Status;

    public async Task<TransactionStatus> FinalAsync(int node, ByteString id, TimeSpan within) =>
        (await Node(node).Transactions.WaitFinalAsync(
            new WaitFinalRequest { TransactionId = id }, deadline: Deadline.In(within))).Status;

    internal static ByteString Bytes(in Address address) => ByteString.CopyFrom(address.ToArray());

    private string Tails() => string.Join('\n', All.Select(i => $"node {i}: {_processes[i]?.Tail()}"));
}

/// <summary>
/// The tests that share one cluster, one test at a time. Each makes the cluster whole first.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ClusterGroup : ICollectionFixture<ProcessCluster>
{
    public const string Name = "cluster";
}

/// <summary>A cluster with the demo network's timing.</summary>
public sealed class MeasuredCluster : IAsyncLifetime
{
    public ProcessCluster Processes { get; } = new() { HeartbeatMs = null };

    public Task InitializeAsync() => Processes.InitializeAsync();

    public Task DisposeAsync()
    {
        Processes.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>Those of them that measure time: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredGroup : ICollectionFixture<MeasuredCluster>
{
    public const string Name = "measured";
}

/// <summary>Attacks that take all that the machine has: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AttackGroup
{
    public const string Name = "attacks";
}
