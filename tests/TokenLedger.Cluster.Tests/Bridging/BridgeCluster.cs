// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Networks;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using BridgeLockStatus = TokenLedger.Protocol.Ledger.V1.BridgeLockStatus;
using BridgeQuota = TokenLedger.Core.Bridge.BridgeQuota;
using BridgeRate = TokenLedger.Core.Bridge.BridgeRate;
using BridgeSigner = TokenLedger.Core.Bridge.BridgeSigner;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;
using MapBridgeToken = TokenLedger.Core.Bridge.MapBridgeToken;
using OpenBridgeLane = TokenLedger.Core.Bridge.OpenBridgeLane;
using PrivilegedOperation = TokenLedger.Core.Ledger.PrivilegedOperation;
using Propose = TokenLedger.Core.Ledger.Propose;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>
/// Four validators as real processes, a chain abroad with the real contracts, and between each of the one and
/// the other an endpoint that can be told to lie. The third validator has two, and believes only both.
/// </summary>
public sealed class BridgeCluster : IAsyncLifetime
{
    /// <summary>The validator whose two endpoints must agree.</summary>
    internal const int Careful = 2;

    /// <summary>The validator whose one endpoint lies in tests, always the same: two would halt the
    /// lane.</summary>
    internal const int Deceived = 3;

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<RpcProxy> _proxies = [];
    private readonly List<PrivateKey> _keys = [];

    private ForeignChain? _chain;

    /// <summary>Has quota enough for all; another test's limits are another asset's.</summary>
    internal static AssetId Asset { get; } = AssetId.Parse("HYDRO-REVENUE");

    /// <summary>The asset of which the ledger lets pass little at times.</summary>
    internal static AssetId Other { get; } = AssetId.Parse("GOV-BOND-2031");

    /// <summary>The asset of which the contracts let pass little: what a limiter lowers stays low.</summary>
    internal static AssetId Limited { get; } = AssetId.Parse("GOLD-RESERVE");

    /// <summary>How long a lock waits for its mint.</summary>
    internal static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How far the chain's clock is behind when it starts.</summary>
    internal TimeSpan Behind { get; init; }

    internal ProcessCluster Nodes { get; private set; } = null!;

    internal ForeignChain Chain => _chain!;

    internal OpenBridgeLane Terms { get; private set; } = null!;

    /// <summary>Endpoints of a validator.</summary>
    internal ImmutableArray<RpcProxy> EndpointsOf(int validator) => validator == Careful
        ? [_proxies[Careful], _proxies[ProcessCluster.Size]]
        : [_proxies[validator]];

    /// <summary>A key of the client folder; this disposes it.</summary>
    internal PrivateKey Key(string label)
    {
        PrivateKey key = Nodes.Client.Key(label);
        _keys.Add(key);
        return key;
    }

    public async Task InitializeAsync()
    {
        _chain = await ForeignChain.StartAsync(Behind);
        for (int i = 0; i <= ProcessCluster.Size; i++)
        {
            _proxies.Add(await RpcProxy.StartAsync(_chain.Endpoint));
        }

        Nodes = new ProcessCluster { Prepare = AttachAsync };
        await Nodes.InitializeAsync();
        await DecideAsync(Terms, Join(Asset), Join(Other), Join(Limited));
        foreach (string wallet in (string[])["venue-1", "venue-2", "venue-3", "stranger", "registrar",
            "guardian", "limiter", "enforcer"])
        {
            await _chain.FundAsync(Nodes.Client.Labels["bridge-" + wallet]);
        }
    }

