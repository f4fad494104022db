// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Tests.Web;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Explorer.Tests.Language;

/// <summary>The explorer has words for everything that the ledger can record.</summary>
[Collection(BusySite.Name)]
public sealed class SentenceTests(BusySite busy)
{
    private const int Samples = 2_000;

    [Fact]
    public async Task Event_OfEveryType_HasASentence()
    {
        var random = new CoreGenerator(17);
        LedgerEvent[] events = [.. Enumerable.Range(0, Samples).Select(_ => random.Event().Event)];
        AssertAllTypes<LedgerEvent>(events);
        await AssertSaidAsync(
            events, static say => new EventSentence(say).Of, Phrases.EventUnknown);
    }

    [Fact]
    public async Task Operation_OfEveryType_HasASentenceAndAName()
    {
        var random = new CoreGenerator(18);
        Operation[] operations = [.. Enumerable.Range(0, Samples).Select(_ => random.Operation())];
        AssertAllTypes<Operation>(operations);
        Assert.All(operations, static one => Assert.NotEqual(Phrases.OperationUnknown, Names.Of(one)));
        await AssertSaidAsync(
            operations, static say => new OperationSentence(say).Of, Phrases.OperationUnknown);
    }

    [Fact]
    public async Task PrivilegedOperation_OfEveryType_HasASentenceAndAName()
    {
        var random = new CoreGenerator(19);
        PrivilegedOperation[] operations = [.. Enumerable.Range(0, Samples).Select(_ => random.Privileged())];
        AssertAllTypes<PrivilegedOperation>(operations);
        Assert.All(operations, static one => Assert.NotEqual(Phrases.OperationUnknown, Names.Of(one.Kind)));
        await AssertSaidAsync(
            operations, static say => new OperationSentence(say).Of, Phrases.OperationUnknown);
    }

    [Fact]
    public async Task Tags_OfTransfersAndAccounts_AreOnThePages()
    {
        await using IIndexView view = await busy.Host.ViewAsync();
        IReadOnlyList<EventRow> rows = await view.LatestEventsAsync(null, Limits.PageRows, default);
        while (!rows.Any(static row => row.Record.Event is Transferred { Tag: 7_421 }))
        {
            rows = await view.LatestEventsAsync(
                new EventPlace(rows[^1].Height, rows[^1].Index), Limits.PageRows, default);
        }

        EventRow tagged = rows.First(static row => row.Record.Event is Transferred { Tag: 7_421 });
        string path = $"/en/event/{tagged.Height}/{tagged.Index}";
        string page = await busy.Host.GetAsync(path);
        Assert.Contains("Tag: <bdi class=\"v\">7421</bdi>.", page, StringComparison.Ordinal);
        Assert.Contains("Tag for a return: <bdi class=\"v\">9</bdi>.", page, StringComparison.Ordinal);
        string block = await busy.Host.GetAsync($"/ur/block/{tagged.Height}");
        Assert.Contains("ٹیگ: <bdi class=\"v\">7421</bdi>", block, StringComparison.Ordinal);
        string exchange = Eip55.Format(TestNetwork.ExchangeAccount);
        Assert.Contains(
            "with a tag only", await busy.Host.GetAsync($"/en/account/{exchange}"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "with a tag only", await busy.Host.GetAsync($"/en/account/{Eip55.Format(TestNetwork.Alice)}"),
            StringComparison.Ordinal);
    }

    private static void AssertAllTypes<T>(IEnumerable<T> samples)
    {
        IEnumerable<string> types = typeof(T).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .Select(static type => type.Name);
        Assert.Equal(
            types.Order(StringComparer.Ordinal),
            samples.Select(static one => one!.GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task AssertSaidAsync<T>(
        IReadOnlyList<T> samples, Func<Wording, Func<T, Markup>> sentence, Phrase unknown)
    {
        await using IIndexView view = await busy.Host.ViewAsync();
        NameBook names = await NameBook.OpenAsync(view, default);
        foreach (SiteLanguage language in LanguageExtensions.All)
        {
            Func<T, Markup> of = sentence(new Wording(names, language));
            foreach (T sample in samples.DistinctBy(static one => one!.GetType()))
            {
                string said = (await names.WriteAsync(() => of(sample), default)).PlainText();
                Assert.DoesNotContain(unknown.In(language), said, StringComparison.Ordinal);
            }
        }
    }
}
