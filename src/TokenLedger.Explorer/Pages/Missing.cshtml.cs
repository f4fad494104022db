// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>Every path that no page has.</summary>
internal sealed class MissingPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override Task<PageAnswer> LoadAsync(PageRequest request, CancellationToken cancellationToken) =>
        throw Problems.NoSuchPage(Language);
}
