// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Testing;

/// <summary>
/// A small state: a ministry, a treasury, a central bank, a regulator, an auditor and two exchanges, with
/// officers, policies in tiers, a few accounts and two instruments. Addresses come from names; nobody has
/// their keys.
/// </summary>
public static class TestNetwork
{
    public const ulong HourMs = 3_600_000;
    public const ulong DayMs = 24 * HourMs;

    /// <summary>Decimals 2; one whole unit is worth 1,000 USD; cap 100,000 whole units: 100 million
    /// USD.</summary>
    public static readonly AssetId Bond = AssetId.Parse("PK-BOND-30");

    /// <summary>Decimals 0; one unit is worth 5 USD; cap 1,000,000.</summary>
    public static readonly AssetId Carbon = AssetId.Parse("PK-CARBON");

    public static readonly Address Ministry = Named("ministry");
    public static readonly Address Treasury = Named("treasury");
    public static readonly Address Bank = Named("bank");
    public static readonly Address Regulator = Named("regulator");
    public static readonly Address Auditor = Named("auditor");
    public static readonly Address ExchangeA = Named("exchange-a");
    public static readonly Address ExchangeB = Named("exchange-b");

    public static readonly Address MinistryMaker = Named("ministry.maker");
    public static readonly Address MinistryChecker = Named("ministry.checker");
    public static readonly Address MinistryChecker2 = Named("ministry.checker2");
    public static readonly Address MinistryRegistrar = Named("ministry.registrar");
    public static readonly Address TreasuryMaker = Named("treasury.maker");
    public static readonly Address TreasuryChecker = Named("treasury.checker");
    public static readonly Address BankChecker = Named("bank.checker");
    public static readonly Address BankChecker2 = Named("bank.checker2");
    public static readonly Address RegulatorMaker = Named("regulator.maker");
    public static readonly Address RegulatorChecker = Named("regulator.checker");
    public static readonly Address RegulatorRegistrar = Named("regulator.registrar");
    public static readonly Address ExchangeRegistrar = Named("exchange-a.registrar");

    public static readonly Address MinistryAccount = Named("ministry.account");
    public static readonly Address ExchangeAccount = Named("exchange-a.account");
    public static readonly Address Alice = Named("alice");
    public static readonly Address Bob = Named("bob");
    public static readonly Address Nobody = Named("nobody");

    public static readonly TimestampMs Start = new(1_767_225_600_000);

    private static readonly TimestampMs Issued = new(20_454 * DayMs);

