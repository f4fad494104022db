// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Views;

namespace TokenLedger.Cli.Tests;

public sealed class RenderingTests
{
    [Theory]
    [InlineData("500", new[] { "5.00", "five" })]
    [InlineData("125050", new[] { "1,250.50", "one thousand two hundred fifty point five" })]
    [InlineData(
        "400000000", new[] { "4,000,000.00", "40,00,000.00", "four million", "forty lakh" })]
    public void Operation_Amount_IsSaidOnceInEachWay(string units, string[] expected)
    {
        var decimals = new Decimals();
        decimals.Set("PIB-27", 2);

        IEnumerable<string> lines = OperationView
            .Lines("transfer", [Fact.OfAmount("amount", "PIB-27", units)], new AddressBook(null), decimals)
            .Select(line => line.Value);

        Assert.Equal(["transfer", .. expected], lines);
    }

    [Fact]
    public async Task AssetList_Table_FitsEightyColumnsAndIsPlain()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.AddAsset("LONGEST-SYMBOL-1", 2, "99999999999900");

        CliResult result = await tl.RunAsync("asset", "list");

        Assert.Equal(0, result.Exit);
        const string Golden = """
            SYMBOL            CLASS          AUTHORISED  SUPPLY  STATE
            PIB-27            bond        50,000,000.00    0.00  active
            LONGEST-SYMBOL-1  bond   999,999,999,999.00    0.00  active

            """;
        Assert.Equal(Golden, result.Out);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain('\e', result.Out);
        Assert.Contains("999,999,999,999.00", result.Out, StringComparison.Ordinal);
        Assert.Contains("as of height 41", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AssetList_Json_IsGolden()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("asset", "list", "-o", "json");

        const string Golden = """
            [
              {
                "symbol": "PIB-27",
                "class": "bond",
                "name": "Investment Bond",
                "nameUrdu": "",
                "decimals": 2,
                "cap": "5000000000",
                "supply": "0",
                "paused": false,
                "unitValueMicroUsd": "1000000",
                "issuer": "0x0000000000000000000000000000000000000009",
                "issuerName": "Ministry of Finance",
                "isin": "PK0000000001",
                "issueDate": "2027-01-15",
                "maturityDate": "",
                "couponBasisPoints": 0,
                "paymentsPerYear": 0,
                "dayCount": "unspecified",
                "attributes": {},
                "documents": []
              }
            ]

            """;
        Assert.Equal(Golden, result.Out);
    }

    [Theory]
    [InlineData("json", "[]\n")]
    [InlineData("yaml", "[]\n")]
    [InlineData("ndjson", "")]
    [InlineData("table", "(none)\n")]
    public async Task List_Empty_IsAnEmptyList(string format, string expected)
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("proposal", "list", "-o", format);

