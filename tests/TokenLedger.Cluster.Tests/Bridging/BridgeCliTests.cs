// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using static TokenLedger.Cluster.Tests.Bridging.TlJson;
using IssueUnits = TokenLedger.Core.Ledger.IssueUnits;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>The bridge as people and programs see it by <c>tl</c>, on a network that carries units.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeCliTests(BridgeCluster cluster)
{
    private const string Holder = "exchange-1";

    private Tl Tl => new(cluster.Nodes.Folder);

    private string Wallet => Eip55.Format(cluster.Nodes.Client.Labels["bridge-venue-1"]);

    [Fact]
    public async Task Views_OfATransferEachWay_ShowItInTablesAndJson()
    {
        await cluster.EnsureWholeAsync();
        await IssueAsync();
        JsonNode locked = (await Tl.MustAsync(
            $"bridge lock HYDRO-REVENUE --amount 12.50 --to {Wallet} --from {Holder} -o json")).Json;
        ulong nonce = NonceIn(locked);
        await cluster.MintedAsync(nonce);
        PrivateKey wallet = cluster.Key("bridge-venue-1");
        Address holder = cluster.Nodes.Client.Labels[Holder];
        JsonNode recipient = (await Tl.MustAsync($"bridge recipient {Holder} -o json")).Json;
        Assert.Equal(
            "0x" + Convert.ToHexStringLower(BridgeCluster.RecipientOf(holder)),
            Text(recipient["recipient"]));
        ulong burn = await cluster.BurnAsync(wallet, 250, holder);
        await cluster.ReleasedAsync(burn);
        await cluster.RequireAtRestAsync();

        JsonNode shown = (await Tl.MustAsync($"bridge show {nonce} -o json")).Json;
        Assert.Equal(
            ("out", "minted", "HYDRO-REVENUE", "1250"),
            (Text(shown["direction"]), Text(shown["status"]), Text(shown["asset"]), Text(shown["amount"])));
        Assert.Equal(Wallet, Text(shown["to"]));
        string table = (await Tl.MustAsync($"bridge show {nonce}")).Out;
        Assert.Contains("12.50", table, StringComparison.Ordinal);
        Assert.Contains("minted", table, StringComparison.Ordinal);
        RequireSigners(shown["mint"]!, await cluster.LaneAsync());
        Assert.Contains("signed by", table, StringComparison.Ordinal);
        shown = (await Tl.MustAsync($"bridge show burn-{burn} -o json")).Json;
        Assert.Equal(
            ("in", "released", "250"),
            (Text(shown["direction"]), Text(shown["status"]), Text(shown["amount"])));

        string list = (await Tl.MustAsync("bridge list")).Out;
        Assert.Contains($"burn-{burn}", list, StringComparison.Ordinal);
        Assert.Contains("2.50", list, StringComparison.Ordinal);
        JsonArray rows = (await Tl.MustAsync("bridge list -o json")).Json.AsArray();
        Assert.Contains(rows, row => Text(row!["direction"]) == "out" && (ulong)row["id"]! == nonce);
        Assert.Empty((await Tl.MustAsync("bridge list --open -o json")).Json.AsArray());

        JsonNode status = (await Tl.MustAsync("bridge status -o json")).Json.AsArray().Single()!;
        Assert.Equal((ForeignChain.Id, "none", 0), (
            (ulong)status["chainId"]!, Text(status["stopped"]), (int)status["openLocks"]!));
        Assert.True((ulong)status["node"]!["finalBlock"]! > 0);
        Assert.Equal(4, status["signers"]!.AsArray().Count(
            static one => Text(one!["institutionName"]).Length > 0));
        Assert.Contains(status["signers"]!.AsArray(), static one => one!["heardAt"] is not null);
        Assert.Contains(
            "works", (await Tl.MustAsync("bridge status")).Out, StringComparison.Ordinal);
        JsonNode limits = (await Tl.MustAsync("bridge limits -o json")).Json.AsArray().Single(
            row => Text(row!["asset"]) == "HYDRO-REVENUE")!;
        Assert.Equal("10000000000", Text(limits["perItem"]));
        Assert.Equal("86400000000", Text(limits["outbound"]!["perDay"]));
        await RequireAbroadAsync(limits["abroad"]!);
        Assert.Contains("CEILING", (await Tl.MustAsync("bridge limits")).Out, StringComparison.Ordinal);
        JsonArray proof = (await Tl.MustAsync("bridge proof -o json")).Json.AsArray();
        Assert.Equal(3, proof.Count);
        Assert.All(proof, token => Assert.Equal(
            ("agrees", Text(token!["locked"])), (Text(token["verdict"]), Text(token["supply"]))));
        Assert.Contains("DIFFERENCE", (await Tl.MustAsync("bridge proof")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_ThatChangeALane_DoWhatTheySay()
    {
        await cluster.EnsureWholeAsync();
        await IssueAsync();
        await Tl.DecideAsync("bridge pause --what locks");
        JsonNode status = (await Tl.MustAsync("bridge status -o json")).Json[0]!;
        Assert.Equal(("locks", "locks", "For a test"), (
            Text(status["stopped"]), Text(status["reasons"]![0]!["stopped"]),
            Text(status["reasons"]![0]!["reason"])));
        await RequireRefusedAsync(
            5, "BRIDGE_PAUSED", $"bridge lock HYDRO-REVENUE --amount 1 --to {Wallet} --from {Holder}");
        await Tl.DecideAsync("bridge resume");
        Assert.Equal("none", Text((await Tl.MustAsync("bridge status -o json")).Json[0]!["stopped"]));

        // While the contract mints nothing, a lock can be taken back by using up its number.
        await cluster.PauseAsync(BridgeContracts.PauseMint);
        ulong nonce = NonceIn((await Tl.MustAsync(
            $"bridge lock HYDRO-REVENUE --amount 3 --to {Wallet} --from {Holder} -o json")).Json);
        await cluster.EndedAsync(nonce, BridgeLockStatus.Signing);
        await RequireRefusedAsync(4, "NOT_AUTHORISED", $"bridge cancel {nonce} --from exchange-2");
        await Tl.MustAsync($"bridge cancel {nonce} --from {Holder}");
        await cluster.EndedAsync(nonce, BridgeLockStatus.Refunded);
        await RequireRefusedAsync(6, "BRIDGE_LOCK_CLOSED", $"bridge cancel {nonce} --from {Holder}");
        await cluster.UnpauseAsync();

        // A burn for nobody waits until somebody registers the account.
        await cluster.MintedAsync(NonceIn((await Tl.MustAsync(
            $"bridge lock HYDRO-REVENUE --amount 3 --to {Wallet} --from {Holder} -o json")).Json));
        using PrivateKey unknown = PrivateKey.Generate();
        ulong burn = await cluster.BurnAsync(cluster.Key("bridge-venue-1"), 10, unknown.Address);
        await cluster.BurnIsAsync(burn, BurnStatus.Suspended, "RECEIVER_NOT_REGISTERED");
        await RequireRefusedAsync(5, "RECEIVER_NOT_REGISTERED", $"bridge retry {burn} --from {Holder}");
        await Tl.MustAsync(
            $"account create {Eip55.Format(unknown.Address)} --from ministry-registrar");
        await Tl.MustAsync($"bridge retry {burn} --from {Holder}");
        await cluster.ReleasedAsync(burn);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Input_ThatIsWrong_GetsOneClearErrorAndChangesNothing()
    {
        await cluster.EnsureWholeAsync();
        await IssueAsync();
        Lane before = (await cluster.LaneAsync())!;
        UInt128 held = await HeldAsync();
        string wrongSum = Wallet[..^1] + (Wallet[^1] is 'A' or 'a' ? 'b' : 'a');
        string from = $"--from {Holder}";
        (int Exit, string Code, string Line)[] wrong =
        [
            (3, "ASSET_UNKNOWN", $"bridge lock NO-SUCH --amount 1 --to {Wallet} {from}"),
            (3, "BRIDGE_TOKEN_UNKNOWN", $"bridge lock SUKUK-GRID-32 --amount 1 --to {Wallet} {from}"),
            (3, "BRIDGE_LANE_UNKNOWN",
                $"bridge lock HYDRO-REVENUE --amount 1 --to {Wallet} --chain 1 {from}"),
            (3, "BRIDGE_LANE_UNKNOWN", "bridge proof --chain 1"),
            (3, "ADDRESS_UNKNOWN", $"bridge lock HYDRO-REVENUE --amount 1 --to 0x123 {from}"),
            (2, "USAGE", $"bridge lock HYDRO-REVENUE --amount 1 --to exchange-2 {from}"),
            (2, "USAGE",
                $"bridge map HYDRO-REVENUE --token {Wallet} --per-item 1 --ceiling 1 --burst 1 --per-day 1 "
                + "--reason x --from ministry-maker-1"),
            (2, "ADDRESS_CHECKSUM", $"bridge lock HYDRO-REVENUE --amount 1 --to {wrongSum} {from}"),
            (2, "INVALID_FIELD",
                $"bridge lock HYDRO-REVENUE --amount 1 --to {Address.Zero} {from}"),
            (2, "", $"bridge lock HYDRO-REVENUE --amount 0 --to {Wallet} {from}"),
            (2, "", $"bridge lock HYDRO-REVENUE --amount 0.001 --to {Wallet} {from}"),
            (2, "", $"bridge lock HYDRO-REVENUE --amount -1 --to {Wallet} {from}"),
            (5, "BRIDGE_ITEM_LIMIT", $"bridge lock HYDRO-REVENUE --amount 100000001 --to {Wallet} {from}"),
            (5, "INSUFFICIENT_AVAILABLE",
                $"bridge lock HYDRO-REVENUE --amount 90000000 --to {Wallet} {from}"),
            (3, "BRIDGE_LOCK_UNKNOWN", "bridge show 999999"),
            (3, "BRIDGE_BURN_UNKNOWN", "bridge show burn-999999"),
            (2, "", "bridge show seventeen"),
            (3, "BRIDGE_LANE_UNKNOWN", "bridge limits --chain 1"),
            (3, "ADDRESS_UNKNOWN", "bridge recipient nobody-at-all"),
            (2, "ADDRESS_CHECKSUM", $"bridge recipient {wrongSum}"),
            (2, "BRIDGE_RECIPIENT_INVALID", $"bridge recipient --decode 0x{new string('1', 64)}"),
            (3, "BRIDGE_LOCK_UNKNOWN", $"bridge cancel 999999 {from}"),
            (3, "BRIDGE_BURN_UNKNOWN", $"bridge retry 999999 {from}"),
        ];
        foreach ((int exit, string code, string line) in wrong)
        {
            await RequireRefusedAsync(exit, code, line);
        }

        Lane after = (await cluster.LaneAsync())!;
        Assert.Equal(
            (before.NextLock, before.NextBurn, before.OpenLocks),
            (after.NextLock, after.NextBurn, after.OpenLocks));
        Assert.Equal(held, await HeldAsync());
    }

    /// <summary>A quorum's names and keys, and the others as missing.</summary>
    private static void RequireSigners(JsonNode mint, Lane? lane)
    {
        JsonArray signed = mint["signedBy"]!.AsArray();
        JsonArray missing = mint["unsignedBy"]!.AsArray();
        Assert.True(signed.Count >= (int)mint["quorum"]!, mint.ToJsonString());
        Assert.Equal(
            lane!.Signers.Select(one => Eip55.Format(new Address(one.Key.Span))).Order(),
            signed.Concat(missing).Select(static one => Text(one!["key"])).Order());
        Assert.All(
            signed.Concat(missing), static one => Assert.NotEqual("", Text(one!["institutionName"])));
    }

    /// <summary>The limits abroad are the contract's, and a pause there shows.</summary>
    private async Task RequireAbroadAsync(JsonNode abroad)
    {
        object[] state = (object[])(await cluster.Chain.ReadAsync(
            cluster.Chain.Bridge, BridgeContracts.State, cluster.Chain.Token(BridgeCluster.Asset)))[0];
        Assert.Equal(
            ($"{state[4]}", $"{state[3]}", $"{state[5]}", $"{state[8]}", "false", "false"),
            (Text(abroad["perItem"]), Text(abroad["ceiling"]), Text(abroad["mint"]!["burst"]),
                Text(abroad["burn"]!["burst"]), Text(abroad["mintPaused"]), Text(abroad["burnPaused"])));
        await cluster.PauseAsync(BridgeContracts.PauseBurn);
        await Deadline.UntilAsync(
            "the pause abroad shows", BridgeCluster.Patience,
            async () =>
                (bool)(await Tl.MustAsync("bridge limits -o json")).Json[0]!["abroad"]!["burnPaused"]!,
            cluster.Tell);
        Assert.Contains(
            "PAUSED", (await Tl.MustAsync("bridge limits")).Out, StringComparison.Ordinal);
        await cluster.UnpauseAsync();
    }

    /// <summary>One error with its code, exit code, and what to do next.</summary>
    /// <param name="exit">The exit code.</param>
    /// <param name="code">The error's code; empty when any of usage will do.</param>
    /// <param name="line">The command line.</param>
    private async Task RequireRefusedAsync(int exit, string code, string line)
    {
        TlResult told = await Tl.RunAsync(line + " -o json");
        Assert.True(told.Exit == exit, $"tl {line}: exit {told.Exit}. {told.Error}");
        Assert.Equal("", told.Out);
        JsonNode error = told.ErrorJson;
        Assert.True(code.Length == 0 || Text(error["code"]) == code, $"tl {line}: {told.Error}");
        Assert.NotEqual("", Text(error["message"]));
    }

    private Task<UInt128> HeldAsync() => cluster.Nodes.BalanceAsync(
        0, cluster.Nodes.Client.Labels[Holder], BridgeCluster.Asset);

    /// <summary>A thousand whole units for the exchange.</summary>
    private Task IssueAsync() => cluster.DecideAsync(new IssueUnits(
        BridgeCluster.Asset, cluster.Nodes.Client.Labels[Holder], new Amount(100_000)));

    private static ulong NonceIn(JsonNode done) => (ulong)Find(done, "nonce", "bridge_locked")!;
}
