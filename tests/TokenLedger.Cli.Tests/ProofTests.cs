// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;

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

    [Fact]
    public async Task GetAndVerify_Supply_HoldsOfflineAndNotChanged()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        using var chain = new RealChain();
        tl.Nodes[0].SupplyProof = ChainProofs.Supply(chain.Blocks, TestNetwork.Bond);

        CliResult got = await tl.RunAsync("proof", "get", "--supply", "PIB-27", "--out", "p.json");
        CliResult verified = await tl.RunBareAsync(
            "proof", "verify", "p.json", "--genesis", chain.Genesis, "-o", "json");
        CliResult table = await tl.RunBareAsync("proof", "verify", "p.json", "--genesis", chain.Genesis);

        Assert.Equal((0, 0, 0), (got.Exit, verified.Exit, table.Exit));
        Assert.Equal("500", (string)verified.Json["supply"]!);
        Assert.Equal(TestNetwork.Bond.ToString(), (string)verified.Json["asset"]!);
        Assert.Contains("5.00", table.Out, StringComparison.Ordinal);
        await AssertEveryFieldCountsAsync(tl, "p.json", chain.Genesis);
    }

    [Fact]
    public async Task GetAndVerify_Event_HoldsOfflineAndNotChanged()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        using var chain = new RealChain();
        int height = Enumerable.Range(1, chain.Blocks.Blocks.Count - 1)
            .First(h => chain.Blocks.Blocks[h] is { Events.Count: 3, Certificate.IsEmpty: true });
        tl.Nodes[0].EventProof = ChainProofs.Event(chain.Blocks, height, 1);

        CliResult got = await tl.RunAsync("proof", "get", "--event", $"{height}:1", "--out", "p.json");
        CliResult verified = await tl.RunBareAsync(
            "proof", "verify", "p.json", "--genesis", chain.Genesis, "-o", "json");
        CliResult table = await tl.RunBareAsync("proof", "verify", "p.json", "--genesis", chain.Genesis);

        Assert.Equal((0, 0, 0), (got.Exit, verified.Exit, table.Exit));
        Assert.Equal(
            ((ulong)height, 1u), (tl.Nodes[0].AskedEvent!.Height, tl.Nodes[0].AskedEvent!.Index));
        Assert.Equal("transferred", (string)verified.Json["event"]!["type"]!);
        Assert.Equal("2", (string)verified.Json["event"]!["amount"]!);
        Assert.Equal(0, (int)verified.Json["transactionIndex"]!);
        Assert.Contains("2 atomic units", table.Out, StringComparison.Ordinal);
        await AssertEveryFieldCountsAsync(tl, "p.json", chain.Genesis);
    }

    [Fact]
    public async Task Get_AtAHeight_AsksForIt()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult got = await tl.RunAsync(
            "proof", "get", "--account", "treasury", "--asset", "PIB-27", "--at", "7", "--out", "p.json");
        Assert.Equal(0, got.Exit);
        Assert.Equal(7u, tl.Nodes[0].AskedBalance!.AtHeight);
    }

    [Theory]
    [InlineData("--account", "treasury")]
    [InlineData("--asset", "PIB-27")]
    [InlineData("--supply", "PIB-27", "--event", "1:0")]
    [InlineData("--account", "treasury", "--asset", "PIB-27", "--supply", "PIB-27")]
    [InlineData("--supply", "PIB-27", "--at", "3")]
    [InlineData("--event", "12:0", "--at", "3")]
    [InlineData("--event", "12")]
    [InlineData("--event", "-1:0")]
    [InlineData("--event", "1:2:3")]
    public async Task Get_NotExactlyOneThing_IsAUsageError(params string[] arguments)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult result = await tl.RunAsync([.. (string[])["proof", "get"], .. arguments]);
        Assert.Equal(2, result.Exit);
        Assert.Empty(result.Out);
    }

    /// <summary>Whichever field of the file is changed: exit 9, and nothing is shown.</summary>
    private static async Task AssertEveryFieldCountsAsync(CliHarness tl, string file, string genesis)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(tl.Folder, file));
        foreach (string key in JsonNode.Parse(text)!.AsObject().Select(p => p.Key).ToArray())
        {
            JsonObject json = JsonNode.Parse(text)!.AsObject();
            if (json[key] is JsonArray list)
            {
                list.RemoveAt(0);
            }
            else
            {
                string value = (string)json[key]!;
                json[key] = value[..^1] + (char)(value[^1] ^ 1);
            }

            await File.WriteAllTextAsync(Path.Combine(tl.Folder, "changed.json"), json.ToJsonString());
            CliResult result = await tl.RunBareAsync("proof", "verify", "changed.json", "--genesis", genesis);
            Assert.True(result.Exit == 9, $"{key} changed: {result.Exit}");
            Assert.Empty(result.Out);
        }
    }

    /// <summary>Blocks with real signatures, of which every third has a certificate of its own.</summary>
    internal sealed class RealChain : IDisposable
    {
        private readonly PrivateKey[] _keys =
            [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import([.. new byte[31], (byte)i]))];

        public RealChain()
        {
            Blocks = new FinalChain(static height => height.Value % 3 == 0, _keys);
            Blocks.Ledger.Issue(TestNetwork.Alice, 500);
            for (int i = 0; i < 4 || Blocks.Blocks[^1].Certificate.IsEmpty; i++)
            {
                Blocks.Ledger.MustRun(
                    TestNetwork.Alice,
                    [.. Enumerable.Range(1, 3).Select(units => new Core.Ledger.Transfer(
                        TestNetwork.Bond, TestNetwork.Bob, new Amount((ulong)units)))]);
            }
        }

        public FinalChain Blocks { get; }

        public string Genesis => Blocks.GenesisHash.ToString();

        public void Dispose() => Array.ForEach(_keys, static key => key.Dispose());
    }

    private static (BalanceProof Proof, Hash256 Genesis) Prove(Address account, ulong units) =>
        (ProvenLedger.Prove(account, "PIB-27", new Amount(units), [("PIB-27", 2)]), ProvenLedger.GenesisHash);
}
