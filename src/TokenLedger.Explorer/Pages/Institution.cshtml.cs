// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An institution: its officers, and what it issues.</summary>
internal sealed class InstitutionPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        Address address = request.AddressInPath("address");
        InstitutionRow institution = request.Say.Names.Institutions.GetValueOrDefault(address)
            ?? throw Problems.Unknown(Phrases.Institution, request.Path("address"), Language);

        // An institution has at most 64 acting officers; who was dismissed stays.
        IReadOnlyList<OfficerRow> officers = await request.View
            .OfficersAsync(address, null, Limits.PageRows, cancellationToken).ConfigureAwait(false);
        Portfolio portfolio = await Portfolio.ReadAsync(request.View, request.At, cancellationToken)
            .ConfigureAwait(false);
        AssetRow[] issued = [.. portfolio.Assets.Where(a => a.Definition.Issuer == address)];
        return new PageAnswer(
            SheetOf(request, institution, officers, issued),
            new { Institution = institution, Officers = officers, Assets = issued.Select(static a => a.Id) })
        {
            Pinning = Pinning.Partly,
            AtNewest = [Unkept.Officer],
            Csv = new CsvTable(
                "officers-" + CsvCells.Of(address),
                ["address", "name", "duties", "changed_height", "changed"],
                _ => officers.ToAsyncEnumerable().Select(static row => (IReadOnlyList<string>)
                [
                    CsvCells.Of(row.Officer), row.Name, row.Duties.ToString(),
                    CsvCells.Of(row.ChangedAt.Value), CsvCells.Of(row.Changed),
                ]))
            {
                IsPinned = false,
                AnswersEarlier = false,
            },
        };
    }

    private static Sheet SheetOf(
        PageRequest request, InstitutionRow institution, IReadOnlyList<OfficerRow> officers,
        AssetRow[] issued)
    {
        Wording say = request.Say;
        Texts texts = request.Texts;
        int acting = officers.Count(static officer => officer.Duties != Duties.None);
        string name = NameBook.NameOf(institution, request.Language);
        return new Sheet(name)
        {
            Lead =
            [
                say.Say(
                    Phrases.InstitutionLead, ("name", Markup.Name(name)),
                    ("kind", Markup.Text(texts[Names.Of(institution.Kind)])),
                    ("count", say.Count((ulong)acting))),
            ],
            Facts =
            [
                Fact.Of(Phrases.NameEnglish, Markup.Name(institution.Name)),
                Fact.Of(Phrases.NameUrdu, Markup.Name(institution.NameUrdu)),
                Fact.Of(Phrases.Address, Wording.Whole(CsvCells.Of(institution.Institution))),
            ],
            Sections =
            [
                new Section(Phrases.Officers)
                {
                    Notes = [Markup.Text(texts[Phrases.OfficersNote])],
                    Table = new SheetTable(
                        [Phrases.Office, Phrases.DutiesOf, Phrases.Since, Phrases.Key],
                        [.. officers.Select(row => (IReadOnlyList<Markup>)
                        [
                            Markup.Name(row.Name),
                            Markup.Text(Names.Of(row.Duties, say.Language)),
                            row.ChangedAt.Value == 0
                                ? Markup.Text(texts[Phrases.CreatedAtGenesis])
                                : say.Time(row.Changed),
                            say.Key(row.Officer),
                        ])]),
                },
                new Section(Phrases.IssuedAssets)
                {
                    Items = [.. issued.Select(asset => Markup.Concat(
                    [
                        say.Asset(asset.Id), Markup.Text(" "),
                        Markup.Name(NameBook.NameOf(asset, say.Language)),
                    ]))],
                    Notes =
                    [
                        .. issued.Length == 0 ? (Markup[])[Markup.Text(texts[Phrases.NothingYet])] : [],
                        Markup.Text(texts[Phrases.InstitutionUnknownParts]),
                    ],
                },
            ],
            ShowsJson = true,
        };
    }
}
