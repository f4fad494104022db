// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Mvc;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>What is shown when a page failed. It reads nothing: the index may be what failed.</summary>
internal sealed class FailurePage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    public override Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Answer(Problems.Failed(Language).Problem, cursor: null));

    /// <inheritdoc/>
    protected override Task<PageAnswer> LoadAsync(PageRequest request, CancellationToken cancellationToken) =>
        throw Problems.Failed(Language);
}
