// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Testing.Generators;

/// <summary>Instruments, privileged operations, events, receipts and genesis documents.</summary>
public sealed partial class CoreGenerator
{
    private const int IsinBytes = 12;

    public AssetDefinition Definition() => new(
        Asset(), Enum<AssetClass>(), Text(Limits.NameBytes), Text(Limits.NameBytes), U8(), Amount(),
        U128(), Address(),
        new AssetTerms(
            Text(IsinBytes), Time(), Time(), U32(), U8(), Enum<DayCount>(),
            List(Limits.AttributesPerAsset, () => new TermAttribute(
                Text(Limits.AttributeKeyBytes), Text(Limits.AttributeValueBytes)))));

    public AssetDocument Document() => new(Text(Limits.NameBytes), Hash(), Text(Limits.UriBytes));

    public PrivilegedOperation Privileged() => Enum<PrivilegedKind>() switch
    {
        PrivilegedKind.CreateAsset => new CreateAsset(Definition()),
        PrivilegedKind.IssueUnits => new IssueUnits(Asset(), Address(), Amount()),
        PrivilegedKind.BurnUnits => new BurnUnits(Asset(), Address(), Amount(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.AttachDocument => new AttachDocument(Asset(), Document()),
        PrivilegedKind.SetAssetCap => new SetAssetCap(Asset(), Amount()),
        PrivilegedKind.PauseAsset => new PauseAsset(Asset(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.ResumeAsset => new ResumeAsset(Asset(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.FreezeAccount => new FreezeAccount(
            Address(), Enum<FreezeMode>(), Text(Limits.ReferenceBytes), Hash()),
        PrivilegedKind.UnfreezeAccount => new UnfreezeAccount(Address(), Text(Limits.ReferenceBytes)),
        PrivilegedKind.GrantOfficer => new GrantOfficer(
            Address(), Address(), Duties(), Text(Limits.NameBytes)),
        PrivilegedKind.RevokeOfficer => new RevokeOfficer(Address(), Text(Limits.ReferenceBytes)),
        PrivilegedKind bridge => BridgePrivileged(bridge),
    };

    public EventRecord Event() => new(U32(), Below(4) switch
    {
        0 => BalanceEvent(),
        1 => AssetEvent(),
        2 => BridgeEvent(),
        _ => GovernanceEvent(),
    });

    public Receipt Receipt() => Coin()
        ? new Receipt(Hash(), null, -1, U32(), U32())
        : new Receipt(
            Hash(), Enum<RejectionCode>(), Below(1 + Limits.OperationsPerTransaction) - 1, U32(), U32());

    public GenesisDocument Genesis() => new(
        Text(Limits.NameBytes), U64(), Time(), new ConsensusParameters(U32(), U32()),
        List(7, Validator),
        List(3, () => new GenesisInstitution(
            Address(), Enum<InstitutionKind>(), Text(Limits.NameBytes), Text(Limits.NameBytes),
            List(4, () => new GenesisOfficer(Address(), Duties(), Text(Limits.NameBytes))))),
        List(4, () => new GenesisAccount(Address(), Enum<AccountKind>(), Address())),
        List(2, () => new GenesisAsset(Definition(), List(3, Document))),
        List(3, Policy));

    private LedgerEvent BalanceEvent() => Below(8) switch
    {
        0 => new UnitsIssued(Asset(), Address(), Amount(), Amount(), Amount()),
        1 => new UnitsBurned(Asset(), Address(), Amount(), Amount(), Amount()),
        2 => new Transferred(Asset(), Address(), Address(), Amount(), Amount(), Amount()),
        3 => new AccountRegistered(Address(), Enum<AccountKind>(), Address(), Address()),
        4 => new AccountFrozen(Address(), Enum<FreezeMode>(), Text(Limits.ReferenceBytes), Hash()),
        5 => new AccountUnfrozen(Address(), Text(Limits.ReferenceBytes)),
        6 => new TagRequirementSet(Address(), Coin(), Address()),
        _ => new Transferred(
            Asset(), Address(), Address(), Amount(), Amount(), Amount(), Coin() ? 0 : U64(), U64()),
    };

    private LedgerEvent AssetEvent() => Below(5) switch
    {
        0 => new AssetCreated(Asset(), Enum<AssetClass>(), Amount(), Address()),
        1 => new DocumentAttached(Asset(), Hash()),
        2 => new AssetCapSet(Asset(), Amount()),
        3 => new AssetPaused(Asset(), Text(Limits.ReferenceBytes)),
        _ => new AssetResumed(Asset(), Text(Limits.ReferenceBytes)),
    };

    private LedgerEvent GovernanceEvent() => Below(8) switch
    {
        0 => new OfficerGranted(Address(), Address(), Duties()),
        1 => new OfficerRevoked(Address(), Address()),
        2 => new ProposalOpened(U64(), Address(), Hash()),
        3 => new ProposalApproved(U64(), Address()),
        4 => new ProposalScheduled(U64(), Time()),
        5 => new ProposalExecuted(U64()),
        6 => new ProposalCancelled(U64(), Address(), Text(Limits.ReferenceBytes)),
        _ => new ProposalFailed(U64(), Enum<RejectionCode>()),
    };
}
