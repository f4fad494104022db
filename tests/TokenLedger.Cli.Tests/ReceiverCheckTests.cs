// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Tests;

/// <summary>Whether a receiver may hold units abroad is asked before they are locked.</summary>
public sealed class ReceiverCheckTests
{
    private const string Receiver = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    [Fact]
    public async Task Lock_ForOneWhomTheTokenRefuses_LocksNothingAndSaysWhy()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await using var chain = new FakeChainAbroad { Code = 3 };
        CliResult refused = await BuildAsync(tl, "--rpc", chain.Url, "-o", "json");
        Assert.Equal((5, "RECEIVER_REFUSED_ABROAD"), (refused.Exit, refused.ErrorCode));
        Assert.Contains("not registered", refused.Error, StringComparison.Ordinal);
        Assert.Contains("(RECEIVER, 3)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--unchecked", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Out);

        // The token that the lane names, of the receiver and the amount, as a mint would.
        (string to, string data) = Assert.Single(chain.Calls);
        Assert.Equal(Eip55.Format(new Core.Address(FakeBridge.Bytes(0x33).Span)), Checksummed(to));
        Assert.Contains(Receiver[2..].ToLowerInvariant(), data, StringComparison.Ordinal);
        Assert.EndsWith(12_500.ToString("x"), data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_Unchecked_AsksNobody()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await using var chain = new FakeChainAbroad { Code = 3 };
        CliResult built = await BuildAsync(tl, "--rpc", chain.Url, "--unchecked");
        Assert.True(built.Exit == 0, built.Error);
        Assert.Empty(chain.Calls);
    }

    [Fact]
    public async Task Lock_ForOneWhoMayHold_IsAskedAtTheNodeOfTheContext()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await using var chain = new FakeChainAbroad();
        tl.WriteContext();
        JsonObject context = JsonNode.Parse(await File.ReadAllTextAsync(tl.ContextPath))!.AsObject();
        context["abroad"] = new JsonObject { ["11155111"] = chain.Url };
        await File.WriteAllTextAsync(tl.ContextPath, context.ToJsonString());
        Assert.Equal(chain.Url, ContextFile.Load(tl.ContextPath).Abroad[11_155_111]);
        CliResult built = await BuildAsync(tl);
        Assert.True(built.Exit == 0, built.Error);
        Assert.Single(chain.Calls);
        Assert.DoesNotContain("asked", built.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_NobodyToAsk_IsSaid()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        CliResult unnamed = await BuildAsync(tl);
        Assert.True(unnamed.Exit == 0, unnamed.Error);
        Assert.Contains("Nobody asked chain 11155111", Flat(unnamed.Error), StringComparison.Ordinal);
        CliResult away = await BuildAsync(tl, "--rpc", "http://127.0.0.1:1");
        Assert.True(away.Exit == 0, away.Error);
        Assert.Contains("It could not be asked", Flat(away.Error), StringComparison.Ordinal);
        await using var other = new FakeChainAbroad { ChainId = "0x1", Code = 3 };
        CliResult wrong = await BuildAsync(tl, "--rpc", other.Url);
        Assert.True(wrong.Exit == 0, wrong.Error);
        Assert.Contains("is a node of chain 1", Flat(wrong.Error), StringComparison.Ordinal);
        Assert.Empty(other.Calls);
    }

    [Theory]
    [InlineData("""{"x": "http://a"}""")]
    [InlineData("""{"1": 2}""")]
    public void Context_WithAChainThatIsNone_IsRefused(string abroad) =>
        Assert.Equal("CONTEXT_INVALID", Assert.Throws<Shell.CliException>(() =>
            ContextFile.Read("/any/context.json", $$"""{"abroad": {{abroad}}}""")).Code);

    [Fact]
    public void RefusalCodes_AreThoseOfTheContracts()
    {
        string source = File.ReadAllText(Testing.Repository.PathOf("src/contracts/src/TLCodes.sol"));
        string[] parts = source.Split("// Reasons of the bridge's MintRejected.");
        (string Name, int Code)[] restrictions = [.. Constants(parts[0])];
        (string Name, int Code)[] reasons = [.. Constants(parts[1]).Where(static one => one.Code < 16)];
        Assert.Equal(8, restrictions.Length);
        Assert.Equal(7, reasons.Length);
        Assert.All(restrictions, static one =>
            Assert.Equal(one.Name, RefusalCodes.Restriction((byte)one.Code).Name));
        Assert.All(restrictions, static one => Assert.Equal(
            one.Name, RefusalCodes.Reason((byte)(RefusalCodes.Restricted + one.Code)).Name));
        Assert.All(reasons, static one => Assert.Equal(one.Name, RefusalCodes.Reason((byte)one.Code).Name));
        Assert.Equal("CODE_200", RefusalCodes.Restriction(200).Name);
        Assert.Equal("CODE_9", RefusalCodes.Reason(9).Name);
    }

    private static IEnumerable<(string Name, int Code)> Constants(string source) => source.Split('\n')
        .Select(static line => line.Trim().TrimEnd(';').Split(' '))
        .Where(static words => words is ["uint8", "internal", "constant", _, "=", _])
        .Select(static words => (words[3], int.Parse(words[5])));

    private static Task<CliResult> BuildAsync(CliHarness tl, params string[] more) => tl.RunAsync(
    [
        "tx", "build", "bridge-lock", "PIB-27", "--amount", "125", "--to", Receiver, "--from", "treasury",
        .. more,
    ]);

    private static string Flat(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Checksummed(string address) =>
        Eip55.Format(new Core.Address(Convert.FromHexString(address.AsSpan(2))));
}
