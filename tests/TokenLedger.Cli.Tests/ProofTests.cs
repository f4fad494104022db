// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Tests;

public sealed class ProofTests
{
    [Fact]
    public async Task GetAndVerify_RealSignaturesAndPath_HoldsOffline()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        (BalanceProof proof, Hash256 genesis) = Prove(tl["treasury"], 1_000_000);
        tl.Nodes[0].Proof = proof;

        CliResult got = await tl.RunAsync(
            "proof", "get", "--account", "treasury", "--asset", "PIB-27", "--out", "p.json");
        CliResult verified =
            await tl.RunBareAsync("proof", "verify", "p.json", "--genesis", genesis.ToString(), "-o", "json");
        CliResult table = await tl.RunBareAsync("proof", "verify", "p.json", "--genesis", genesis.ToString());

        Assert.Equal(0, got.Exit);
        Assert.Equal(0, verified.Exit);
        Assert.True((bool)verified.Json["verified"]!);
        Assert.Equal("1000000", (string)verified.Json["amount"]!);
        Assert.Equal(2, (int)verified.Json["decimals"]!);
        Assert.Equal(3, (int)verified.Json["signers"]!);
        Assert.Contains("10,000.00", table.Out, StringComparison.Ordinal);
        Assert.StartsWith("VERIFIED", table.Out, StringComparison.Ordinal);
        Assert.All(table.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("amount", "1000001")]
    [InlineData("asset", "PIB-28")]
    [InlineData("account", "1111111111111111111111111111111111111111")]
    [InlineData("header", "00")]
    [InlineData("certificate", "")]
    [InlineData("format", "other")]
    [InlineData("stateProof", "zz")]
    [InlineData("assetState", "")]
    [InlineData("assetProof", "")]
    public async Task Verify_AnythingChanged_IsExit9(string key, string value)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        (BalanceProof proof, Hash256 genesis) = Prove(tl["treasury"], 1_000_000);
        tl.Nodes[0].Proof = proof;
        await tl.RunAsync("proof", "get", "--account", "treasury", "--asset", "PIB-27", "--out", "p.json");
        string path = Path.Combine(tl.Folder, "p.json");
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        json[key] = value;
        await File.WriteAllTextAsync(path, json.ToJsonString());

        CliResult result =
            await tl.RunBareAsync("proof", "verify", "p.json", "--genesis", genesis.ToString());

        Assert.Equal(9, result.Exit);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Verify_OtherGenesis_IsExit9()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Nodes[0].Proof = Prove(tl["treasury"], 5).Proof;
        await tl.RunAsync("proof", "get", "--account", "treasury", "--asset", "PIB-27", "--out", "p.json");

        CliResult result = await tl.RunBareAsync(
            "proof", "verify", "p.json", "--genesis", new string('7', 64), "-o", "json");

        Assert.Equal((9, "PROOF_INVALID"), (result.Exit, result.ErrorCode));
    }

    private static (BalanceProof Proof, Hash256 Genesis) Prove(Address account, ulong units) =>
        (ProvenLedger.Prove(account, "PIB-27", new Amount(units), [("PIB-27", 2)]), ProvenLedger.GenesisHash);
}
