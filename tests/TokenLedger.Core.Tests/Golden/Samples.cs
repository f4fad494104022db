// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>
/// Fixed values of every canonical type: each field another, so that no two can be swapped unseen.
/// </summary>
internal static class Samples
{
    public static readonly AssetId Bond = Symbol("GOPB-2031-A");

    public static readonly BlockHeader Header = new(
        Hash(0x10), new Epoch(2), new Height(1_000_001), new View(1_000_077), Hash(0x20),
        new TimestampMs(1_767_225_600_123), Address(0x30), Hash(0x40), Hash(0x50), Hash(0x60), Hash(0x70),
        Hash(0x80), Hash(0x90), Hash(0xA0));

    public static readonly VoteSubject Notarize = new(
        VoteKind.Notarize, new Epoch(2), new View(77), Hash(0x20));

    public static readonly VoteSubject Nullify = new(
        VoteKind.Nullify, new Epoch(2), new View(78), Hash256.Zero);

    public static readonly VoteSubject Finalize = new(
        VoteKind.Finalize, new Epoch(2), new View(79), Hash(0x21));

    public static readonly Certificate Certificate = new(
        Notarize, 0b1101, [Signature(1), Signature(2), Signature(3)]);

    public static readonly ImmutableArray<SignedTransaction> Transactions =
        [new([0x0A, 0x14, 0xFF], Signature(4)), new([], Signature(5))];

    public static readonly ImmutableArray<Validator> Validators =
        [new("ministry", Address(1), Hash(1)), new("خزانہ", Address(2), Hash(2))];

    public static readonly ConsensusRecord[] ConsensusRecords =
    [
        new OwnVoteRecord(Finalize),
        new CertificateRecord(Certificate),
        new CertificationRecord(new View(80), Hash(0x22), true),
    ];

    public static readonly AssetDefinition Definition = new(
        Bond, AssetClass.Bond, "Government bond 2031", "سرکاری بانڈ", 2, Amount(50_000_000_00), 1_000_000,
        Address(0x31),
        new AssetTerms(
            "PK0000000001", new TimestampMs(1_767_225_600_000), new TimestampMs(1_924_992_000_000), 1_225, 2,
            DayCount.ActualActualIcma,
            [new TermAttribute("listing", "PSX"), new TermAttribute("governing_law", "")]));

    public static readonly AssetDocument Document = new(
        "Prospectus", Hash(0x77), "https://example.org/p.pdf");

    public static readonly PrivilegedOperation[] PrivilegedOperations =
    [
        new CreateAsset(Definition),
        new IssueUnits(Bond, Address(3), Amount(7)),
        new BurnUnits(Bond, Address(4), Amount(8), "Redemption"),
        new AttachDocument(Bond, Document),
        new SetAssetCap(Bond, new Amount(UInt128.MaxValue)),
        new PauseAsset(Bond, "Review"),
        new ResumeAsset(Bond, "Reviewed"),
        new FreezeAccount(Address(5), FreezeMode.SendAndReceive, "LHC 2026/17", Hash(0x78)),
        new UnfreezeAccount(Address(6), "LHC 2026/18"),
        new GrantOfficer(Address(7), Address(8), Duties.Maker | Duties.Registrar, "Joint Secretary"),
        new RevokeOfficer(Address(9), "Transfer"),
        .. BridgeSamples.Privileged,
    ];

