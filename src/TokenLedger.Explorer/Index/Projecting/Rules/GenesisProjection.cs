// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>The rows that a network begins with.</summary>
internal static class GenesisProjection
{
    public static IndexBatch Of(GenesisDocument genesis, BlockRow block)
    {
        var start = new Height(0);
        TimestampMs time = genesis.Time;
        return new IndexBatch
        {
            Block = block,
            Counts = IndexCounts.None with
            {
                Accounts = (ulong)genesis.Accounts.Length,
                Assets = (ulong)genesis.Assets.Length,
            },
            Institutions = [.. genesis.Institutions.Select(institution => new InstitutionRow(
                institution.Id, institution.Kind, institution.Name, institution.NameUrdu))],
            Officers = [.. genesis.Institutions.SelectMany(institution => institution.Officers.Select(
                officer => new OfficerRow(
                    officer.Address, institution.Id, officer.Duties, officer.Name, start, time)))],
            Accounts = [.. genesis.Accounts.Select(account => new AccountRow(
                account.Address, account.Kind, account.Institution, Registrar: Address.Zero, FreezeMode.None,
                LegalReference: "", FreezeDocument: Hash256.Zero, FrozenAt: default, start, time))],
            Assets = [.. genesis.Assets.Select(asset => new AssetRow(
                asset.Definition, asset.Definition.Cap, Amount.Zero, Paused: false, PauseReason: "",
                (ushort)asset.Documents.Length, Holders: 0, start, time))],
            Documents = [.. genesis.Assets.SelectMany(asset => asset.Documents.Select((document, index) =>
                new DocumentRow(asset.Definition.Id, (ushort)index, document, start, time)))],
            Terms =
            [
                .. genesis.Assets.SelectMany(static asset => RowTerms.Of(asset.Definition)),
                .. genesis.Institutions.SelectMany(RowTerms.Of),
            ],
        };
    }
}

/// <summary>Words under which rows are found.</summary>
internal static class RowTerms
{
    public static IEnumerable<SearchTerm> Of(AssetDefinition asset) => Distinct(
        [asset.Id.ToString(), asset.Name, asset.NameUrdu, asset.Terms.Isin],
        SearchKind.Asset, asset.Id.ToString());

    public static IEnumerable<SearchTerm> Of(GenesisInstitution institution) => Distinct(
        [institution.Name, institution.NameUrdu], SearchKind.Institution, institution.Id.ToString());

    private static IEnumerable<SearchTerm> Distinct(string[] names, SearchKind kind, string target) =>
        names.SelectMany(SearchText.Terms).Distinct().Select(term => new SearchTerm(term, kind, target));
}
