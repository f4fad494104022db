// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Testing.Devnet;
using BridgeLockStatus = TokenLedger.Protocol.Ledger.V1.BridgeLockStatus;
using BridgeSigner = TokenLedger.Core.Bridge.BridgeSigner;
using static TokenLedger.Cluster.Tests.Bridging.TlJson;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>A network of its own, whose chain abroad begins ten days ago: here time passes.</summary>
public sealed class OfficersCluster : IAsyncLifetime
{
    internal BridgeCluster Bridge { get; } = new() { Behind = TimeSpan.FromDays(10) };

    public Task InitializeAsync() => Bridge.InitializeAsync();

    public Task DisposeAsync() => Bridge.DisposeAsync();
}

/// <summary>What officers do abroad, with <c>tl bridge action</c> alone.</summary>
[Trait("Category", "Cluster")]
public sealed class BridgeActionTests(OfficersCluster officers) : IClassFixture<OfficersCluster>
{
    private const string Payer = "--from bridge-registrar";
    private const string Guardian = "--from bridge-guardian";
    private const int Quorum = 3;

    /// <summary>The validators that lose their signers' keys: more than may fail.</summary>
    private static readonly int[] Lost = [0, 1];

    private static readonly AbiFunction State = AbiFunction.Parse(
        "state(address) returns (uint128,uint128,uint128,uint128,uint128,uint128,uint128,uint32,uint128,"
        + "uint128,uint32,bool)");

    private readonly BridgeCluster _cluster = officers.Bridge;

    private Tl Tl => new(_cluster.Nodes.Folder);

    private string Rpc => $"--rpc {_cluster.Chain.Endpoint}";

    private static string Deployed => "--deployment deployment.json";

    private string Abroad => $"{Deployed} {Rpc}";

    private string Cold => $"--cold plan.json {Abroad}";

    /// <summary>In the order of time: a chain's clock does not go back.</summary>
    [Fact]
    public async Task Officers_WithTlAlone_RaiseCancelRecoverPauseAndLift()
    {
        await _cluster.EnsureWholeAsync();
        await Tl.MustAsync($"bridge action unpause --mint {Cold} --out early.json");
        await SignAsync("early.json", ColdKeys);
        await RaiseALimitAsync();
        await CancelAProposalAsync();
        await RefuseWrongInputAsync();
        await RecoverAsync();
        await TakeOverAsync();
        await PauseAndLiftAsync();
    }

    private static string[] ColdKeys =>
        ["--from bridge-cold-1", "--from bridge-cold-3", "--from bridge-cold-4"];

    /// <summary>Keys of signers lie in their validators' folders.</summary>
    private static string[] HotKeys =>
    [
        .. Enumerable.Range(1, Quorum).Select(static i =>
            $"--from node-{i}/keys/bridge-signer.json --password-file node-{i}/keys/password"),
    ];

    private async Task RaiseALimitAsync()
    {
        UInt256 before = await CeilingAsync();
        await WriteAsync("limits.json", new JsonObject
        {
            ["ceiling"] = (before + 1_000).ToString(),
            ["perItem"] = "1000000000",
            ["mintCapacity"] = "1000000000",
            ["mintWindowSeconds"] = 3_600,
            ["burnCapacity"] = "1000000000",
            ["burnWindowSeconds"] = 3_600,
        });
        await Tl.MustAsync(
            $"bridge action propose --token {BridgeCluster.Asset} --limits limits.json {Abroad} "
            + "--out p.json");
        await RequireRefusedAsync(3, "OPERATION_UNKNOWN", $"execute p.json {Rpc} {Payer}");
        await SignAsync("p.json", HotKeys);
        JsonNode sent = (await Tl.MustAsync($"bridge action send p.json {Rpc} {Payer} -o json")).Json;
        Assert.True((ulong)sent["readyAt"]! > 0);
        await RequireRefusedAsync(6, "TOO_EARLY", $"execute p.json {Rpc} {Payer}");
        await _cluster.Chain.PassAsync(TimeSpan.FromDays(2));
        await Tl.MustAsync($"bridge action execute p.json {Rpc} {Payer}");
        Assert.Equal(before + 1_000, await CeilingAsync());
        await RequireRefusedAsync(6, "OPERATION_DONE", $"execute p.json {Rpc} {Payer}");
        await RequireRefusedAsync(6, "STALE_NONCE", $"send p.json {Rpc} {Payer}");
    }

