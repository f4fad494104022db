// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Cli.Tests;

public sealed class OfflineTests
{
    private static readonly string[] Build =
    [
        "tx", "build", "transfer", "--asset", "PIB-27", "--to", "exchange-1", "--amount", "1250.50",
        "--from", "treasury",
        "--out", "u.json",
    ];

    [Fact]
    public async Task RoundTrip_BuildSignBroadcast_NeedsNoNetworkToSign()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        Assert.Equal(0, (await tl.RunAsync(Build)).Exit);

        // The machine that signs reaches no node.
        tl.WriteContext(new Uri("http://127.0.0.1:1"));
        CliResult sign =
            await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "--yes", "--out", "s.json");
        tl.WriteContext();
        CliResult sent = await tl.RunAsync("tx", "broadcast", "s.json", "--wait", "-o", "json");

        Assert.Equal(0, sign.Exit);
        Assert.Contains("1,250.50", sign.Error, StringComparison.Ordinal);
        Assert.Equal(0, sent.Exit);
        Assert.Equal("succeeded", (string)sent.Json["state"]!);
        Assert.Equal("125050", tl.Ledger.BalanceOf(tl["exchange-1"], "PIB-27").ToString());
    }

    [Fact]
    public async Task Build_WithNonceAndAtomic_NeedsNoNetworkEither()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"));

        CliResult result = await tl.RunAsync(
            "tx", "build", "issue", "PIB-27", "--amount", "500", "--atomic", "--to", "treasury", "--from",
            "maker",
            "--nonce", "7", "--lane", "3", "--expires", "+7d");

        Assert.Equal(0, result.Exit);
        Assert.Equal(7, (int)result.Json["decoded"]!["nonce"]!);
        Assert.Equal(3, (int)result.Json["decoded"]!["lane"]!);
        Assert.Equal("500", (string)result.Json["decoded"]!["operations"]![0]!["payload"]![0]!["amount"]!);
    }

    [Theory]
    [InlineData("decoded")]
    [InlineData("digest")]
    [InlineData("transactionId")]
    public async Task Sign_FileThatSaysAnotherThingThanItsBody_IsExit9(string part)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        string path = Path.Combine(tl.Folder, "u.json");
        JsonObject json = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        if (part == "decoded")
        {
            json["decoded"]!["operations"]![0]!["amount"] = "1";
        }
        else
        {
            json[part] = new string('0', 64);
        }

        await File.WriteAllTextAsync(path, json.ToJsonString());

        CliResult result =
            await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "--yes", "-o", "json");

        Assert.Equal(9, result.Exit);
        Assert.Equal("BODY_MISMATCH", result.ErrorCode);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Broadcast_ChangedFile_SaysThatNothingWasSent()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "--yes", "--out", "s.json");
        string file = Path.Combine(tl.Folder, "s.json");
        string text = await File.ReadAllTextAsync(file);
        const string Digest = "\"digest\": \"";
        await File.WriteAllTextAsync(file, text.Replace(Digest, Digest + "0", StringComparison.Ordinal));

        CliResult result = await tl.RunAsync("tx", "broadcast", "s.json", "-o", "json");

        Assert.Equal((9, "BODY_MISMATCH"), (result.Exit, result.ErrorCode));
        Assert.Contains("Nothing was signed or sent.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MALFORMED", "tx", "broadcast")]
    [InlineData("PROOF_MALFORMED", "proof", "verify")]
    public async Task Read_AKeyThatStandsTwice_IsNoBug(string code, string noun, string verb)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(tl.Folder, "twice.json"), "{\"a\": 1, \"a\": 2}");

        CliResult file = await tl.RunAsync(noun, verb, "twice.json", "-o", "json");
        tl.Variables["TL_CONTEXT"] = "twice.json";
        CliResult context = await tl.RunBareAsync("asset", "list", "-o", "json");

        Assert.Equal(code, file.ErrorCode);
        Assert.Equal((2, "CONTEXT_INVALID"), (context.Exit, context.ErrorCode));
    }

    [Fact]
    public async Task Sign_OtherNetworkThanTheContexts_IsExit9()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        tl.PinnedGenesis = Hashing.Hash(DomainTag.Genesis, "another"u8);
        tl.WriteContext();

        CliResult result =
            await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "--yes", "-o", "json");

        Assert.Equal(9, result.Exit);
        Assert.Equal("WRONG_NETWORK", result.ErrorCode);
    }

    [Fact]
    public async Task Sign_OtherKeyThanTheSenders_IsExit4()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);

        CliResult result =
            await tl.RunAsync("tx", "sign", "u.json", "--from", "maker", "--yes", "-o", "json");

        Assert.Equal(4, result.Exit);
        Assert.Equal("WRONG_KEY", result.ErrorCode);
    }

    [Fact]
    public async Task Sign_ByAScript_NeedsTheDigest()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Production = true;
        await tl.RunAsync(Build);
        string digest = (string)JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(tl.Folder, "u.json")))!["digest"]!;
        string[] sign = ["tx", "sign", "u.json", "--from", "treasury", "-o", "json"];

        CliResult refused = await tl.RunAsync(sign);
        CliResult signed = await tl.RunAsync([.. sign, "--confirm-digest", digest]);

        Assert.Equal(8, refused.Exit);
        Assert.Equal(0, signed.Exit);
        Assert.Equal(130, ((string)signed.Json["signature"]!).Length);
    }

    [Fact]
    public async Task Sign_ExternalSignature_IsCheckedAndPutIn()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        CliResult own = await tl.RunAsync("tx", "sign", "u.json", "--from", "treasury", "--yes");
        string signature = (string)own.Json["signature"]!;
        string highS = signature[..64] + new string('f', 31) + "ebaaedce6af48a03bbfd25e8cd0364140"
            + signature[128..];

        CliResult right = await tl.RunAsync("tx", "sign", "u.json", "--signature", signature);
        CliResult high = await tl.RunAsync("tx", "sign", "u.json", "--signature", highS, "-o", "json");
        CliResult wrong =
            await tl.RunAsync("tx", "sign", "u.json", "--signature", new string('1', 130), "-o", "json");
        CliResult typed = await tl.RunAsync("tx", "inspect", "u.json", "--typed-data");

        Assert.Equal(0, right.Exit);
        Assert.Equal((4, "HIGH_S"), (high.Exit, high.ErrorCode));
        Assert.Equal((4, "BAD_SIGNATURE"), (wrong.Exit, wrong.ErrorCode));
        Assert.Equal("LedgerTransaction", (string)typed.Json["primaryType"]!);
    }

    [Fact]
    public async Task Broadcast_Unsigned_IsExit4()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);

        CliResult result = await tl.RunAsync("tx", "broadcast", "u.json", "-o", "json");

        Assert.Equal(4, result.Exit);
        Assert.Equal("NOT_SIGNED", result.ErrorCode);
    }

    [Fact]
    public async Task Decode_NotCanonical_HasTheLedgersCode()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);
        string body =
            (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(tl.Folder, "u.json")))!["body"]!;

        CliResult good = await tl.RunAsync("tx", "decode", body, "-o", "json");
        CliResult unknownField = await tl.RunAsync("tx", "decode", body + "f80101", "-o", "json");
        CliResult garbage = await tl.RunAsync("tx", "decode", "ffff", "-o", "json");
        CliResult noHex = await tl.RunAsync("tx", "decode", "zz", "-o", "json");

        Assert.Equal(0, good.Exit);
        Assert.Equal((2, "NOT_CANONICAL"), (unknownField.Exit, unknownField.ErrorCode));
        Assert.Equal((2, "MALFORMED"), (garbage.Exit, garbage.ErrorCode));
        Assert.Equal((2, "MALFORMED"), (noHex.Exit, noHex.ErrorCode));
    }

    [Fact]
    public async Task Simulate_File_ShowsTheChange()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        await tl.RunAsync(Build);

        CliResult result = await tl.RunAsync("tx", "simulate", "u.json", "-o", "json");

        Assert.Equal(0, result.Exit);
        Assert.Equal("874950", (string)result.Json["balanceChanges"]![0]!["after"]!);
    }
}
