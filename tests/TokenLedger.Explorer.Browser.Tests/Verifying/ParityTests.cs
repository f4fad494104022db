// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Protocol.Proofs;
using Xunit.Abstractions;

namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>
/// What `tl proof verify` accepts the page's script accepts, and what one refuses the other refuses. Here the
/// script runs in node; <see cref="VerifierPageTests"/> runs it in a browser.
/// </summary>
[Trait("Category", "Interop")]
public sealed class ParityTests(ITestOutputHelper output)
{
    private const int FlipsPerBundle = 150;

    [Fact]
    public async Task Verify_EachKind_HoldsInBothAndShowsTheSame()
    {
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            SampleProofs.All.Select(static one => (Text(one.Bundle), (string?)SampleProofs.Genesis)));
        using var folder = new TemporaryFolder();
        for (int i = 0; i < shown.Count; i++)
        {
            (string name, ProofBundle bundle) = SampleProofs.All[i];
            Assert.True(shown[i]["failed"] is null, $"{name}: {shown[i]}");
            Assert.True((bool)shown[i]["pinned"]!);
            string path = Path.Combine(folder.Path, "proof.json");
            await File.WriteAllBytesAsync(path, bundle.Write());
            (int exit, string printed) = await Programs.TlAsync(
                "proof", "verify", path, "--genesis", SampleProofs.Genesis, "-o", "json");
            Assert.True(exit == 0, $"{name}: {exit}");
            JsonNode json = JsonNode.Parse(printed)!;
            Assert.Equal((string)json["network"]!, Fact(shown[i], "Network"));
            Assert.Equal(json["height"]!.ToString(), Fact(shown[i], "Block height"));
            Assert.Equal(
                $"{json["signers"]} of {json["validators"]} validators", Fact(shown[i], "Signed by"));
        }

