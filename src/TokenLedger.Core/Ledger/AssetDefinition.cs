// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Core.Ledger;

/// <summary>What an instrument is. Values are part of the format.</summary>
public enum AssetClass : byte
{
    /// <summary>Sovereign bond.</summary>
    Bond = 1,

    /// <summary>Sukuk: certificates of ownership in an underlying asset.</summary>
    Sukuk = 2,

    /// <summary>Treasury bill: sold at a discount, no coupon.</summary>
    TreasuryBill = 3,

    /// <summary>State-owned real estate.</summary>
    RealEstate = 4,

    /// <summary>Shares of a state-owned enterprise.</summary>
    EnterpriseShare = 5,

    /// <summary>Commodity reserve.</summary>
    CommodityReserve = 6,

    /// <summary>Bitcoin reserve.</summary>
    BitcoinReserve = 7,

    /// <summary>Share of energy revenue.</summary>
    EnergyRevenue = 8,

    /// <summary>Share of mining revenue.</summary>
    MiningRevenue = 9,

    /// <summary>Carbon certificate.</summary>
    CarbonCertificate = 10,

    /// <summary>Renewable-energy certificate.</summary>
    EnergyCertificate = 11,
}

/// <summary>How days between coupon dates are counted. Values are part of the format.</summary>
public enum DayCount : byte
{
    /// <summary>No coupon.</summary>
    None = 0,

    /// <summary>ACT/360.</summary>
    Actual360 = 1,

    /// <summary>ACT/365 Fixed.</summary>
    Actual365Fixed = 2,

    /// <summary>ACT/ACT ISDA.</summary>
    ActualActualIsda = 3,

    /// <summary>ACT/ACT ICMA.</summary>
    ActualActualIcma = 4,

    /// <summary>30/360.</summary>
    Thirty360 = 5,

    /// <summary>30E/360.</summary>
    ThirtyE360 = 6,
}

/// <summary>An instrument as it is created. Symbol, class, decimals and terms never change.</summary>
/// <param name="Id">Symbol.</param>
/// <param name="Class">What it is.</param>
/// <param name="Name">Name in English, at most <see cref="Limits.NameBytes"/>.</param>
/// <param name="NameUrdu">Name in Urdu, at most <see cref="Limits.NameBytes"/>.</param>
/// <param name="Decimals">Atomic units in a whole one, as a power of ten; 0 to 18.</param>
/// <param name="Cap">Authorised amount, in atomic units; above zero.</param>
/// <param name="UnitValueMicroUsd">Reference value of one whole unit, in millionths of a US dollar: what
/// approval thresholds are measured with. Cap × value fits 128 bits.</param>
/// <param name="Issuer">The issuing institution.</param>
/// <param name="Terms">The terms.</param>
public sealed record AssetDefinition(
    AssetId Id,
    AssetClass Class,
    string Name,
    string NameUrdu,
    byte Decimals,
    Amount Cap,
    UInt128 UnitValueMicroUsd,
    Address Issuer,
    AssetTerms Terms);

/// <summary>Terms of an instrument.</summary>
/// <param name="Isin">ISIN, 12 characters, or empty.</param>
/// <param name="IssueDate">First day, midnight UTC.</param>
/// <param name="MaturityDate">Last day, midnight UTC; 0 for none.</param>
/// <param name="CouponBasisPoints">Yearly rate in hundredths of a percent; 0 for none.</param>
/// <param name="PaymentsPerYear">0, 1, 2, 4 or 12.</param>
/// <param name="DayCount">How days are counted.</param>
/// <param name="Attributes">Whatever else belongs to this class, in the order of publication; keys are
/// distinct.</param>
public sealed record AssetTerms(
    string Isin,
    TimestampMs IssueDate,
    TimestampMs MaturityDate,
    uint CouponBasisPoints,
    byte PaymentsPerYear,
    DayCount DayCount,
    ImmutableArray<TermAttribute> Attributes)
{
    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(AssetTerms? other) =>
        other is not null
        && Isin == other.Isin
        && IssueDate == other.IssueDate
        && MaturityDate == other.MaturityDate
        && CouponBasisPoints == other.CouponBasisPoints
        && PaymentsPerYear == other.PaymentsPerYear
        && DayCount == other.DayCount
        && Attributes.AsSpan().SequenceEqual(other.Attributes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Isin, IssueDate, MaturityDate, CouponBasisPoints, Attributes.Length);
}

/// <summary>One more term, in words.</summary>
/// <param name="Key">snake_case, at most <see cref="Limits.AttributeKeyBytes"/>.</param>
/// <param name="Value">Text, at most <see cref="Limits.AttributeValueBytes"/>.</param>
public sealed record TermAttribute(string Key, string Value);

/// <summary>A document that belongs to an asset.</summary>
/// <param name="Title">What it is, for people.</param>
/// <param name="Hash">SHA-256 of its bytes.</param>
/// <param name="Uri">Where it is published.</param>
public sealed record AssetDocument(string Title, Hash256 Hash, string Uri);
