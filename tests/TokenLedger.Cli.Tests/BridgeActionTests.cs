// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Abroad;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests;

/// <summary>Files of tl bridge action, without a chain: BridgeActionTests of the cluster have one.</summary>
public sealed class BridgeActionTests
{
    private const ulong ChainId = 31_337;

    private static readonly OfficerContracts Contracts = new(Filled(0xB1), Filled(0xB2), Filled(0xB3));

    [Fact]
    public async Task Sign_ApartByThree_JoinsToAQuorum()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        Write(tl, "a.json", Document(tl));
        WriteDeployment(tl, "deployment.json", Contracts);
        foreach (string key in (string[])["cold-1", "cold-2", "cold-3"])
        {
            CliResult signed =
                await tl.RunAsync(
                    "bridge", "action", "sign", "a.json", "--from", key, "--yes", "--out", key,
                    "--deployment", "deployment.json");
            Assert.True(signed.Exit == 0, signed.Error);
        }

        CliResult two = await tl.RunAsync(
            "bridge", "action", "join", "cold-1", "cold-2", "--out", "two.json", "-o", "json");
        CliResult early = await tl.RunAsync(
            "bridge", "action", "send", "two.json", "--rpc", "http://127.0.0.1:1", "--from", "treasury", "-o",
            "json");
        CliResult shown = await tl.RunAsync("bridge", "action", "show", "two.json");
        CliResult three = await tl.RunAsync(
            "bridge", "action", "join", "two.json", "cold-3", "cold-2", "-o", "json");

