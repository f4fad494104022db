// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An asset's terms and documents.</summary>
internal static class AssetTermsWords
{
    /// <summary>The terms: this site's words first, then those of the issuer as they were
    /// published.</summary>
    public static IEnumerable<Fact> Facts(Wording say, AssetRow asset)
    {
        AssetDefinition definition = asset.Definition;
        AssetTerms terms = definition.Terms;
        Texts texts = say.Texts;
        yield return Fact.Of(Phrases.NameEnglish, Markup.Name(definition.Name));
        yield return Fact.Of(Phrases.NameUrdu, Markup.Name(definition.NameUrdu));
        yield return Fact.Of(Phrases.Issuer, say.Institution(definition.Issuer));
        if (terms.Isin.Length > 0)
        {
            yield return Fact.Named("ISIN", Wording.Whole(terms.Isin));
        }

        yield return Fact.Of(
            Phrases.IssueDate, Markup.Value(TimeText.DateUtc(terms.IssueDate.Value, say.Language)));
        yield return Fact.Of(
            Phrases.Maturity,
            terms.MaturityDate.Value == 0
                ? Markup.Text(texts[Phrases.NoMaturity])
                : Markup.Value(TimeText.DateUtc(terms.MaturityDate.Value, say.Language)));
        yield return Fact.Of(Phrases.Coupon, Coupon(say, terms));
        yield return Fact.Of(Phrases.UnitValue, say.Dollars(definition.UnitValueMicroUsd));
        yield return Fact.Of(Phrases.Decimals, say.Count(definition.Decimals));
        yield return Fact.Of(
            Phrases.Created,
            asset.CreatedAt.Value == 0
                ? Markup.Text(texts[Phrases.CreatedAtGenesis])
                : Markup.Concat([say.Block(asset.CreatedAt), Markup.Text(" · "), say.Time(asset.Created)]));
        foreach (TermAttribute attribute in terms.Attributes)
        {
            yield return Attribute(attribute);
        }
    }

    /// <summary>A term in the issuer's words.</summary>
    public static Fact Attribute(TermAttribute attribute) => Fact.Named(
        attribute.Key.Replace('_', ' '), Wording.Quote(attribute.Value));

    /// <summary>The documents, oldest first.</summary>
    public static SheetTable Documents(Wording say, IReadOnlyList<DocumentRow> documents) => new(
        [Phrases.DocumentTitle, Phrases.Attached, Phrases.Published, Phrases.Hash],
        [.. documents.Select(row => (IReadOnlyList<Markup>)
        [
            Markup.Name(row.Document.Title),
            row.AttachedAt.Value == 0
                ? Markup.Text(say.Texts[Phrases.CreatedAtGenesis])
                : say.Time(row.Attached),
            Markup.Foreign(row.Document.Uri),
            Wording.Whole(row.Document.Hash.ToString()),
        ])]);

    private static Markup Coupon(Wording say, AssetTerms terms) => terms.CouponBasisPoints == 0
        ? Markup.Text(say.Texts[Phrases.NoCoupon])
        : say.Say(
            Phrases.CouponRate,
            ("rate", Markup.Value(string.Create(
                CultureInfo.InvariantCulture,
                $"{terms.CouponBasisPoints / 100}.{terms.CouponBasisPoints % 100:D2}%"))),
            ("times", say.Count(terms.PaymentsPerYear)));
}
