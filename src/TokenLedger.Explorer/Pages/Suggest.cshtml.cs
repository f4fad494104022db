// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Mvc;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>What the search field suggests while somebody types: for its script only, so only JSON.</summary>
internal sealed class SuggestPage(Site site) : ExplorerPage(site)
{
    private const int MaxHits = 8;

    /// <inheritdoc/>
    public override async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Request.Headers.Accept = "application/json";
        return await base.OnGetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<SearchHit> hits = await request.View
            .SearchAsync(SearchQuery.Parse(request.Query("q") ?? ""), MaxHits, cancellationToken)
            .ConfigureAwait(false);
        Wording say = request.Say;
        IReadOnlyList<object> found = await say.Names.WriteAsync<IReadOnlyList<object>>(
            () => [.. hits.Select(hit => new
            {
                Value = hit.Target,
                Label = VisibleText.Of(SearchNames.Label(say, hit)),
            })],
            cancellationToken).ConfigureAwait(false);
        return new PageAnswer(new Sheet(""), found);
    }
}
