// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>Assets as text.</summary>
internal static class AssetView
{
    public static string ClassName(Asset asset) =>
        OperationView.Snake(asset.Definition.AssetClass.ToString()).Replace('_', ' ');

    public static string Show(Asset asset, string atomic) => Amount.TryParse(atomic, out Amount amount)
        ? AmountText.Grouped(amount, (int)Math.Min(asset.Definition.Decimals, Limits.AssetDecimals))
        : atomic;

    public static JsonObject ToJson(Asset asset)
    {
        AssetDefinition d = asset.Definition;
        AssetTerms terms = d.Terms ?? new AssetTerms();
        var attributes = new JsonObject();
        foreach (TermAttribute attribute in terms.Attributes)
        {
            attributes[attribute.Key] = attribute.Value;
        }

        return new JsonObject
        {
            ["symbol"] = d.Symbol,
            ["class"] = OperationView.Snake(d.AssetClass.ToString()),
            ["name"] = d.Name,
            ["nameUrdu"] = d.NameUrdu,
            ["decimals"] = d.Decimals,
            ["cap"] = asset.Cap,
            ["supply"] = asset.Supply,
            ["paused"] = asset.Paused,
            ["unitValueMicroUsd"] = d.UnitValueMicroUsd,
            ["issuer"] = AddressBook.Text(d.Issuer),
            ["issuerName"] = asset.IssuerName,
            ["isin"] = terms.Isin,
            ["issueDate"] = Times.Date(terms.IssueDateMs),
            ["maturityDate"] = Times.Date(terms.MaturityDateMs),
            ["couponBasisPoints"] = terms.CouponBasisPoints,
            ["paymentsPerYear"] = terms.PaymentsPerYear,
            ["dayCount"] = OperationView.Snake(terms.DayCount.ToString()),
            ["attributes"] = attributes,
            ["documents"] = new JsonArray([.. asset.Documents.Select(x => (JsonNode)new JsonObject
            {
                ["title"] = x.Title,
                ["hash"] = Convert.ToHexStringLower(x.Hash.Span),
                ["uri"] = x.Uri,
            })]),
        };
    }

    public static IEnumerable<(string Label, string Value)> Lines(Asset asset, AddressBook addresses)
    {
        AssetDefinition d = asset.Definition;
        AssetTerms terms = d.Terms ?? new AssetTerms();
        yield return ("symbol", d.Symbol);
        yield return ("name", d.Name);
        yield return ("", d.NameUrdu);
        yield return ("class", ClassName(asset));
        yield return ("issuer", $"{asset.IssuerName} ({addresses.Name(d.Issuer)})");
        yield return ("state", asset.Paused ? "PAUSED" : "active");
        yield return ("authorised", Show(asset, asset.Cap));
        yield return ("supply", Show(asset, asset.Supply));
        yield return ("decimals", d.Decimals.ToString(CultureInfo.InvariantCulture));
        if (Amount.TryParse(d.UnitValueMicroUsd, out Amount value))
        {
            yield return ("unit value", "USD " + AmountText.Grouped(value, 6));
        }

        yield return ("isin", terms.Isin.Length > 0 ? terms.Isin : "(none)");
        yield return ("issued on", Times.Date(terms.IssueDateMs));
        yield return ("matures on", terms.MaturityDateMs == 0 ? "(never)" : Times.Date(terms.MaturityDateMs));
        if (terms.CouponBasisPoints > 0)
        {
            string rate = AmountText.Plain(new Amount(terms.CouponBasisPoints), 2);
            string dayCount = OperationView.Snake(terms.DayCount.ToString());
            yield return ("coupon", $"{rate} % a year, {terms.PaymentsPerYear} payments, {dayCount}");
        }

        foreach (TermAttribute attribute in terms.Attributes)
        {
            yield return ("term", $"{attribute.Key}: {attribute.Value}");
        }

        foreach (AssetDocument document in asset.Documents)
        {
            yield return ("document", document.Title);
            yield return ("  sha-256", Convert.ToHexStringLower(document.Hash.Span));
            yield return ("  uri", document.Uri);
        }
    }
}