    /// <summary>An address that depends on the name only.</summary>
    public static Address Named(string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("address " + name)).AsSpan(0, Address.Size));

    public static GenesisDocument Genesis() => new(
        "testnet",
        424_242,
        Start,
        new ConsensusParameters(200, 1_000),
        [.. Enumerable.Range(0, 4).Select(Validator)],
        Institutions(),
        [
            new GenesisAccount(MinistryAccount, AccountKind.Institution, Ministry),
            new GenesisAccount(ExchangeAccount, AccountKind.Exchange, ExchangeA),
            new GenesisAccount(Alice, AccountKind.Citizen, Address.Zero),
            new GenesisAccount(Bob, AccountKind.Citizen, Address.Zero),
        ],
        [
            new GenesisAsset(BondDefinition(Bond), [Document("prospectus")]),
            new GenesisAsset(CarbonDefinition(), []),
        ],
        Policies());

    public static AssetDefinition BondDefinition(AssetId id) => new(
        id, AssetClass.Bond, "Government bond 2030", "سرکاری بانڈ", 2, new Amount(10_000_000),
        1_000_000_000, Ministry,
        new AssetTerms(
            "", Issued, new TimestampMs(22_280 * DayMs), 725, 2, DayCount.ActualActualIcma,
            [new TermAttribute("listing", "none")]));

    public static AssetDocument Document(string name) =>
        new(name, HashOf(name), "https://finance.example/" + name);

    private static Hash256 HashOf(string text) =>
        Hashing.Hash(DomainTag.StateValue, Encoding.UTF8.GetBytes(text));

    private static AssetDefinition CarbonDefinition() => new(
        Carbon, AssetClass.CarbonCertificate, "Carbon certificate 2026", "کاربن سرٹیفکیٹ", 0,
        new Amount(1_000_000), 5_000_000, Treasury,
        new AssetTerms("", Issued, default, 0, 0, DayCount.None, []));

    private static Validator Validator(int index) => new(
        $"validator-{index}",
        Named($"validator {index}"),
        Hashing.Hash(DomainTag.StateValue, Encoding.UTF8.GetBytes($"tls {index}")));

    private static ImmutableArray<GenesisInstitution> Institutions() =>
    [
        new(Ministry, InstitutionKind.Ministry, "Ministry of Finance", "وزارت خزانہ",
        [
            new(MinistryMaker, Duties.Maker, "Debt office"),
            new(MinistryChecker, Duties.Checker, "Controller"),
            new(MinistryChecker2, Duties.Checker | Duties.Maker, "Secretary"),
            new(MinistryRegistrar, Duties.Registrar, "Registry"),
        ]),
        new(Treasury, InstitutionKind.Treasury, "Treasury", "خزانہ",
        [
            new(TreasuryMaker, Duties.Maker, "Desk"),
            new(TreasuryChecker, Duties.Checker, "Controller"),
        ]),
        new(Bank, InstitutionKind.CentralBank, "Central Bank", "مرکزی بینک",
        [
            new(BankChecker, Duties.Checker, "Deputy governor"),
            new(BankChecker2, Duties.Checker, "Director"),
        ]),
        new(Regulator, InstitutionKind.Regulator, "Digital Assets Regulator", "ریگولیٹر",
        [
            new(RegulatorMaker, Duties.Maker, "Enforcement"),
            new(RegulatorChecker, Duties.Checker, "Commissioner"),
            new(RegulatorRegistrar, Duties.Registrar, "Licensing"),
        ]),
        new(Auditor, InstitutionKind.Auditor, "Auditor General", "آڈیٹر جنرل", []),
        new(ExchangeA, InstitutionKind.Exchange, "Exchange A", "ایکسچینج اے",
            [new(ExchangeRegistrar, Duties.Registrar, "Onboarding")]),
        new(ExchangeB, InstitutionKind.Exchange, "Exchange B", "ایکسچینج بی", []),
    ];

    private static ImmutableArray<ApprovalPolicy> Policies()
    {
        uint fiscal = Mask(InstitutionKind.Ministry, InstitutionKind.Treasury);
        uint checkers = fiscal | Mask(InstitutionKind.CentralBank, InstitutionKind.Regulator);
        uint regulator = Mask(InstitutionKind.Regulator);
        return
        [
            new(PrivilegedKind.CreateAsset, fiscal, checkers, [Last(2, 1)]),
            new(PrivilegedKind.IssueUnits, fiscal, checkers,
            [
                new ApprovalTier(1_000_000_000_000, 2, 1, 0, 0),
                new ApprovalTier(50_000_000_000_000, 3, 2, 0, 0),
                new ApprovalTier(UInt128.MaxValue, 3, 2, regulator, HourMs),
            ]),
            new(PrivilegedKind.BurnUnits, fiscal, checkers, [Last(2, 1)]),
            new(PrivilegedKind.AttachDocument, fiscal, checkers, [Last(1, 1)]),
            new(PrivilegedKind.SetAssetCap, fiscal, checkers, [Last(2, 2, delayMs: DayMs)]),
            new(PrivilegedKind.PauseAsset, fiscal, checkers, [Last(1, 1)]),
            new(PrivilegedKind.ResumeAsset, fiscal, checkers, [Last(2, 1)]),
            new(PrivilegedKind.FreezeAccount, regulator, checkers, [Last(1, 1)]),
            new(PrivilegedKind.UnfreezeAccount, regulator, checkers, [Last(1, 1)]),
            new(PrivilegedKind.GrantOfficer, fiscal, checkers & ~Mask(
                InstitutionKind.Treasury), [Last(2, 2)]),
            new(PrivilegedKind.RevokeOfficer, fiscal, checkers & ~Mask(
                InstitutionKind.Treasury), [Last(2, 2)]),
            .. BridgePolicies(fiscal, checkers, regulator),
        ];
    }

    private static ImmutableArray<ApprovalPolicy> BridgePolicies(
        uint fiscal, uint checkers, uint regulator)
    {
        uint state = Mask(InstitutionKind.Ministry, InstitutionKind.CentralBank);
        var strict = new ApprovalTier(UInt128.MaxValue, 3, 2, regulator, 0);
        return
        [
            new(PrivilegedKind.OpenBridgeLane, state, checkers, [strict]),
            new(PrivilegedKind.MapBridgeToken, fiscal, checkers, [strict]),
            new(PrivilegedKind.PauseBridge, state | regulator, checkers, [Last(1, 1)]),
            new(PrivilegedKind.ResumeBridge, state, checkers, [strict]),
            new(PrivilegedKind.RotateBridgeSigners, state, checkers, [strict]),
            new(PrivilegedKind.RedirectBridgeRelease, regulator, checkers, [Last(2, 2)]),
        ];
    }

    private static ApprovalTier Last(byte approvals, byte institutions, ulong delayMs = 0) =>
        new(UInt128.MaxValue, approvals, institutions, 0, delayMs);

    private static uint Mask(params ReadOnlySpan<InstitutionKind> kinds)
    {
        uint mask = 0;
        foreach (InstitutionKind kind in kinds)
        {
            mask |= ApprovalPolicy.Bit(kind);
        }

        return mask;
    }
}