    private async Task CancelAProposalAsync()
    {
        byte[] data = AbiFunction.Parse("updateDelay(uint256)").EncodeCall((UInt256)1);
        JsonNode status = (await Tl.MustAsync($"bridge action status {Abroad} -o json")).Json;
        string timelock = Text(status["timelock"]);
        await Tl.MustAsync(
            $"bridge action propose --target {timelock} --data {EvmHex.Data(data)} {Abroad} --out q.json");
        await SignAsync("q.json", HotKeys);
        await Tl.MustAsync($"bridge action send q.json {Rpc} {Payer}");
        JsonNode shown = (await Tl.MustAsync("bridge action show q.json -o json")).Json;
        Assert.Equal("updateDelay(1)", Text(shown["call"]));
        string id = Text(shown["operation"]);
        await Tl.MustAsync($"bridge action cancel --id 0x{id} {Cold} --out c.json");
        await SignAsync("c.json", ColdKeys);

        // Whoever stole a hot quorum proposes again, in front of the cold keys' word.
        await Tl.MustAsync(
            $"bridge action propose --target {timelock} --data {EvmHex.Data(data)} {Abroad} --out g.json");
        await SignAsync("g.json", HotKeys);
        await Tl.MustAsync($"bridge action send g.json {Rpc} {Payer}");
        await Tl.MustAsync(
            $"bridge action propose --target {timelock} --data {EvmHex.Data(data)} {Abroad} --out h.json");
        await SignAsync("h.json", HotKeys);
        await Tl.MustAsync($"bridge action send c.json {Rpc} {Payer}");
        await RequireRefusedAsync(3, "OPERATION_UNKNOWN", $"execute q.json {Rpc} {Payer}");
        await RequireRefusedAsync(3, "OPERATION_UNKNOWN", $"cancel --id {id} {Cold}");
    }

    private async Task RefuseWrongInputAsync()
    {
        using Anvil other = await Anvil.StartAsync("--chain-id", "7");
        string elsewhere = $"--rpc {other.Endpoint}";
        JsonObject deployment = _cluster.Chain.Deployment.DeepClone().AsObject();
        deployment["bridge"]!["address"] = Eip55.Format(_cluster.Chain.Token(BridgeCluster.Asset));
        await WriteAsync("wrong.json", deployment);
        await WriteAsync("strangers.json", new JsonArray(
            Eip55.Format(_cluster.Key("exchange-1").Address),
            Eip55.Format(_cluster.Key("exchange-2").Address)));
        await Tl.MustAsync($"bridge action unpause --burn --not-before 1h {Cold} --out later.json");
        await SignAsync("later.json", ColdKeys);
        (int Exit, string Code, string Line)[] wrong =
        [
            (9, "WRONG_CHAIN", $"unpause --mint --cold plan.json --deployment deployment.json {elsewhere}"),
            (9, "WRONG_CHAIN", $"send early.json {elsewhere} {Payer}"),
            (9, "WRONG_DEPLOYMENT", $"unpause --mint --cold plan.json --deployment wrong.json {Rpc}"),
            (9, "WRONG_DEPLOYMENT", $"pause --deployment wrong.json {Rpc} {Guardian}"),
            (9, "WRONG_SET", $"unpause --mint --cold strangers.json {Abroad}"),
            (9, "WRONG_SET", $"propose --hot strangers.json --target {Address.Zero} --data 0x {Abroad}"),
            (6, "TOO_EARLY", $"send later.json {Rpc} {Payer}"),
            (1, "INSUFFICIENT_FUNDS", $"send early.json {Rpc} --from exchange-2"),
            (1, "FEE_TOO_HIGH", $"send early.json {Rpc} {Payer} --tip 0 --max-fee 0"),
            (5, "REFUSED_ABROAD", $"pause --mint {Abroad} {Payer}"),
            (6, "NO_RECOVERY", $"cancel-recovery {Abroad} {Guardian}"),
            (6, "NO_RECOVERY", $"finish-recovery --signers strangers.json {Abroad} {Payer}"),
            (2, "USAGE", $"execute early.json {Rpc} {Payer}"),
        ];
        foreach ((int exit, string code, string line) in wrong)
        {
            await RequireRefusedAsync(exit, code, line);
        }

        TlResult refused = await Tl.RunAsync($"bridge action pause --mint {Abroad} {Payer}");
        Assert.Contains("AccessManagedUnauthorized", refused.Error, StringComparison.Ordinal);
    }

