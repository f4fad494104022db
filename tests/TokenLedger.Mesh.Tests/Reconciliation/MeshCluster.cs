// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cluster.Tests;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Tests.Reconciliation;

/// <summary>
/// Four validators with a past of every kind that moves units or fails to, and the adapter twice: over one of
/// them, and offline.
/// </summary>
public sealed class MeshCluster : IAsyncLifetime, IDisposable
{
    /// <summary>How many accounts pay each other.</summary>
    private const int Payers = 6;

    private readonly ProcessCluster _validators;

    private MeshProcess? _online;
    private MeshProcess? _offline;

    public MeshCluster() => _validators = new ProcessCluster { Configure = Configure };

    /// <summary>What they pay with.</summary>
    internal static AssetId Asset { get; } = AssetId.Parse("HYDRO-REVENUE");

    internal MeshClient Online => _online!.Client;

    internal MeshClient Offline => _offline!.Client;

    internal DevnetClient Ledger => _validators.Client;

    internal GenesisDocument Genesis { get; private set; } = null!;

    /// <summary>A validator that knows <see cref="SlowKey"/> and <see cref="ReaderKey"/>.</summary>
    internal Uri KeyedNode => _validators.Api(2);

    /// <summary>May do everything, five calls a second.</summary>
    internal string SlowKey { get; } = ApiKey.Generate();

    /// <summary>May read, and follow nothing.</summary>
    internal string ReaderKey { get; } = ApiKey.Generate();

    /// <summary>Accounts with units of <see cref="Asset"/>.</summary>
    internal PrivateKey[] Accounts { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await _validators.InitializeAsync();
        Genesis = GenesisFile.Read(
            await File.ReadAllBytesAsync(Path.Combine(_validators.Folder, "genesis.json")));
        _online = await MeshProcess.StartAsync(Genesis, _validators.Api(1));
        _offline = await MeshProcess.StartAsync(Genesis, endpoint: null);
        Accounts = await Setup.FundAsync(
            Ledger, [.. Enumerable.Range(0, Payers).Select(static _ => PrivateKey.Generate())], Asset);
        await LiveAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _online?.Dispose();
        _offline?.Dispose();
        Array.ForEach(Accounts, static key => key.Dispose());
        _validators.Dispose();
    }

    private void Configure(string path, JsonNode node)
    {
        node["api"]!["quota"] = new JsonObject { ["connections"] = 50, ["callsPerSecond"] = 5_000 };
        if (!path.Contains("node-3", StringComparison.Ordinal))
        {
            return;
        }

        node["api"]!["principals"] = "principals.json";
        var principals = new JsonObject
        {
            ["anonymous"] = new JsonObject { ["scopes"] = new JsonArray("read", "stream", "submit") },
            ["principals"] = new JsonArray(
                Principal("slow", SlowKey, 5, "read", "stream", "submit"),
                Principal("reader", ReaderKey, 100, "read")),
        };
        File.WriteAllText(
            Path.Combine(Path.GetDirectoryName(path)!, "principals.json"), principals.ToJsonString());
    }

    private static JsonObject Principal(
        string name, string key, int callsPerSecond, params string[] scopes) => new()
        {
            ["name"] = name,
            ["scopes"] = new JsonArray([.. scopes.Select(static scope => (JsonNode)scope)]),
            ["callsPerSecond"] = callsPerSecond,
            ["openCalls"] = 10,
            ["keys"] = new JsonArray(new JsonObject { ["hash"] = ApiKey.HashOf(key).ToString() }),
        };

    /// <summary>Transfers of one and of many, with tags, one that fails, a freeze, and a burn.</summary>
    private async Task LiveAsync()
    {
        for (int i = 0; i < Payers; i++)
        {
            Address next = Accounts[(i + 1) % Payers].Address;
            await Ledger.DoAsync(
                Accounts[i], new Transfer(Asset, next, new Amount((UInt128)(100 + i)), Tag: (ulong)i),
                new Transfer(Asset, Accounts[(i + 2) % Payers].Address, new Amount(7)));
        }

        V1.TransactionStatus failed = await Ledger.SettleAsync(
            Accounts[0], new Transfer(Asset, Accounts[1].Address, new Amount(1_000_000_000)));
        Assert.Equal(V1.TransactionState.Failed, failed.State);
        Address issuer = Ledger.Labels["treasury"];
        await Ledger.DoAsync(Accounts[5], new Transfer(Asset, issuer, new Amount(50_000)));
        await DecideAsync("ministry", new BurnUnits(Asset, issuer, new Amount(20_000), "Bought back"));
        await DecideAsync("regulator", new FreezeAccount(
            Accounts[4].Address, FreezeMode.SendAndReceive, "Order 12/2026", default));
    }

    private async Task DecideAsync(string institution, PrivilegedOperation payload)
    {
        using PrivateKey maker = Ledger.Key(institution + "-maker-1");
        using PrivateKey first = Ledger.Key(institution + "-checker-1");
        using PrivateKey second = Ledger.Key(institution + "-checker-2");
        V1.TransactionStatus proposed = await Ledger.DoAsync(maker, new Propose(
            [payload], new TimestampMs(DevnetClient.NowMs() + 3_600_000), "For the past"));
        await Setup.ApproveAsync(Ledger, [first, second], proposed);
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class MeshGroup : ICollectionFixture<MeshCluster>
{
    public const string Name = "mesh";
}
