// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>All institutions.</summary>
internal sealed class InstitutionsPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override Task<PageAnswer> LoadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        InstitutionRow[] rows =
        [
            .. request.Say.Names.Institutions.Values.OrderBy(static row => row.Kind)
                .ThenBy(static row => row.Name, StringComparer.Ordinal),
        ];
        Wording say = request.Say;
        return Task.FromResult(new PageAnswer(
            new Sheet(request.Texts[Phrases.Institutions])
            {
                Lead = [say.Say(Phrases.InstitutionsLead, ("count", say.Count((ulong)rows.Length)))],
                Sections =
                [
                    new Section(Phrases.Institutions)
                    {
                        Table = new SheetTable(
                            [Phrases.Name, Phrases.Kind],
                            [.. rows.Select(row => (IReadOnlyList<Markup>)
                            [
                                say.Institution(row.Institution),
                                Markup.Text(request.Texts[Names.Of(row.Kind)]),
                            ])]),
                    },
                ],
            },
            rows)
        {
            // Institutions come with genesis, and nothing changes them.
            Pinning = Pinning.Whole,
            Csv = new CsvTable(
                "institutions", ["address", "name", "name_urdu", "kind"],
                _ => rows.ToAsyncEnumerable().Select(static row => (IReadOnlyList<string>)
                [
                    CsvCells.Of(row.Institution), row.Name, row.NameUrdu, row.Kind.ToString(),
                ])),
        });
    }
}