    private async Task RecoverAsync()
    {
        BridgeSigner[] signers = [.. _cluster.Terms.Signers];
        foreach (int validator in Lost)
        {
            using PrivateKey fresh = PrivateKey.Generate();
            var gone = new Address((await _cluster.LaneAsync(validator))!.Node.Signer.Span);
            int place = Array.FindIndex(signers, one => one.Key == gone);
            signers[place] = signers[place] with { Key = fresh.Address };
            await _cluster.GiveSignerKeyAsync(validator, fresh);
        }

        await WriteAsync("signers.json", new JsonObject
        {
            ["signers"] = new JsonArray([.. signers.Select(static one => new JsonObject
            {
                ["key"] = one.Key.ToString(),
                ["institution"] = one.Institution.ToString(),
            })]),
        });
        await BeginRecoveryAsync("r.json");
        await Tl.MustAsync($"bridge action cancel-recovery {Abroad} {Guardian}");
        await RequireRefusedAsync(6, "STALE_NONCE", $"send r.json {Rpc} {Payer}");
        await BeginRecoveryAsync("s.json");
        await RequireRefusedAsync(
            6, "TOO_EARLY", $"finish-recovery --signers signers.json {Abroad} {Payer}");
        await RequireRefusedAsync(
            9, "WRONG_SET", $"finish-recovery --signers strangers.json {Abroad} {Payer}");
        await _cluster.Chain.PassAsync(TimeSpan.FromDays(7));
        await Tl.MustAsync($"bridge action finish-recovery --signers signers.json {Abroad} {Payer}");
        JsonNode status = (await Tl.MustAsync($"bridge action status {Abroad} -o json")).Json;
        Assert.Equal((2UL, true), ((ulong)status["epoch"]!, status["recovery"] is null));
        await RequireRefusedAsync(6, "STALE_EPOCH", $"send h.json {Rpc} {Payer}");
    }

    private async Task BeginRecoveryAsync(string file)
    {
        await Tl.MustAsync($"bridge action recover --signers signers.json {Cold} --out {file}");
        await SignAsync(file, ColdKeys);
        await Tl.MustAsync($"bridge action send {file} {Rpc} {Payer}");
    }

