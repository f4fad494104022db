// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;
using Domain = TokenLedger.Core.Ledger;

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

    /// <summary>A chain of one block whose state is a bond and one balance of it, finalized by three of four
    /// validators.</summary>
    private static (BalanceProof Proof, Hash256 Genesis) Prove(Address account, ulong units)
    {
        PrivateKey[] keys =
            [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import([.. new byte[31], (byte)i]))];
        var genesis = new GenesisDocument(
            "test-net", FakeLedger.ChainId, new TimestampMs(FakeLedger.StartMs),
            new ConsensusParameters(100, 1000),
            [
                .. keys.Select(
                (k, i) => new Validator($"validator-{i + 1}", k.Address, StateHash.Key([(byte)i])))],
            [], [], [], []);
        AssetId asset = AssetId.Parse("PIB-27");
        var bond = new AssetState(
            new Domain.AssetDefinition(
                asset, Domain.AssetClass.Bond, "Bond", "", 2, new Amount(ulong.MaxValue), 1, account,
                new Domain.AssetTerms("", default, default, 0, 0, Domain.DayCount.None, [])),
            new Amount(ulong.MaxValue), Paused: false, DocumentCount: 0);
        byte[] key = StateKeys.Balance(account, asset);
        byte[] bondBytes = StateCodec.Encode(bond, StateCodec.WriteAsset);
        StateTree tree = StateTree.Empty.Update(
        [
            new StateChange(key, StateCodec.Encode(new Amount(units), StateCodec.WriteAmount)),
            new StateChange(StateKeys.Asset(asset), bondBytes),
        ]);
        ValidatorSet validators = genesis.ValidatorSet;
        var header = new BlockHeader(
            genesis.Hash, new Epoch(0), new Height(1), new View(1), Hash256.Zero,
            new TimestampMs(FakeLedger.StartMs + 1),
            keys[1].Address, Hash256.Zero, Hash256.Zero, Hash256.Zero, tree.Root, validators.Hash,
            validators.Hash, Hash256.Zero);
        var subject = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        Hash256 digest = subject.SigningDigest(genesis.Hash);
        Certificate certificate = Certificate.FromVotes(
            subject, Enumerable.Range(0, 3).Select(i => new Vote(subject, i, [.. keys[i].Sign(digest)])));
        var proof = new BalanceProof
        {
            Genesis = Bytes(genesis.Write),
            Header = Bytes(header.Write),
            Certificate = Bytes(certificate.Write),
            Account = FakeLedger.Bytes(account),
            Asset = "PIB-27",
            Amount = units.ToString(),
            StateProof = Bytes(tree.Prove(key).Write),
            AssetState = ByteString.CopyFrom(bondBytes),
            AssetProof = Bytes(tree.Prove(StateKeys.Asset(asset)).Write),
        };
        return (proof, genesis.Hash);
    }

    private static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