        Assert.Equal(1, (int)two.Json["missing"]!);
        Assert.Equal((4, "NOT_ENOUGH_SIGNATURES"), (early.Exit, early.ErrorCode));
        Assert.Contains("2 of 3; 1 missing", shown.FlatOut, StringComparison.Ordinal);
        Assert.Contains("lift the pause of minting", shown.FlatOut, StringComparison.Ordinal);
        Assert.Equal(3, three.Json["signatures"]!.AsArray().Count);
        File.WriteAllText(Path.Combine(tl.Folder, "all.json"), three.Out);
        CliResult sent = await tl.RunAsync(
            "bridge", "action", "send", "all.json", "--rpc", "http://127.0.0.1:1", "--from", "treasury", "-o",
            "json");
        Assert.Equal((1, "RPC_UNREACHABLE"), (sent.Exit, sent.ErrorCode));
    }

    [Fact]
    public async Task Sign_ByWhoMayNotOrDid_IsRefusedAndTheFileStays()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        Write(tl, "a.json", Document(tl));
        WriteDeployment(tl, "deployment.json", Contracts);
        await RequireAsync(tl, 4, "NOT_A_MEMBER", "sign a.json --from treasury --yes");
        // That a context names the ledger says nothing of the contracts.
        await RequireAsync(tl, 4, "NETWORK_NOT_PINNED", "sign a.json --from cold-1 --yes");
        Assert.Equal(0, (await tl.RunAsync(
            "bridge", "action", "sign", "a.json", "--from", "cold-1", "--yes", "--deployment",
            "deployment.json")).Exit);
        string before = Text(tl, "a.json");
        await RequireAsync(tl, 6, "ALREADY_SIGNED", "sign a.json --from cold-1 --yes");
        await RequireAsync(tl, 8, "NOT_CONFIRMED", "sign a.json --from cold-2");
        await RequireAsync(
            tl, 8, "NOT_CONFIRMED", $"sign a.json --from cold-2 --confirm-digest {new string('0', 64)}");
        await RequireAsync(tl, 4, "BAD_SIGNATURE", $"sign a.json --signature {new string('0', 130)}");
        await RequireAsync(tl, 4, "BAD_SIGNATURE", "sign a.json --signature 12");
        Assert.Equal(before, Text(tl, "a.json"));
    }

    [Fact]
    public async Task Sign_SignatureMadeElsewhere_IsCheckedAndPutIn()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        ActionDocument document = Document(tl);
        Write(tl, "a.json", document);
        CliResult typed = await tl.RunAsync("bridge", "action", "show", "a.json", "--typed-data");
        Assert.Equal("AdminAction", (string)JsonNode.Parse(typed.Out)!["primaryType"]!);
        using PrivateKey key = KeyOf("cold-4");

        CliResult signed = await tl.RunAsync(
            "bridge", "action", "sign", "a.json", "--signature",
            Convert.ToHexStringLower(key.Sign(document.Digest)), "-o", "json");

        Assert.Equal(
            key.Address.ToString(), (string)signed.Json["signatures"]!.AsArray().Single()!["signer"]!);
    }

    [Fact]
    public async Task Load_WhatSomebodyChanged_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        ActionDocument document = Document(tl);
        using PrivateKey key = KeyOf("cold-1");
        JsonObject whole = document.With(key.Sign(document.Digest)).ToJson();
        (int Exit, string Code, Action<JsonObject> Change)[] wrong =
        [
            (9, "BODY_MISMATCH", static json => json["arguments"]!["burn"] = true),
            (9, "BODY_MISMATCH", static json => json["nonce"] = 8),
            (9, "BODY_MISMATCH", static json => json["nonce"] = 0),
            (9, "BODY_MISMATCH", static json => json["epoch"] = 1),
            (9, "BODY_MISMATCH", static json => json["quorum"] = 1),
            (9, "BODY_MISMATCH", static json => json["set"] = "hot"),
            (9, "BODY_MISMATCH", static json => json["chainId"] = 1),
            (4, "BAD_SIGNATURE", json =>
            {
                // All but the signature agrees.
                json["arguments"]!["burn"] = true;
                json["digest"] = (document with { Action = new UnpauseAction(true, true) }).Digest.ToString();
            }),
            (4, "BAD_SIGNATURE", json =>
                json["signatures"]![0]!["signer"] = tl["cold-2"].ToString()),
            (6, "ALREADY_SIGNED", static json =>
                json["signatures"]!.AsArray().Add(json["signatures"]![0]!.DeepClone())),
            (2, "MALFORMED", static json => json["note"] = "urgent"),
            (2, "MALFORMED", static json => json["format"] = "tokenledger-bridge-action/2"),
            (2, "MALFORMED", static json => json["kind"] = "mint"),
            (2, "MALFORMED", static json => json["eta"] = -1),
            (2, "MALFORMED", static json => json["members"]!.AsArray().Clear()),
            (2, "MALFORMED", static json =>
                json["members"]!.AsArray().Add(json["members"]![0]!.DeepClone())),
            (2, "MALFORMED", static json => json.Remove("epoch")),
        ];
        foreach ((int exit, string code, Action<JsonObject> change) in wrong)
        {
            JsonObject copy = whole.DeepClone().AsObject();
            change(copy);
            File.WriteAllText(Path.Combine(tl.Folder, "bad.json"), copy.ToJsonString());
            await RequireAsync(tl, exit, code, "show bad.json");
        }

        File.WriteAllText(Path.Combine(tl.Folder, "bad.json"), "{");
        await RequireAsync(tl, 2, "MALFORMED", "show bad.json");
        File.WriteAllText(Path.Combine(tl.Folder, "bad.json"), new string(' ', 200_000));
        await RequireAsync(tl, 2, "USAGE", "show bad.json");
        await RequireAsync(tl, 3, "FILE_NOT_FOUND", "show nothing.json");
    }

    [Fact]
    public async Task Join_OfTwoActions_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        ActionDocument document = Document(tl);
        Write(tl, "a.json", document);
        Write(tl, "b.json", document with { Place = document.Place with { Nonce = 8 } });
        await RequireAsync(tl, 6, "ACTIONS_DIFFER", "join a.json b.json");
    }

    [Fact]
    public async Task Sign_ForAnotherLedgerOrDeployment_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        ActionDocument document = Document(tl);
        Write(tl, "a.json", document);
        Write(tl, "other.json", document with
        {
            Place = document.Place with { LedgerId = Hashing.Hash(DomainTag.Header, [9]) },
        });
        WriteDeployment(tl, "deployment.json", Contracts);
        WriteDeployment(tl, "wrong.json", Contracts with { Bridge = Filled(0xB9) });
        await RequireAsync(tl, 9, "WRONG_NETWORK", "sign other.json --from cold-1 --yes");
        await RequireAsync(
            tl, 9, "WRONG_DEPLOYMENT", "sign a.json --from cold-1 --yes --deployment wrong.json");
        CliResult unpinned = await tl.RunBareAsync(
            "bridge", "action", "sign", "a.json", "--from", Keystore(tl, "cold-1"), "--password-file",
            "password", "--yes", "-o", "json");
        Assert.Equal((4, "NETWORK_NOT_PINNED"), (unpinned.Exit, unpinned.ErrorCode));
        CliResult pinned = await tl.RunBareAsync(
            "bridge", "action", "sign", "a.json", "--from", Keystore(tl, "cold-1"), "--password-file",
            "password", "--yes", "--deployment", "deployment.json");
        Assert.True(pinned.Exit == 0, pinned.Error);
    }

    [Fact]
    public async Task Build_FromWrongInput_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        Document(tl);
        WriteDeployment(tl, "deployment.json", Contracts);
        File.WriteAllText(Path.Combine(tl.Folder, "cold.json"), new JsonArray(
            [.. ColdKeys(tl).Select(static key => (JsonNode)Eip55.Format(key))]).ToJsonString());
        File.WriteAllText(Path.Combine(tl.Folder, "twice.json"), new JsonArray(
            tl["cold-1"].ToString(), tl["cold-1"].ToString()).ToJsonString());
        const string Where = "--deployment deployment.json --rpc http://127.0.0.1:1";
        await RequireAsync(tl, 1, "RPC_UNREACHABLE", $"unpause --mint --cold cold.json {Where}");
        await RequireAsync(tl, 1, "RPC_UNREACHABLE", $"pause --yes --from treasury {Where}");
        await RequireAsync(tl, 2, "USAGE", $"unpause --cold cold.json {Where}");
        await RequireAsync(tl, 2, "USAGE", $"unpause --mint --cold twice.json {Where}");
        await RequireAsync(tl, 2, "USAGE", $"unpause --mint --cold deployment.json {Where}");
        await RequireAsync(
            tl, 2, "USAGE", "unpause --mint --cold cold.json --deployment deployment.json --rpc ftp://x");
        await RequireAsync(
            tl, 2, "USAGE",
            "unpause --mint --cold cold.json --deployment cold.json --rpc http://127.0.0.1:1");
        await RequireAsync(tl, 2, "USAGE", $"propose --hot cold.json {Where}");
        await RequireAsync(
            tl, 2, "USAGE", $"propose --target {tl["cold-1"]} --data 0x123 --hot cold.json {Where}");
        await RequireAsync(
            tl, 3, "BRIDGE_TOKEN_UNKNOWN",
            $"propose --token NONE --limits cold.json --hot cold.json {Where}");
        await RequireAsync(tl, 2, "USAGE", $"cancel --id 0x12 --cold cold.json {Where}");
        await RequireAsync(tl, 2, "USAGE", $"recover --signers twice.json --cold cold.json {Where}");
    }

    [Fact]
    public void Errors_AreThoseOfTheContracts()
    {
        string[] declared =
        [
            .. Directory.GetFiles(Repository.PathOf("src", "contracts", "src"), "*.sol")
                .SelectMany(File.ReadAllLines).Select(static line => line.Trim())
                .Where(static line => line.StartsWith("error ", StringComparison.Ordinal))
                .Select(static line => AbiFunction.Parse(line["error ".Length..^1]).Signature).Distinct(),
        ];
        Assert.True(declared.Length > 30);
        Assert.Subset(ContractErrors.Signatures.ToHashSet(), declared.ToHashSet());
        byte[] data = AbiFunction.Parse("WrongQuorum(uint256,uint256)").EncodeCall((UInt256)2, (UInt256)3);
        Assert.Equal("WrongQuorum(signers 2, needed 3)", ContractErrors.Describe(data));
        Assert.Equal("no reason given", ContractErrors.Describe([]));
        Assert.Contains("0x01020304", ContractErrors.Describe([1, 2, 3, 4, 5]), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfAProposal_SaysWhatItWouldDo()
    {
        byte[] raise = OfficerAbi.RaiseLimit.EncodeCall(
            Filled(0x11), Enumerable.Range(1, 6).Select(static i => (object)(UInt256)(ulong)i).ToArray());
        Assert.Equal(
            $"raiseLimit({Eip55.Format(Filled(0x11))}, ceiling 1, per item 2, mint capacity 3, "
            + "burn capacity 4, mint window 5, burn window 6)",
            OfficerAbi.Describe(raise));
        Assert.Contains("are none", OfficerAbi.Describe(raise.AsSpan(0, 9)), StringComparison.Ordinal);
        Assert.Contains(
            "unknown function, 5 bytes in all: 0x0102030405", OfficerAbi.Describe([1, 2, 3, 4, 5]),
            StringComparison.Ordinal);
        Assert.Contains("0 bytes in all: 0x", OfficerAbi.Describe([]), StringComparison.Ordinal);
        byte[] grant = AbiFunction.Parse("grantRole(bytes32,address)").EncodeCall(
            new byte[32], Filled(0x22));
        Assert.StartsWith("grantRole(0x0000", OfficerAbi.Describe(grant), StringComparison.Ordinal);
    }

    private static Address Filled(byte value) => new([.. Enumerable.Repeat(value, Address.Size)]);

    private static PrivateKey KeyOf(string label) =>
        PrivateKey.Import(Hashing.Hash(DomainTag.Header, Encoding.UTF8.GetBytes(label)).ToArray());

    private static Address[] ColdKeys(CliHarness tl) =>
    [
        .. Enumerable.Range(1, 4)
            .Select(i => tl.AddKey(string.Create(CultureInfo.InvariantCulture, $"cold-{i}"))).Order(),
    ];

    private static ActionDocument Document(CliHarness tl) => new()
    {
        Action = new UnpauseAction(Mint: true, Burn: false),
        Place = new ActionPlace(ChainId, tl.Ledger.GenesisHash, Contracts, Epoch: 0, Nonce: 7, Eta: 0),
        Members = [.. ColdKeys(tl)],
    };

    private static void Write(CliHarness tl, string name, ActionDocument document) => File.WriteAllText(
        Path.Combine(tl.Folder, name), document.ToJson().ToJsonString());

    private static string Text(CliHarness tl, string name) => File.ReadAllText(Path.Combine(tl.Folder, name));

    private static string Keystore(CliHarness tl, string label) => Directory.GetFiles(
        Path.Combine(tl.Folder, "keys")).Single(file =>
            file.Contains(tl[label].ToString()[2..], StringComparison.OrdinalIgnoreCase));

    private static void WriteDeployment(CliHarness tl, string name, OfficerContracts contracts)
    {
        string hash = "0x" + tl.Ledger.GenesisHash;
        JsonObject Contract(Address address) =>
            new() { ["address"] = Eip55.Format(address), ["codeHash"] = hash };

        var json = new JsonObject
        {
            ["chainId"] = ChainId,
            ["ledgerId"] = hash,
            ["bridge"] = Contract(contracts.Bridge),
            ["validatorSet"] = Contract(contracts.ValidatorSet),
            ["governor"] = Contract(contracts.Governor),
            ["tokens"] = new JsonObject { ["GOLD"] = Contract(Filled(0xC1)) },
        };
        File.WriteAllText(Path.Combine(tl.Folder, name), json.ToJsonString());
    }

    private static async Task RequireAsync(CliHarness tl, int exit, string code, string line)
    {
        CliResult result = await tl.RunAsync(
            ["bridge", "action", .. line.Split(' '), "-o", "json"]);
        Assert.True(result.Exit == exit, $"{line}: exit {result.Exit} {result.Error}");
        Assert.True(result.ErrorCode == code, $"{line}: {result.Error}");
        Assert.Equal("", result.Out);
    }
}