    public static readonly LedgerEvent[] Events =
    [
        new UnitsIssued(Bond, Address(1), Amount(2), Amount(3), Amount(4)),
        new UnitsBurned(Bond, Address(1), Amount(2), Amount(3), Amount(4)),
        new Transferred(Bond, Address(1), Address(2), Amount(3), Amount(4), Amount(5)),
        new TagRequirementSet(Address(1), true, Address(2)),
        new AccountRegistered(Address(1), AccountKind.Exchange, Address(2), Address(3)),
        new AccountFrozen(Address(1), FreezeMode.Send, "SC 2026/1", Hash(2)),
        new AccountUnfrozen(Address(1), "SC 2026/2"),
        new AssetCreated(Bond, AssetClass.Sukuk, Amount(1), Address(2)),
        new DocumentAttached(Bond, Hash(1)),
        new AssetCapSet(Bond, Amount(1)),
        new AssetPaused(Bond, "روکا گیا"),
        new AssetResumed(Bond, "Reviewed"),
        new OfficerGranted(Address(1), Address(2), Duties.Checker),
        new OfficerRevoked(Address(1), Address(2)),
        new ProposalOpened(1, Address(2), Hash(3)),
        new ProposalApproved(1, Address(2)),
        new ProposalScheduled(1, new TimestampMs(2)),
        new ProposalExecuted(1),
        new ProposalCancelled(1, Address(2), "Mistake"),
        new ProposalFailed(1, RejectionCode.SupplyCapExceeded),
        .. BridgeSamples.Events,
    ];

    public static readonly Transferred Tagged =
        new(Bond, Address(1), Address(2), Amount(3), Amount(4), Amount(5), 6, 7);

    public static readonly (string Name, Receipt Receipt)[] Receipts =
    [
        ("Receipt.Success", new Receipt(Hash(1), null, -1, 2, 3)),
        ("Receipt.Failed", new Receipt(Hash(1), RejectionCode.InsufficientAvailable, 99, 2, 0)),
        ("Receipt.FailedAsAWhole", new Receipt(Hash(1), RejectionCode.SenderUnknown, -1, 2, 0)),
    ];

    public static readonly AccountState Account =
        new(AccountKind.Institution, Address(1), Address(2), FreezeMode.Send, "IHC 2026/3");

    public static readonly ApprovalPolicy Policy = new(
        PrivilegedKind.IssueUnits, ApprovalPolicy.Bit(InstitutionKind.Ministry), 0x0C,
        [new ApprovalTier(1_000_000, 1, 1, 0, 0), new ApprovalTier(UInt128.MaxValue, 3, 2, 8, 86_400_000)]);

    public static readonly ProposalState Proposal = new(
        Address(1), Address(2), [new IssueUnits(Bond, Address(3), Amount(4)), new PauseAsset(Bond, "x")],
        Hash(5), "Second tranche", new TimestampMs(6), new TimestampMs(7),
        ProposalStatus.Scheduled, new TimestampMs(8),
        [Address(9), Address(10)]);

    public static readonly GenesisDocument Genesis = new(
        "Devnet", 8_021, new TimestampMs(1_767_225_600_000), new ConsensusParameters(500, 1_000), Validators,
        [
            new GenesisInstitution(
                Address(0x31), InstitutionKind.Ministry, "Ministry of Finance", "وزارت خزانہ",
                [new GenesisOfficer(Address(1), Duties.Maker, "Secretary")]),
        ],
        [new GenesisAccount(Address(2), AccountKind.Institution, Address(0x31))],
        [new GenesisAsset(Definition, [Document])],
        [Policy]);

    /// <summary>32 bytes that count up from <paramref name="first"/>.</summary>
    public static Hash256 Hash(byte first) => new(Counting(first, Hash256.Size));

    /// <summary>20 bytes that count up from <paramref name="first"/>.</summary>
    public static Address Address(byte first) => new(Counting(first, Core.Address.Size));

    /// <summary>65 bytes that count up from <paramref name="first"/>.</summary>
    public static ImmutableArray<byte> Signature(byte first) => [.. Counting(first, Limits.SignatureBytes)];

    public static Amount Amount(ulong units) => new(units);

    private static AssetId Symbol(string text) => AssetId.TryParse(text, out AssetId id)
        ? id
        : throw new InvalidOperationException($"'{text}' is no symbol.");

    private static byte[] Counting(byte first, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = unchecked((byte)(first + i));
        }

        return bytes;
    }
}
