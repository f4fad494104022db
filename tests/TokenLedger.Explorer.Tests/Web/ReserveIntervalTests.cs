// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Pages;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>When the next proof of a reserve is due, by the words of its terms.</summary>
public sealed class ReserveIntervalTests
{
    private const ulong DayMs = 24 * 3600 * 1000;

    [Theory]
    [InlineData("proof", "Signed list of unspent outputs each week, countersigned by the auditor", 7)]
    [InlineData("inspection", "Each month, surveyor’s certificate", 31)]
    [InlineData("reporting", "Allocation each year, impact every second year", 366)]
    [InlineData("audit", "Quarterly", 92)]
    [InlineData("attestation_interval", "every two years", 731)]
    [InlineData("audit", "Semi-annual", 184)]
    [InlineData("audit", "Semiannually, by two auditors", 184)]
    [InlineData("audit", "Biannual", 184)]
    [InlineData("audit", "Bi-annually", 184)]
    [InlineData("audit", "Half-yearly", 184)]
    [InlineData("audit", "every half-year", 184)]
    [InlineData("audit", "Bimonthly", 62)]
    [InlineData("audit", "Biennial", 731)]
    [InlineData("audit", "Fortnightly", 14)]
    [InlineData("audit", "Every 30 days", 30)]
    [InlineData("audit", "every four months", 123)]
    [InlineData("audit", "Every other week", 14)]
    [InlineData("audit", "every 18 months", 550)]
    [InlineData("audit", "twice a year", 183)]
    [InlineData("audit", "Not annual: on demand", null)]
    [InlineData("audit", "not every month", null)]
    [InlineData("audit", "Manually, on demand", null)]
    [InlineData("audit", "By every second auditor", null)]
    [InlineData("audit", "every 4000000000 days", null)]
    [InlineData("audit", "every", null)]
    [InlineData("audit", "twice a", null)]
    [InlineData("proof", "On demand", null)]
    [InlineData("distribution", "Each month", null)]
    public void In_TermsThatNameAnInterval_IsTheShortest(string key, string value, int? days)
    {
        ReserveInterval? interval = ReserveInterval.In(Terms((key, value)));
        Assert.Equal(days, (int?)interval?.Days);
        Assert.Equal(days is null ? null : value, interval?.Words);
    }

    [Fact]
    public void In_SeveralPromises_IsTheShortest() => Assert.Equal(
        31U, ReserveInterval.In(Terms(("audit", "Annual"), ("inspection", "Monthly")))!.Days);

    [Fact]
    public async Task Page_OfReserves_SaysWhenTheNextIsDueAndWhatIsLate()
    {
        var gold = AssetId.Parse("GOLD");
        var land = AssetId.Parse("OIL");
        var chain = new FinalChain();
        AssetDefinition Reserve(AssetId id, params (string, string)[] terms) =>
            TestNetwork.BondDefinition(id) with { Class = AssetClass.CommodityReserve, Terms = Terms(terms) };
        chain.Ledger.Pass(
            TestNetwork.MinistryMaker, new CreateAsset(Reserve(gold, ("proof", "Each week <b>"))),
            new CreateAsset(Reserve(land)),
            new AttachDocument(gold, TestNetwork.Document("first")),
            new AttachDocument(land, TestNetwork.Document("only")));
        chain.Ledger.Wait(9 * DayMs);
        chain.Ledger.Pass(
            TestNetwork.MinistryMaker, new AttachDocument(gold, TestNetwork.Document("second")));
        await using (SiteHost site = await SiteHost.StartAsync(chain))
        {
            string page = await site.GetAsync("/en/reserves");
            Assert.Contains("9</bdi>, longer than the terms say", page, StringComparison.Ordinal);
            Assert.Contains("by that, the next document is due until", page, StringComparison.Ordinal);
            Assert.Contains("Its terms name no interval", page, StringComparison.Ordinal);
            Assert.DoesNotContain("overdue", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        }

        chain.Ledger.Wait(10 * DayMs);
        chain.Ledger.RunBlock();
        await using SiteHost later = await SiteHost.StartAsync(chain);
        string late = await later.GetAsync("/en/reserves");
        Assert.Contains("It is overdue by <bdi class=\"v\">3</bdi> days", late, StringComparison.Ordinal);
        Assert.Contains("\"intervalDays\":7", await later.GetAsync("/en/reserves?format=json"));
    }

    [Fact]
    public async Task Page_OfAReserveThatWasNeverAttested_CountsFromItsCreation()
    {
        var gold = AssetId.Parse("GOLD");
        var land = AssetId.Parse("OIL");
        var chain = new FinalChain();
        AssetDefinition Reserve(AssetId id, params (string, string)[] terms) =>
            TestNetwork.BondDefinition(id) with { Class = AssetClass.CommodityReserve, Terms = Terms(terms) };
        chain.Ledger.Pass(
            TestNetwork.MinistryMaker, new CreateAsset(Reserve(gold, ("proof", "Each week"))),
            new CreateAsset(Reserve(land)));
        ulong created = chain.Ledger.Height.Value;
        chain.Ledger.Wait(400 * DayMs);
        chain.Ledger.RunBlock();
        await using SiteHost site = await SiteHost.StartAsync(chain);
        string page = await site.GetAsync("/en/reserves");
        Assert.Contains("It is overdue by <bdi class=\"v\">393</bdi> days", page, StringComparison.Ordinal);
        Assert.Contains("in the <bdi class=\"v\">400</bdi> days since", page, StringComparison.Ordinal);
        Assert.Contains("That is longer than a year", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"dueMs\":null,\"intervalDays\":7", page, StringComparison.Ordinal);
        string then = await site.GetAsync($"/en/reserves?at={created}");
        Assert.DoesNotContain("overdue", then, StringComparison.Ordinal);
        Assert.Contains("the next document is due until", then, StringComparison.Ordinal);
    }

    private static AssetTerms Terms(params (string Key, string Value)[] attributes) =>
        TestNetwork.BondDefinition(TestNetwork.Bond).Terms with
        {
            Attributes = [.. attributes.Select(static one => new TermAttribute(one.Key, one.Value))],
        };
}
