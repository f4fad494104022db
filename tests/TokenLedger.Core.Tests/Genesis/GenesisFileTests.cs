// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Tests.Genesis;

public sealed class GenesisFileTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Theory]
    [InlineData("Demo network", true)]
    [InlineData("Sandbox of the exchange ledger", true)]
    [InlineData("State Asset Ledger", false)]
    [InlineData("Democratic ledger", false)]
    [InlineData("demo", false)]
    [InlineData("", false)]
    public void IsSandboxName_WholeWordOnly_IsOne(string name, bool expected) =>
        Assert.Equal(expected, GenesisDocument.IsSandboxName(name));

    [Fact]
    public void Read_WhatWriteWrote_IsTheSameDocument()
    {
        GenesisDocument document = Sample();
        GenesisDocument read = GenesisFile.Read(GenesisFile.Write(document));
        Assert.Equal(Canonical(document), Canonical(read));
        Assert.Equal(document.Hash, read.Hash);
        Assert.Equal(GenesisFile.Write(document), GenesisFile.Write(read));
    }

    [Fact]
    public void Read_OtherSpacingAndOrderOfKeys_SameHash()
    {
        JsonObject file = Parse(Sample());
        var reversed = new JsonObject(
            file.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        GenesisDocument read = GenesisFile.Read(Encoding.UTF8.GetBytes(reversed.ToJsonString(Indented)));
        Assert.Equal(Sample().Hash, read.Hash);
    }

    [Theory]
    [InlineData("networkName", "another")]
    [InlineData("time", "2026-01-01T00:00:00.001Z")]
    public void Hash_AnyFieldChanged_IsAnother(string key, string value)
    {
        JsonObject file = Parse(Sample());
        file[key] = value;
        Assert.NotEqual(Sample().Hash, GenesisFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString())).Hash);
    }

    [Fact]
    public void Read_EachKeyRemoved_IsRefusedOrMeansTheDefault()
    {
        // Every object of the file in turn loses each of its keys. None may be silently read as the same
        // document.
        byte[] original = GenesisFile.Write(Sample());
        int removals = 0;
        foreach (string path in ObjectKeys(JsonNode.Parse(original)!, "$"))
        {
            JsonNode file = JsonNode.Parse(original)!;
            Remove(file, path);
            removals++;
            byte[] changed = Encoding.UTF8.GetBytes(file.ToJsonString());
            if (Record.Exception(() => GenesisFile.Read(changed)) is { } e)
            {
                Assert.IsType<StrictJsonException>(e);
                continue;
            }

            Assert.NotEqual(Sample().Hash, GenesisFile.Read(changed).Hash);
        }

        Assert.True(removals > 60, $"only {removals} keys were looked at");
    }

    [Fact]
    public void Read_EachKeyMisspelt_IsRefusedWithASuggestion()
    {
        byte[] original = GenesisFile.Write(Sample());
        foreach (string path in ObjectKeys(JsonNode.Parse(original)!, "$"))
        {
            string key = path[(path.LastIndexOf('.') + 1)..];
            JsonNode file = JsonNode.Parse(original)!;
            JsonObject owner = Owner(file, path);
            JsonNode? value = owner[key]?.DeepClone();
            owner.Remove(key);
            owner[key + "x"] = value;
            byte[] changed = Encoding.UTF8.GetBytes(file.ToJsonString());
            StrictJsonException e = Assert.Throws<StrictJsonException>(() => GenesisFile.Read(changed));
            Assert.Contains($"\"{key}x\"", e.Found, StringComparison.Ordinal);
            Assert.Contains($"\"{key}\"", e.Expected, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_WrongAmountDeepInside_NamesTheJsonPath()
    {
        JsonObject file = Parse(Sample());
        file["assets"]![0]!["cap"] = "12.5";
        StrictJsonException e = Assert.Throws<StrictJsonException>(() =>
            GenesisFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString())));
        Assert.Equal("$.assets[0].cap", e.Path);
        Assert.Equal("\"12.5\"", e.Found);
    }

    [Fact]
    public void Read_OtherVersion_IsRefused()
    {
        JsonObject file = Parse(Sample());
        file["version"] = 2;
        StrictJsonException e = Assert.Throws<StrictJsonException>(() =>
            GenesisFile.Read(Encoding.UTF8.GetBytes(file.ToJsonString())));
        Assert.Equal("$.version", e.Path);
    }

    internal static GenesisDocument Sample()
    {
        var ministry = new Address(Enumerable.Repeat((byte)0x11, 20).ToArray());
        var officer = new Address(Enumerable.Repeat((byte)0x22, 20).ToArray());
        var account = new Address(Enumerable.Repeat((byte)0x33, 20).ToArray());
        var citizen = new Address(Enumerable.Repeat((byte)0x44, 20).ToArray());
        var hash = new Hash256(Enumerable.Repeat((byte)0x55, 32).ToArray());
        return new GenesisDocument(
            "sample",
            586_001,
            new TimestampMs(1_767_225_600_000),
            new ConsensusParameters(500, 1_000),
            [new Validator("validator-1", officer, hash)],
            [new GenesisInstitution(ministry, InstitutionKind.Ministry, "Ministry", "وزارت", [
                new GenesisOfficer(officer, Duties.Maker | Duties.Registrar, "Maker")])],
            [new GenesisAccount(account, AccountKind.Institution, ministry),
                new GenesisAccount(citizen, AccountKind.Citizen, Address.Zero)],
            [new GenesisAsset(
                new AssetDefinition(
                    AssetId.Parse("BOND-1"), AssetClass.Bond, "Bond \"one\"", "بانڈ", 2,
                    new Amount(UInt128.MaxValue / 3), 1, ministry, new AssetTerms(
                        "PK000GB31074", new TimestampMs(0), new TimestampMs(86_400_000), 1_150, 2,
                        DayCount.ActualActualIcma, [new TermAttribute("ranking", "senior")])),
                [new AssetDocument("Term sheet", hash, "https://documents.example/1")])],
            [new ApprovalPolicy(
                PrivilegedKind.IssueUnits,
                ApprovalPolicy.Bit(InstitutionKind.Ministry),
                ApprovalPolicy.Bit(InstitutionKind.Ministry) | ApprovalPolicy.Bit(InstitutionKind.Regulator),
                [new ApprovalTier(1_000_000, 2, 1, 0, 0),
                    new ApprovalTier(
                        UInt128.MaxValue, 3, 2, ApprovalPolicy.Bit(InstitutionKind.Regulator), 1_000)])]);
    }

    private static JsonObject Parse(GenesisDocument document) =>
        JsonNode.Parse(GenesisFile.Write(document))!.AsObject();

    private static byte[] Canonical(GenesisDocument document)
    {
        var writer = new CanonicalWriter();
        document.Write(writer);
        return writer.Written.ToArray();
    }

    private static IEnumerable<string> ObjectKeys(JsonNode node, string path) => node switch
    {
        JsonObject members => members.SelectMany(pair =>
            ObjectKeys(pair.Value!, $"{path}.{pair.Key}").Prepend($"{path}.{pair.Key}")),
        JsonArray items => items.SelectMany((item, index) => ObjectKeys(item!, $"{path}.{index}")),
        _ => [],
    };

    private static JsonObject Owner(JsonNode root, string path)
    {
        JsonNode node = root;
        foreach (string part in path.Split('.')[1..^1])
        {
            node = node is JsonArray items ? items[int.Parse(part, null)]! : node[part]!;
        }

        return node.AsObject();
    }

    private static void Remove(JsonNode root, string path) =>
        Owner(root, path).Remove(path[(path.LastIndexOf('.') + 1)..]);
}
