// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution.Assets;

/// <summary>What can be said of an instrument, or of a document, without a state.</summary>
internal static class DefinitionRules
{
    /// <summary>Ten thousand basis points are 100 % a year: more is a slip of the pen.</summary>
    private const uint MaxCouponBasisPoints = 10_000;

    private const ulong DayMs = 24UL * 3600 * 1000;

    public static Rejection? Check(AssetDefinition asset)
    {
        if (asset.Id == default)
        {
            return Invalid("The asset has no symbol.");
        }

        if (!Enum.IsDefined(asset.Class))
        {
            return Invalid($"{asset.Class} is no class of asset.");
        }

        if (TextRules.CheckName($"The name of {asset.Id}", asset.Name, Limits.NameBytes) is { } name)
        {
            return name;
        }

        if (TextRules.CheckName($"The Urdu name of {asset.Id}", asset.NameUrdu, Limits.NameBytes) is { } urdu)
        {
            return urdu;
        }

        if (asset.Decimals > Limits.AssetDecimals)
        {
            return Invalid($"{asset.Id} has {asset.Decimals} decimals; the limit is {Limits.AssetDecimals}.");
        }

        if (asset.Cap.IsZero)
        {
            return new Rejection(
                RejectionCode.AmountZero, $"{asset.Id} has a cap of 0; a cap is above zero.");
        }

        if (asset.UnitValueMicroUsd == UInt128.Zero)
        {
            return Invalid($"{asset.Id} has a unit value of 0: approval tiers would not see its amounts.");
        }

        if (asset.Issuer.IsZero)
        {
            return Invalid($"{asset.Id} has no issuer.");
        }

        return CheckCap(asset, asset.Cap) ?? CheckTerms(asset.Id, asset.Class, asset.Terms);
    }

    /// <summary>Every amount up to the cap has a value that fits 128 bits.</summary>
    public static Rejection? CheckCap(AssetDefinition asset, Amount cap) =>
        cap.TryMultiply(asset.UnitValueMicroUsd, out _)
            ? null
            : new Rejection(
                RejectionCode.Overflow,
                $"A cap of {cap} atomic units of {asset.Id} at {asset.UnitValueMicroUsd} micro-dollars is "
                + "over 128 bits.");

    public static Rejection? CheckDocument(AssetId asset, AssetDocument document)
    {
        string what = $"The title of a document of {asset}";
        if (TextRules.CheckName(what, document.Title, Limits.NameBytes) is { } title)
        {
            return title;
        }

        if (document.Hash.IsZero)
        {
            return Invalid($"The document '{document.Title}' of {asset} has no hash.");
        }

        return TextRules.CheckName($"The URI of '{document.Title}'", document.Uri, Limits.UriBytes)
            ?? (document.Uri.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? Invalid($"The URI of '{document.Title}' has a character that no URI has.")
                : null);
    }

    private static Rejection? CheckTerms(AssetId asset, AssetClass kind, AssetTerms terms)
    {
        if (!IsIsinOrEmpty(terms.Isin))
        {
            return Invalid(
                $"'{terms.Isin}' is no ISIN: two letters, nine letters or digits, and the check digit.");
        }

        if (terms.IssueDate.Value % DayMs != 0 || terms.MaturityDate.Value % DayMs != 0)
        {
            return Invalid($"The dates of {asset} are midnights UTC, in ms.");
        }

        if (terms.MaturityDate.Value != 0 && terms.MaturityDate <= terms.IssueDate)
        {
            return Invalid(
                $"{asset} matures at {terms.MaturityDate}, not after its issue at {terms.IssueDate}.");
        }

        if (!Enum.IsDefined(terms.DayCount) || terms.PaymentsPerYear is not (0 or 1 or 2 or 4 or 12))
        {
            return Invalid(
                $"{asset} has {terms.PaymentsPerYear} payments a year counted by {terms.DayCount}.");
        }

        if (terms.CouponBasisPoints > MaxCouponBasisPoints)
        {
            return Invalid(
                $"A coupon of {terms.CouponBasisPoints} basis points is over {MaxCouponBasisPoints}.");
        }

        if (terms.CouponBasisPoints > 0 && (terms.PaymentsPerYear == 0 || terms.DayCount == DayCount.None))
        {
            return Invalid($"{asset} has a coupon, so it needs payments a year and a day count.");
        }

        if (kind == AssetClass.TreasuryBill && (terms.CouponBasisPoints > 0 || terms.MaturityDate.Value == 0))
        {
            return Invalid($"{asset} is a treasury bill: it has a maturity and no coupon.");
        }

        return CheckAttributes(asset, terms);
    }

    private static Rejection? CheckAttributes(AssetId asset, AssetTerms terms)
    {
        if (terms.Attributes.IsDefault || terms.Attributes.Length > Limits.AttributesPerAsset)
        {
            return new Rejection(
                RejectionCode.TooLarge, $"{asset} has more than {Limits.AttributesPerAsset} attributes.");
        }

        for (int i = 0; i < terms.Attributes.Length; i++)
        {
            (string key, string value) = terms.Attributes[i];
            if (!IsSnakeCase(key))
            {
                return Invalid(
                    $"'{key}' is no attribute key: a–z, 0–9 and _, at most {Limits.AttributeKeyBytes}.");
            }

            if (TextRules.Check($"The attribute {key}", value, Limits.AttributeValueBytes) is { } text)
            {
                return text;
            }

            for (int k = 0; k < i; k++)
            {
                if (string.Equals(terms.Attributes[k].Key, key, StringComparison.Ordinal))
                {
                    return Invalid($"{asset} has the attribute {key} twice.");
                }
            }
        }

        return null;
    }

    private static bool IsSnakeCase(string key)
    {
        if (string.IsNullOrEmpty(key) || key.Length > Limits.AttributeKeyBytes
            || !char.IsAsciiLetterLower(key[0]))
        {
            return false;
        }

        foreach (char c in key)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>ISO 6166: letters count as 10 to 35, and the digits so written pass the Luhn check.</summary>
    private static bool IsIsinOrEmpty(string isin)
    {
        if (isin is null || isin.Length == 0)
        {
            return isin is not null;
        }

        if (isin.Length != 12 || !char.IsAsciiLetterUpper(isin[0]) || !char.IsAsciiLetterUpper(isin[1])
            || !char.IsAsciiDigit(isin[^1]))
        {
            return false;
        }

        int sum = 0;
        bool doubled = false;
        for (int i = isin.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(isin[i]) && !char.IsAsciiLetterUpper(isin[i]))
            {
                return false;
            }

            for (int rest = char.IsAsciiDigit(isin[i]) ? isin[i] - '0' : isin[i] - 'A' + 10, first = 1;
                first == 1 || rest > 0;
                rest /= 10, first = 0)
            {
                int digit = rest % 10 * (doubled ? 2 : 1);
                sum += digit > 9 ? digit - 9 : digit;
                doubled = !doubled;
            }
        }

        return sum % 10 == 0;
    }

    private static Rejection Invalid(string detail) => new(RejectionCode.InvalidField, detail);
}
