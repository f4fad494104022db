// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Genesis;

/// <summary>
/// Reads the parts of a genesis file. Public, because a network's template consists of the same parts, with
/// labels in place of the addresses that do not exist yet. Pure.
/// </summary>
public static class GenesisReader
{
    private const int IsinBytes = 12;
    private const int InstitutionKinds = 32;
    private const int PolicyKinds = 256;

    /// <summary>The whole document.</summary>
    public static GenesisDocument Document(StrictObject file)
    {
        file.Required("version").Number(GenesisDocument.Version, GenesisDocument.Version);
        return new GenesisDocument(
            file.Required("networkName").Text(Limits.NameBytes),
            file.Required("chainId").Number(1, Limits.ChainIdMax),
            file.Required("time").Time(),
            file.Required("consensus").Object(Consensus),
            file.Required("validators").List(Limits.Validators, static item => item.Object(Validator)),
            file.Required("institutions").List(
                Limits.GenesisInstitutions, static item => item.Object(Institution)),
            file.Required("accounts").List(Limits.GenesisAccounts, static item => item.Object(Account)),
            file.Required("assets").List(Limits.GenesisAssets, static item => item.Object(Asset)),
            file.Required("policies").List(PolicyKinds, static item => item.Object(Policy)));
    }

    /// <summary>Parameters that all validators share.</summary>
    public static ConsensusParameters Consensus(StrictObject consensus) => new(
        (uint)consensus.Required("deltaMs").Number(20, 60_000),
        (uint)consensus.Required("heartbeatMs").Number(100, 60_000));

    /// <summary>An instrument without its documents.</summary>
    /// <param name="asset">The object.</param>
    /// <param name="issuer">Reads the issuing institution, which a template names by its label.</param>
    public static AssetDefinition Definition(StrictObject asset, Func<StrictValue, Address> issuer) => new(
        asset.Required("id").Asset(),
        asset.Required("class").Name<AssetClass>(),
        asset.Required("name").Text(Limits.NameBytes),
        asset.Required("nameUrdu").Text(Limits.NameBytes),
        (byte)asset.Required("decimals").Number(0, Limits.AssetDecimals),
        asset.Required("cap").Amount(),
        asset.Required("unitValueMicroUsd").Wide(),
        issuer(asset.Required("issuer")),
        asset.Required("terms").Object(Terms));

    /// <summary>Who may propose and approve a kind of operation.</summary>
    public static ApprovalPolicy Policy(StrictObject policy) => new(
        policy.Required("kind").Name<PrivilegedKind>(),
        Kinds(policy.Required("makers")),
        Kinds(policy.Required("checkers")),
        policy.Required("tiers").List(Limits.TiersPerPolicy, static item => item.Object(Tier)));

    /// <summary>An officer's duties.</summary>
    public static Duties DutiesOf(StrictValue list) =>
        list.List(8, static item => item.Name<Duties>()).Aggregate(Duties.None, static (all, one) => all | one);

    private static Validator Validator(StrictObject validator) => new(
        validator.Required("name").Text(Limits.NameBytes),
        validator.Required("address").Address(),
        validator.Required("tlsKeyHash").Hash());

    private static GenesisInstitution Institution(StrictObject institution) => new(
        institution.Required("id").Address(),
        institution.Required("kind").Name<InstitutionKind>(),
        institution.Required("name").Text(Limits.NameBytes),
        institution.Required("nameUrdu").Text(Limits.NameBytes),
        institution.Required("officers").List(Limits.OfficersPerInstitution, static item => item.Object(Officer)));

    private static GenesisOfficer Officer(StrictObject officer) => new(
        officer.Required("address").Address(),
        DutiesOf(officer.Required("duties")),
        officer.Required("name").Text(Limits.NameBytes));

    private static GenesisAccount Account(StrictObject account) => new(
        account.Required("address").Address(),
        account.Required("kind").Name<AccountKind>(),
        account.Optional("institution", Address.Zero, static value => value.Address()));

    private static GenesisAsset Asset(StrictObject asset) => new(
        Definition(asset, static value => value.Address()),
        asset.Required("documents").List(Limits.DocumentsPerAsset, static item => item.Object(Paper)));

    private static AssetDocument Paper(StrictObject document) => new(
        document.Required("title").Text(Limits.NameBytes),
        document.Required("sha256").Hash(),
        document.Required("uri").Text(Limits.UriBytes));

    private static AssetTerms Terms(StrictObject terms) => new(
        terms.Optional("isin", string.Empty, static value => value.Text(IsinBytes)),
        terms.Required("issueDate").Date(),
        terms.Optional("maturityDate", default, static value => value.Date()),
        (uint)terms.Optional("couponBasisPoints", 0UL, static value => value.Number(1, 100_000)),
        (byte)terms.Optional("paymentsPerYear", 0UL, static value => value.Number(1, 12)),
        terms.Optional("dayCount", DayCount.None, static value => value.Name<DayCount>()),
        terms.Optional("attributes", ImmutableArray<TermAttribute>.Empty, static value =>
            value.List(Limits.AttributesPerAsset, static item => item.Object(Attribute))));

    private static TermAttribute Attribute(StrictObject attribute) => new(
        attribute.Required("key").Text(Limits.AttributeKeyBytes),
        attribute.Required("value").Text(Limits.AttributeValueBytes));

    private static ApprovalTier Tier(StrictObject tier) => new(
        tier.Optional("upToMicroUsd", UInt128.MaxValue, static value => value.Wide()),
        (byte)tier.Required("approvals").Number(1, Limits.ApprovalsPerProposal),
        (byte)tier.Required("institutions").Number(1, Limits.ApprovalsPerProposal),
        tier.Optional("requiredKinds", 0U, Kinds),
        tier.Optional("delayMs", 0UL, static value => value.Number(1, 365UL * 24 * 3600 * 1000)));

    private static uint Kinds(StrictValue list) =>
        list.List(InstitutionKinds, static item => item.Name<InstitutionKind>())
            .Aggregate(0U, static (mask, kind) => mask | ApprovalPolicy.Bit(kind));
}
