// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Explorer.Tests.Web;

[Collection(BusySite.Name)]
public sealed class HolderCensusTests(BusySite busy)
{
    [Fact]
    public async Task Count_OfEachHolder_AddsUpToTheSupply()
    {
        await using IIndexView view = await busy.Host.ViewAsync();
        await using var census = new HolderCensus(
            busy.Host.Store, TimeProvider.System, NullLogger<HolderCensus>.Instance);
        AssetRow bond = (await view.FindAssetAsync(TestNetwork.Bond, default))!;
        HolderCount count = (await census.OfAsync(view, bond, default))!;
        Assert.Equal(view.Cursor.Height, count.Height);
        Assert.Equal(
            bond.Supply.Units,
            count.ByKind.Values.Aggregate(UInt128.Zero, static (sum, units) => sum + units));
        Assert.Equal(
            bond.Holders,
            count.NamedCount + count.Citizens.Aggregate(0UL, static (sum, range) => sum + range.Holders));
        Assert.All(count.Named, static named => Assert.NotEqual(AccountKind.Citizen, named.Account.Kind));
        Assert.Equal(UInt128.Zero, count.Citizens[0].From);
        Assert.Null(count.Citizens[^1].To);
        Assert.All(
            count.Citizens.Zip(count.Citizens.Skip(1)),
            static pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [Fact]
    public async Task Ranges_OfACount_AreFinerThanPowersOfTen()
    {
        await using IIndexView view = await busy.Host.ViewAsync();
        await using var census = new HolderCensus(
            busy.Host.Store, TimeProvider.System, NullLogger<HolderCensus>.Instance);
        AssetRow bond = (await view.FindAssetAsync(TestNetwork.Bond, default))!;
        HolderCount count = (await census.OfAsync(view, bond, default))!;
        Assert.Equal(
            [0, 100, 200, 500, 1_000, 2_000, 5_000],
            count.Citizens.Take(7).Select(static range => (int)range.From));
    }

    /// <summary>What few citizens hold together stands nowhere: neither as a number nor as what is
    /// left.</summary>
    [Fact]
    public async Task Page_WithFewCitizens_DoesNotShowTheirSum()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 600);
        chain.Ledger.Issue(TestNetwork.MinistryAccount, 499_400);
        await using (SiteHost site = await SiteHost.StartAsync(chain))
        {
            string page = await site.GetAsync($"/en/asset/{TestNetwork.Bond}/holders");
            Assert.Contains("Fewer than <bdi class=\"v\">10</bdi> holders", page, StringComparison.Ordinal);
            Assert.DoesNotContain("6.00", page, StringComparison.Ordinal);
            Assert.DoesNotContain("0.12%", page, StringComparison.Ordinal);
            Assert.DoesNotContain("id=\"who\"", page, StringComparison.Ordinal);
        }

        for (int i = 0; i < 10; i++)
        {
            var citizen = TestNetwork.Named($"citizen {i}");
            chain.Ledger.MustRun(
                TestNetwork.MinistryRegistrar,
                new RegisterAccount(citizen, AccountKind.Citizen, default));
            chain.Ledger.Issue(citizen, 100);
        }

        await using SiteHost many = await SiteHost.StartAsync(chain);
        string shown = await many.GetAsync($"/en/asset/{TestNetwork.Bond}/holders");
        Assert.Contains("16.00", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_OfManyHolders_IsMadeInTheBackground()
    {
        await using IIndexView view = await busy.Host.ViewAsync();
        await using var census = new HolderCensus(
            busy.Host.Store, TimeProvider.System, NullLogger<HolderCensus>.Instance)
        {
            AtOnce = 0,
        };
        AssetRow bond = (await view.FindAssetAsync(TestNetwork.Bond, default))!;
        Assert.Null(await census.OfAsync(view, bond, default));
        HolderCount counted = await Deadline.GetAsync<HolderCount>(
            "the holders are counted", TimeSpan.FromSeconds(20),
            async () => await census.OfAsync(view, bond, default));
        Assert.Equal(view.Cursor.Height, counted.Height);
        IReadOnlyList<HolderRange> shown = HolderRanges.Join(counted.Citizens);
        Assert.All(shown, static range => Assert.True(range.Holders >= HolderRanges.Fewest));
    }
}