        Assert.Equal(0, result.Exit);
        Assert.Equal(expected, result.Out);
    }

    [Fact]
    public async Task List_SeveralPages_AreJoinedAndLimited()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        for (int i = 0; i < 6; i++)
        {
            tl.Ledger.AddAsset($"BOND-{i}", 0, "1000");
        }

        CliResult all = await tl.RunAsync("asset", "list", "-o", "ndjson");
        CliResult five = await tl.RunAsync("asset", "list", "-o", "ndjson", "--limit", "5");

        Assert.Equal(7, all.Out.Trim().Split('\n').Length);
        Assert.Equal(5, five.Out.Trim().Split('\n').Length);
        Assert.Contains("there are more", five.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_Nested_IsIndented()
    {
        await using CliHarness tl = await CliHarness.StartAsync();

        CliResult result = await tl.RunAsync("asset", "show", "PIB-27", "-o", "yaml");

        Assert.StartsWith("symbol: \"PIB-27\"\nclass: \"bond\"\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\ndecimals: 2\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("\ndocuments: []\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Yaml_ListOfObjects_PutsTheFirstMemberBesideTheDash()
    {
        JsonNode node = JsonNode.Parse("""[{"a":1,"b":{"c":[true,null]}},{"a":"x: y"}]""")!;

        Assert.Equal("- a: 1\n  b:\n    c:\n      - true\n      - null\n- a: \"x: y\"", JsonText.Yaml(node));
    }

    [Theory]
    [InlineData("the issuer's \"<b>\" & c", """the issuer's \"<b>\" & c""")]
    [InlineData("پاکستان انویسٹمنٹ بانڈ", "پاکستان انویسٹمنٹ بانڈ")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("a\u202Eb\u2066\uFEFF\u2028\u061C", """a\u202eb\u2066\ufeff\u2028\u061c""")]
    [InlineData("\e[31m\n\0\u0085\u009B", """\u001b[31m\n\u0000\u0085\u009b""")]
    [InlineData("\U000E0041", """\udb40\udc41""")]
    public void Json_Text_IsReadableWhereItIsHarmless(string text, string expected)
    {
        string json = JsonText.Compact(JsonValue.Create(text));

        Assert.Equal($"\"{expected}\"", json, ignoreCase: true);
        Assert.Equal(text, (string)JsonNode.Parse(json)!);
        Assert.Equal(json, JsonText.Yaml(JsonValue.Create(text)));
    }

    [Fact]
    public async Task AssetShow_UrduName_IsReadableInJson()
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.AddAsset("URDU-1", 0, "5", name: "The people's bond", nameUrdu: "عوامی بانڈ");

        CliResult result = await tl.RunAsync("asset", "show", "URDU-1", "-o", "json");

        Assert.Contains("\"name\": \"The people's bond\"", result.Out, StringComparison.Ordinal);
        Assert.Contains("\"nameUrdu\": \"عوامی بانڈ\"", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred", "\\u{001b}[31mred")]
    [InlineData("a\u202Eb", "a\\u{202e}b")]
    [InlineData("a\u2066b\u2069", "a\\u{2066}b\\u{2069}")]
    [InlineData("line\nbreak\tand\0", "line\\u{000a}break\\u{0009}and\\u{0000}")]
    [InlineData("\u061C\uFEFF\u2028", "\\u{061c}\\u{feff}\\u{2028}")]
    [InlineData("\U000E0041", "\\u{e0041}")]
    [InlineData("پاکستان انویسٹمنٹ بانڈ", "پاکستان انویسٹمنٹ بانڈ")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    public void Safe_HostileText_CannotMoveOrReorder(string text, string expected) =>
        Assert.Equal(expected, TerminalText.Safe(text));

    [Fact]
    public void Safe_HalfACharacter_IsEscaped() =>
        Assert.Equal("half\\u{d800}!", TerminalText.Safe("half\uD800!"));

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task AssetShow_HostileName_IsHarmlessInEveryForm(string format)
    {
        await using CliHarness tl = await CliHarness.StartAsync();
        tl.Ledger.AddAsset("EVIL-1", 0, "5", name: "\e]0;owned\a\u202Etxt", nameUrdu: "پاک\u2067");

        CliResult result = await tl.RunAsync("asset", "show", "EVIL-1", "-o", format);

        Assert.Equal(0, result.Exit);
        Assert.DoesNotContain('\e', result.Out);
        Assert.DoesNotContain('\a', result.Out);
        Assert.DoesNotContain('\u202E', result.Out);
        Assert.DoesNotContain('\u2067', result.Out);
    }

    [Fact]
    public void Wrap_LongWords_NeverPassTheRoom()
    {
        string text = "short " + new string('x', 95) + " end";

        string[] lines = [.. DetailLines.Wrap(text, 30)];

        Assert.All(lines, line => Assert.True(line.Length <= 30));
        Assert.Equal(
            text.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines)
            .Replace(" ", "", StringComparison.Ordinal));
    }
}