    public async Task DisposeAsync()
    {
        Nodes?.Dispose();
        foreach (RpcProxy proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        if (_chain is not null)
        {
            await _chain.DisposeAsync();
        }

        _keys.ForEach(static key => key.Dispose());
    }

    /// <summary>All four run, endpoints are honest, and the chain goes on. Tests begin so.</summary>
    internal async Task EnsureWholeAsync()
    {
        _proxies.ForEach(static proxy => proxy.Lie = null);
        await Chain.HoldAsync();
        Chain.Resume();
        await Nodes.EnsureWholeAsync();
    }

    /// <summary>A quota of the whole cap.</summary>
    internal MapBridgeToken Join(AssetId asset, ulong capacity = 10_000_000_000, ulong perSecond = 1_000_000)
    {
        var passing = new BridgeRate(new Amount(capacity), new Amount(perSecond));
        return new MapBridgeToken(
            ForeignChain.Id, asset, Chain.Token(asset),
            new BridgeQuota(new Amount(10_000_000_000), new Amount(20_000_000_000), passing, passing));
    }

    /// <summary>Has officers decide operations, together.</summary>
    internal async Task DecideAsync(params ImmutableArray<PrivilegedOperation> operations)
    {
        TransactionStatus proposed = await Nodes.Client.DoAsync(
            Key("ministry-maker-1"),
            new Propose(operations, new TimestampMs(DevnetClient.NowMs() + 3_600_000), "For a test"));
        await Setup.ApproveAsync(
            Nodes.Client,
            [Key("ministry-checker-1"), Key("central-bank-checker-1"), Key("regulator-checker-1")],
            proposed);
    }

    /// <summary>A lane as a node tells of it; null while it does not answer.</summary>
    internal async Task<Lane?> LaneAsync(int node = 0)
    {
        try
        {
            ListLanesResponse lanes = await Nodes.Node(node).Bridge.ListLanesAsync(
                new ListLanesRequest(), deadline: Deadline.In(TimeSpan.FromSeconds(5)));
            return lanes.Lanes.Single();
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }

    /// <summary>Locks units of an account, and says the lock's number.</summary>
    internal async Task<ulong> LockAsync(PrivateKey owner, ulong amount, Address to, AssetId? asset = null)
    {
        TransactionStatus done = await Nodes.Client.DoAsync(
            owner, new Core.Bridge.LockForBridge(ForeignChain.Id, asset ?? Asset, new Amount(amount), to));
        return NonceIn(done);
    }

    /// <summary>The code with which a lock is refused; empty when it is not.</summary>
    internal async Task<string> RefusalAsync(
        PrivateKey owner, ulong amount, Address to, AssetId? asset = null)
    {
        TransactionStatus done = await Nodes.Client.SettleAsync(
            owner, new Core.Bridge.LockForBridge(ForeignChain.Id, asset ?? Asset, new Amount(amount), to));
        return done.Refusal?.Code ?? "";
    }

    internal static ulong NonceIn(TransactionStatus done) =>
        done.Events.Single(static e => e.BridgeLocked is not null).BridgeLocked.Nonce;

    internal async Task<GetLockResponse> LockOfAsync(ulong nonce, int node = 0) =>
        await Nodes.Node(node).Bridge.GetLockAsync(
            new GetLockRequest { ChainId = ForeignChain.Id, Nonce = nonce },
            deadline: Deadline.In(Patience));

    /// <summary>Waits until a lock ends.</summary>
    internal async Task<Lock> EndedAsync(ulong nonce, BridgeLockStatus status)
    {
        Lock last = new();
        await Deadline.UntilAsync(
            $"lock {nonce} is {status}",
            Patience,
            async () =>
            {
                last = (await LockOfAsync(nonce)).Lock;
                return last.Status == status;
            },
            () => $"It is {last}. {Tell()}");
        return last;
    }

    internal Task<Lock> MintedAsync(ulong nonce) => EndedAsync(nonce, BridgeLockStatus.Minted);

    /// <summary>Burns units abroad for an account here, and says the burn's number.</summary>
    internal async Task<ulong> BurnAsync(PrivateKey holder, ulong amount, Address to, AssetId? asset = null)
    {
        EvmReceipt burned = await Chain.MustAsync(
            holder, Chain.Bridge, BridgeContracts.Burn, Chain.Token(asset ?? Asset), (UInt256)amount,
            RecipientOf(to));
        EvmLog log = burned.Logs.Single(log => log.Topics[0] == BridgeContracts.Burned.Topic);
        return (ulong)(UInt256)BridgeContracts.Burned.Decode(log)[0];
    }

    /// <summary>An account with tag 0, as a burn names it.</summary>
    internal static byte[] RecipientOf(Address account) =>
        [.. account.ToArray(), .. new byte[UInt256.Size - Address.Size]];

    /// <summary>A burn as the ledger knows it; null while it does not.</summary>
    internal async Task<Burn?> BurnOfAsync(ulong nonce, int node = 0)
    {
        try
        {
            return (await Nodes.Node(node).Bridge.GetBurnAsync(
                new GetBurnRequest { ChainId = ForeignChain.Id, Nonce = nonce },
                deadline: Deadline.In(Patience))).Burn;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    internal async Task<Burn> BurnIsAsync(ulong nonce, BurnStatus status, string hindrance = "")
    {
        Burn? last = null;
        await Deadline.UntilAsync(
            $"burn {nonce} is {status} {hindrance}",
            Patience,
            async () =>
            {
                last = await BurnOfAsync(nonce);
                return last?.Status == status && last.Hindrance == hindrance;
            },
            () => $"It is {last}. {Tell()}");
        return last!;
    }

    internal Task<Burn> ReleasedAsync(ulong nonce) => BurnIsAsync(nonce, BurnStatus.Released);

    /// <summary>
    /// Waits until all bridges work, nothing is under way, and each says of each token that it adds up.
    /// </summary>
    internal async Task RequireAtRestAsync()
    {
        foreach (int node in ProcessCluster.All)
        {
            await Deadline.UntilAsync(
                $"node {node} shows that all adds up", Patience, () => AddsUpAsync(node), Tell);
        }
    }

    /// <summary>What all nodes say of their bridges, for messages of failed tests.</summary>
    internal string Tell() => string.Join('\n', ProcessCluster.All.Select(node =>
        string.Join('\n', Nodes.Log(node).Split('\n').Where(static line =>
            line.Contains("ridge", StringComparison.Ordinal)).TakeLast(6))));

    /// <summary>What stands in the way of a node's bridge, or its halt.</summary>
    internal async Task<string> NoteAsync(int node)
    {
        NodeView? view = (await LaneAsync(node))?.Node;
        return view is null ? "" : view.Halt + view.Note;
    }

    internal Task NotesAsync(int node, string text) => NotesAsync(node, text, Patience);

    internal async Task NotesAsync(int node, string text, TimeSpan within)
    {
        string last = "";
        await Deadline.UntilAsync(
            $"node {node} says: {text}",
            within,
            async () =>
            {
                last = await NoteAsync(node);
                return text.Length == 0 ? last.Length == 0 : last.Contains(text, StringComparison.Ordinal);
            },
            () => $"It says: {last}. {Tell()}");
    }

    /// <summary>Waits until the chain abroad, which is held, has something for its next block.</summary>
    internal async Task PendingAsync() => await Deadline.UntilAsync(
        "a transaction waits for a block", Patience,
        async () =>
        {
            JsonElement pool = await Chain.Client.Provider.CallAsync(new EvmRequest("txpool_status"));
            return pool.GetProperty("pending").GetString() != "0x0";
        },
        Tell);

    /// <summary>Puts a signer's key in the place of a validator's, and starts it with that.</summary>
    internal async Task GiveSignerKeyAsync(int validator, PrivateKey signer)
    {
        string node = Nodes.NodeFolder(validator);
        byte[] password = await File.ReadAllBytesAsync(Path.Combine(node, "keys", "password"));
        string path = KeystoreFolder.Save(
            Path.Combine(node, "keys"), signer, password.AsSpan().TrimEnd("\r\n"u8), ScryptCost.Development,
            TimeProvider.System);
        Nodes.Kill(validator);
        File.Move(path, Path.Combine(node, BridgeSetup.SignerKey), overwrite: true);
        await Nodes.EnsureWholeAsync();
    }

    /// <summary>Who pays abroad for a validator.</summary>
    internal Address SenderOf(int validator) => SenderIn(Nodes.NodeFolder(validator));

    /// <summary>New accounts with a million units each.</summary>
    internal async Task<PrivateKey[]> FundedAsync(int count, AssetId? asset = null)
    {
        PrivateKey[] keys = await Setup.FundAsync(
            Nodes.Client, [.. Enumerable.Range(0, count).Select(static _ => PrivateKey.Generate())],
            asset ?? Asset);
        _keys.AddRange(keys);
        return keys;
    }

    private async Task<bool> AddsUpAsync(int node)
    {
        Lane? lane = await LaneAsync(node);
        if (lane is not { OpenLocks: 0, SuspendedBurns: 0, Node: { FinalBlock: > 0, Halt: "" } })
        {
            return false;
        }

        GetBackingResponse backing = await Nodes.Node(node).Bridge.GetBackingAsync(
            new GetBackingRequest { ChainId = ForeignChain.Id }, deadline: Deadline.In(Patience));
        return backing.Tokens.Count == lane.Tokens.Count && backing.Tokens.All(static token =>
            token.Verdict == Verdict.Agrees && token.Locked == token.Supply);
    }

    private async Task AttachAsync(string folder)
    {
        var setup = new BridgeSetup(folder);
        await Chain.DeployAsync(setup, folder, [Asset.ToString(), Other.ToString(), Limited.ToString()]);
        JsonObject lane = setup.Attach(
            Chain.Deployment, Chain.Endpoint.ToString(), await Chain.GenesisAsync());
        Terms = new OpenBridgeLane(
            ForeignChain.Id, Chain.Bridge, Chain.SignerRegister, await Chain.GenesisAsync(),
            lane["startBlock"]!.GetValue<ulong>(), (ulong)Lifetime.TotalMilliseconds, GatherMs: 200,
            [.. lane["signers"]!.AsArray().Select(static signer => new BridgeSigner(
                AddressOf(signer!["key"]!), AddressOf(signer["institution"]!)))
                .OrderBy(static signer => signer.Key)]);
        for (int i = 0; i < ProcessCluster.Size; i++)
        {
            await ConfigureAsync(i, folder);
        }
    }

    private async Task ConfigureAsync(int validator, string folder)
    {
        string path = Path.Combine(folder, $"node-{validator + 1}", "node.json");
        SingleNode.Configure(path, path, root =>
        {
            JsonNode lane = root["bridge"]!["lanes"]![0]!;
            JsonNode[] endpoints =
                [.. EndpointsOf(validator).Select(static proxy => (JsonNode)proxy.Endpoint.ToString())];
            lane["endpoints"] = new JsonArray(endpoints);
            lane["required"] = endpoints.Length;
            lane["pollMs"] = 200;
            lane["deadlineMs"] = 1_500;
            lane["turnMs"] = 1_000;
            lane["replaceMs"] = 1_000;
            lane["identityMs"] = 1_000;
        });
        await Chain.FundAsync(SenderIn(Path.GetDirectoryName(path)!));
    }

    private static Address SenderIn(string nodeFolder) => new(Convert.FromHexString(
        JsonNode.Parse(File.ReadAllText(Path.Combine(nodeFolder, BridgeSetup.SenderKey)))!
            ["address"]!.GetValue<string>()));

    private static Address AddressOf(JsonNode text) =>
        Address.TryParse(text.GetValue<string>(), out Address address)
            ? address
            : throw new FormatException($"{text} is no address");
}

/// <summary>The tests that share one network with a bridge, one test at a time; each leaves it at rest.
/// </summary>
[CollectionDefinition(Name)]
public sealed class BridgeGroup : ICollectionFixture<BridgeCluster>
{
    public const string Name = "bridge";
}