        Assert.Equal("4,997.51 (with 2 decimals)"[^17..], Fact(shown[0], "Balance")[^17..]);
        Assert.Equal("5,000.00 (with 2 decimals)", Fact(shown[2], "Supply outstanding"));
        Assert.Equal("0 (with 0 decimals)", Fact(shown[3], "Supply outstanding"));
        Assert.Equal("Units were transferred", Fact(shown[4], "Event"));
    }

    [Fact]
    public async Task Verify_EveryEventOfAChain_HoldsInBoth()
    {
        ProofBundle[] events = [.. SampleProofs.Events];
        Assert.True(events.Length > 20, $"{events.Length} events");
        await AssertSameAsync(events.Select(static one => Text(one)), expected: true);
    }

    /// <summary>Every type of event that the ledger has, a transfer in both its forms.</summary>
    [Fact]
    public async Task Verify_EveryTypeOfEvent_HoldsInBoth()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        IReadOnlyList<(string Name, ProofBundle Bundle)> all = SampleProofs.OfEveryType(seed, 800);
        var there = all.Select(static one => TypeOf(one.Bundle)).ToHashSet();
        string[] types =
        [
            .. typeof(LedgerEvent).Assembly.GetTypes()
                .Where(static type => type.IsSubclassOf(typeof(LedgerEvent)))
                .Select(static type => type.Name),
            "Transferred with a tag",
        ];
        Assert.Equal(types.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        await AssertSameAsync(all.Select(static one => Text(one.Bundle)), expected: true);
    }

    /// <summary>What is newer than the page is no forgery: it says that it cannot read it.</summary>
    [Fact]
    public async Task Verify_EventOfALaterKind_IsSaidToBeNewerAndNotForged()
    {
        string text = Text(SampleProofs.OfALaterKind);
        JsonObject forged = JsonNode.Parse(text)!.AsObject();
        string bytes = (string)forged["event"]!;
        forged["event"] = bytes[..^1] + (char)(bytes[^1] ^ 1);
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            ((string[])[text, forged.ToJsonString()]).Select(
                static one => (one, (string?)SampleProofs.Genesis)));
        Assert.Equal("newKind", (string)shown[0]["code"]!);
        Assert.Equal("none", (string)shown[1]["code"]!);
    }

    /// <summary>No English in an Urdu sentence: the page says why in its own words.</summary>
    [Fact]
    public async Task Verify_MalformedParts_AreExplainedInUrdu()
    {
        JsonObject json = JsonNode.Parse(Text(SampleProofs.All[4].Bundle))!.AsObject();
        string bytes = (string)json["event"]!;
        string[] changed =
        [
            With(json, j => j["event"] = bytes + "00"),
            With(json, j => j["event"] = bytes[..^2]),
            With(json, j => j["event"] = bytes[..10] + "61" + bytes[12..]),
            With(json, j => j["header"] = "0002" + ((string)j["header"]!)[4..]),
        ];
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            changed.Select(static one => (one, (string?)SampleProofs.Genesis)));
        Assert.All(shown, static one =>
        {
            Assert.Equal("malformed", (string)one["code"]!);
            Assert.DoesNotMatch("[a-z]{3}", (string)one["words"]![1]!);
        });
    }

    [Fact]
    public async Task Verify_OtherGenesis_FailsAtTheNetwork()
    {
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            SampleProofs.All.Select(static one => (Text(one.Bundle), (string?)new string('7', 64))));
        Assert.All(shown, static one => Assert.Equal("network", (string)one["failed"]!));
    }

    [Fact]
    public async Task Verify_NoGenesisGiven_HoldsAndSaysThatNobodyComparedIt()
    {
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            SampleProofs.All.Select(static one => (Text(one.Bundle), (string?)null)));
        Assert.All(shown, static one => Assert.False((bool)one["pinned"]!));
        Assert.All(shown, static one => Assert.Equal(SampleProofs.Genesis, Fact(one, "Genesis hash")));
    }

    /// <summary>Every field, at its first, middle and last character, and left out.</summary>
    [Fact]
    public async Task Verify_EveryFieldChanged_FailsInBoth()
    {
        var changed = new List<string>();
        foreach ((_, ProofBundle bundle) in SampleProofs.All)
        {
            JsonObject json = JsonNode.Parse(Text(bundle))!.AsObject();
            foreach (string key in json.Select(static p => p.Key).ToArray())
            {
                changed.Add(With(json, j => j.Remove(key)));
                changed.Add(With(json, j => j[key] = ""));
                changed.AddRange(Changes(json, key));
            }

            changed.Add(With(json, static j => j["more"] = ""));
            changed.Add(Text(bundle).Replace("{\n", "{\n \"kind\": \"supply\",\n", StringComparison.Ordinal));
        }

        await AssertSameAsync(changed, expected: false);
    }

    [Fact]
    public async Task Verify_RandomBytesChanged_IsTheSameInBoth()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var changed = new List<string>();
        foreach ((_, ProofBundle bundle) in SampleProofs.All)
        {
            for (int i = 0; i < FlipsPerBundle; i++)
            {
                byte[] bytes = bundle.Write();
                int at = random.Next(bytes.Length);
                bytes[at] = i % 3 == 0
                    ? (byte)(32 + random.Next(95))
                    : (byte)(bytes[at] ^ (1 << random.Next(7)));
                changed.Add(Encoding.UTF8.GetString(bytes));
            }
        }

        await AssertSameAsync(changed, expected: null);
    }

    /// <summary>Bits of every byte string, one at a time: the file's form stays right.</summary>
    [Fact]
    public async Task Verify_RandomBitsOfEveryPart_FailInBoth()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var changed = new List<string>();
        foreach ((_, ProofBundle bundle) in SampleProofs.All)
        {
            JsonObject json = JsonNode.Parse(Text(bundle))!.AsObject();

            // That another account has nothing either is the truth, and the same path may show it.
            bool nothing = bundle.Balance is { Amount: "0" };
            foreach (string key in json.Select(static p => p.Key).Where(key => !nothing || key != "account"))
            {
                for (int i = 0; i < 12 && json[key] is JsonValue && IsHex((string)json[key]!); i++)
                {
                    byte[] bytes = Convert.FromHexString((string)json[key]!);
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    changed.Add(With(json, j => j[key] = Convert.ToHexStringLower(bytes)));
                }
            }
        }

        Assert.True(changed.Count > 300, $"only {changed.Count} changes");
        await AssertSameAsync(changed, expected: false);
    }

    /// <summary>As it was built: the same sources, the same bytes.</summary>
    [Fact]
    public async Task Build_OfTheSources_GivesTheCommittedPages()
    {
        string printed = await Tool.RunAsync(
            NodeRun.Node, Path.Combine(NodeRun.Folder, "build.mjs"), "--check");
        Assert.Equal(3, printed.TrimEnd().Split('\n').Length);
    }

    /// <summary>What others wrote is what it was when it was looked at.</summary>
    [Fact]
    public void Vendored_EachFile_HasTheHashOfTheReadme()
    {
        string readme = File.ReadAllText(Path.Combine(NodeRun.Folder, "README.md"));
        string[] files = Directory.GetFiles(Path.Combine(NodeRun.Folder, "Page", "vendor"), "*.js");
        Assert.Equal(4, files.Length);
        Assert.All(files, path =>
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
            Assert.Matches($"`{Path.GetFileName(path)}` .*{hash}", readme);
        });
    }

    /// <summary>The script's limits are the ledger's.</summary>
    [Fact]
    public void Limits_OfTheScript_AreTheLedgers()
    {
        string records = File.ReadAllText(Path.Combine(NodeRun.Folder, "Page", "records.js"));
        Assert.Contains($"VALIDATORS = {Limits.Validators};", records, StringComparison.Ordinal);
        Assert.Contains($"DESCENDANTS = {Limits.SyncUncertifiedBlocks};", records, StringComparison.Ordinal);
        Assert.Contains($"EVENTS = {Limits.EventsPerBlock};", records, StringComparison.Ordinal);
        Assert.Contains($"NAME = {Limits.NameBytes};", records, StringComparison.Ordinal);
        Assert.Contains($"REFERENCE = {Limits.ReferenceBytes};", records, StringComparison.Ordinal);
    }

    private async Task AssertSameAsync(IEnumerable<string> texts, bool? expected)
    {
        string[] all = [.. texts];
        IReadOnlyList<JsonNode> shown = await NodeRun.VerifyAsync(
            all.Select(static text => (text, (string?)SampleProofs.Genesis)));
        Assert.Equal(all.Length, shown.Count);
        int held = 0;
        for (int i = 0; i < all.Length; i++)
        {
            bool here = Holds(all[i]);
            bool there = shown[i]["failed"] is null;
            Assert.True(here == there, $"tl says {here}, the page {there} ({shown[i]}): {all[i]}");
            Assert.True(here == (expected ?? here), $"{here}: {all[i]}");
            held += here ? 1 : 0;
            if (!there)
            {
                Assert.All(shown[i]["words"]!.AsArray(), static words =>
                    Assert.DoesNotContain('{', (string)words!));
            }
        }

        output.WriteLine($"{all.Length} files, {held} of them hold");
    }

    private static string TypeOf(ProofBundle bundle)
    {
        EventRecord record = StateCodec.Decode(bundle.Event!.Event.Span, EventCodec.Read);
        return record.Event is Transferred { Tag: > 0 } or Transferred { SourceTag: > 0 }
            ? "Transferred with a tag"
            : record.Event.GetType().Name;
    }

    /// <summary>As `tl proof verify` decides.</summary>
    private static bool Holds(string text)
    {
        var scheme = new Secp256k1Scheme();
        Hash256 genesis = SampleProofs.Chain.GenesisHash;
        try
        {
            ProofBundle bundle = ProofBundle.Read(Encoding.UTF8.GetBytes(text));
            return bundle.Balance is { } balance
                ? BalanceProofVerifier.Verify(balance, genesis, scheme, out _) is not null
                : bundle.Supply is { } supply
                    ? SupplyProofVerifier.Verify(supply, genesis, scheme, out _) is not null
                    : EventProofVerifier.Verify(bundle.Event!, genesis, scheme, out _) is not null;
        }
        catch (StrictJsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Changes(JsonObject json, string key)
    {
        if (json[key] is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                int at = i;
                yield return With(json, j => j[key]!.AsArray().RemoveAt(at));
                foreach (string one in Spoil((string)list[i]!))
                {
                    yield return With(json, j => j[key]!.AsArray()[at] = one);
                }
            }

            yield return With(json, j => j[key]!.AsArray().Add(new string('0', 64)));
        }
        else
        {
            foreach (string one in Spoil((string)json[key]!))
            {
                yield return With(json, j => j[key] = one);
            }
        }
    }

    private static IEnumerable<string> Spoil(string value)
    {
        foreach (int at in (int[])[0, value.Length / 2, value.Length - 1])
        {
            yield return value[..at] + (char)(value[at] ^ 1) + value[(at + 1)..];
        }

        yield return value + "0";
        yield return value + "00";
        yield return value[..^1];
        yield return value.Length > 2 ? value[..^2] : "00";
        if (value.Any(char.IsAsciiLetterLower))
        {
            yield return value.ToUpperInvariant();
        }
    }

    private static bool IsHex(string text) =>
        text.Length > 30 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);

    private static string With(JsonObject json, Action<JsonObject> change)
    {
        JsonObject changed = json.DeepClone().AsObject();
        change(changed);
        return changed.ToJsonString();
    }

    private static string Fact(JsonNode shown, string label) =>
        (string)shown["facts"]!["en"]!.AsArray().First(line => (string)line!["label"]! == label)!["value"]!;

    private static string Text(ProofBundle bundle) => Encoding.UTF8.GetString(bundle.Write());
}