    /// <summary>The ledger takes the new set over, and a transfer goes each way.</summary>
    private async Task TakeOverAsync()
    {
        await Tl.DecideAsync("bridge pause");
        (int Exit, string Code, string Line)[] refused =
        [
            (9, "WRONG_SET", $"--installed-epoch 3 {Abroad}"), (2, "USAGE", "--installed-epoch 2"),
        ];
        foreach ((int exit, string code, string line) in refused)
        {
            TlResult told = await Tl.RunAsync(
                $"bridge rotate --file signers.json {line} --reason r --from ministry-maker-1 -o json");
            Assert.Equal((exit, code), (told.Exit, TlJson.Text(told.ErrorJson["code"])));
        }

        await Tl.DecideAsync($"bridge rotate --file signers.json --installed-epoch 2 {Abroad}");
        await Tl.DecideAsync("bridge resume");
        await _cluster.Chain.DoAsync("evm_setTime", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        PrivateKey holder = (await _cluster.FundedAsync(1))[0];
        PrivateKey wallet = _cluster.Key("bridge-venue-1");
        await _cluster.MintedAsync(await _cluster.LockAsync(holder, 40, wallet.Address));
        await _cluster.ReleasedAsync(await _cluster.BurnAsync(wallet, 10, holder.Address));
    }

    private async Task PauseAndLiftAsync()
    {
        PrivateKey holder = (await _cluster.FundedAsync(1))[0];
        PrivateKey wallet = _cluster.Key("bridge-venue-2");
        string pause = $"bridge action pause {Abroad} {Guardian} -o json";
        Assert.Equal(2, (await Tl.MustAsync(pause)).Json.AsArray().Count);
        Assert.Equal(2, (await Tl.MustAsync(pause)).Json.AsArray().Count);
        await RequireRefusedAsync(6, "STALE_NONCE", $"send early.json {Rpc} {Payer}");
        ulong nonce = await _cluster.LockAsync(holder, 5, wallet.Address);
        await _cluster.EndedAsync(nonce, BridgeLockStatus.Signing);
        await Deadline.UntilAsync(
            "somebody says that the mint would be refused", BridgeCluster.Patience,
            async () => (await Task.WhenAll(ProcessCluster.All.Select(_cluster.NoteAsync)))
                .Any(static note => note.Contains("would be refused", StringComparison.Ordinal)));

        // Signed apart: each gets a copy, and nobody sees another's.
        await Tl.MustAsync($"bridge action unpause --mint --burn {Cold} --out u.json");
        JsonNode built = (await Tl.MustAsync("bridge action show u.json -o json")).Json;
        object action = (await _cluster.Chain.ReadAsync(
            _cluster.Chain.Bridge, BridgeContracts.HashUnpause, true, true))[0];
        object digest = (await _cluster.Chain.ReadAsync(
            _cluster.Chain.Bridge, BridgeContracts.ColdDigest, (UInt256)(ulong)built["nonce"]!, action,
            UInt256.Zero))[0];
        Assert.Equal(new Hash256((byte[])digest).ToString(), Text(built["digest"]));
        foreach (int i in (int[])[2, 3, 4])
        {
            await Tl.MustAsync(
                $"bridge action sign u.json {Deployed} --from bridge-cold-{i} --out u{i}.json");
        }

        await RequireRefusedAsync(4, "NOT_ENOUGH_SIGNATURES", $"send u2.json u3.json {Rpc} {Payer}");
        await RequireRefusedAsync(4, "NOT_A_MEMBER", $"sign u.json {Guardian}");
        Assert.Equal(BridgeLockStatus.Signing, (await _cluster.LockOfAsync(nonce)).Lock.Status);
        await Tl.MustAsync($"bridge action send u2.json u3.json u4.json {Rpc} {Payer}");
        await _cluster.MintedAsync(nonce);
        await RequireRefusedAsync(6, "STALE_NONCE", $"send u2.json u3.json u4.json {Rpc} {Payer}");
        await BridgeAudit.RequireEachEndedOnceAsync(_cluster);
    }

    private async Task<UInt256> CeilingAsync() => (UInt256)(await _cluster.Chain.ReadAsync(
        _cluster.Chain.Bridge, State, _cluster.Chain.Token(BridgeCluster.Asset)))[3];

    /// <summary>One after the other, into the same file.</summary>
    private async Task SignAsync(string file, IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            await Tl.MustAsync($"bridge action sign {file} {Deployed} {key}");
        }
    }

    private async Task RequireRefusedAsync(int exit, string code, string line)
    {
        TlResult told = await Tl.RunAsync($"bridge action {line} -o json");
        Assert.True(told.Exit == exit, $"tl bridge action {line}: exit {told.Exit}. {told.Error}");
        Assert.Equal("", told.Out);
        Assert.True(Text(told.ErrorJson["code"]) == code, $"tl bridge action {line}: {told.Error}");
    }

    private Task WriteAsync(string name, JsonNode json) =>
        File.WriteAllTextAsync(Path.Combine(_cluster.Nodes.Folder, name), json.ToJsonString());
}
