// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>What was typed into the search field; the one thing that it means, at once.</summary>
internal sealed class SearchPage(Site site) : ExplorerPage(site)
{
    /// <summary>Most hits that are shown.</summary>
    public const int MaxHits = 30;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        string typed = (request.Query("q") ?? "").Trim();
        IReadOnlyList<SearchHit> hits = typed.Length == 0
            ? []
            : await request.View.SearchAsync(SearchQuery.Parse(typed), MaxHits, cancellationToken)
                .ConfigureAwait(false);
        Wording say = request.Say;
        IReadOnlyList<Markup> items = await say.Names.WriteAsync<IReadOnlyList<Markup>>(
            () => [.. hits.Select(hit => SearchNames.Item(say, hit))], cancellationToken)
            .ConfigureAwait(false);
        Markup lead = typed.Length == 0
            ? Markup.Text(request.Texts[Phrases.SearchEmpty])
            : say.Say(
                hits.Count == 0 ? Phrases.SearchNothing : Phrases.SearchFound,
                ("typed", Markup.Name(typed)));
        return new PageAnswer(
            new Sheet(request.Texts[Phrases.SearchTitle])
            {
                Lead = [lead],
                Sections = items.Count == 0 ? [] : [new Section(Phrases.SearchResults) { Items = items }],
            },
            hits.Select(hit => new { hit.Kind, hit.Target, Path = SitePaths.Of(hit, Language) }))
        {
            RedirectTo = hits is [var only] ? SitePaths.Of(only, Language) : null,
            IsLive = false,
            Search = typed,
        };
    }
}
