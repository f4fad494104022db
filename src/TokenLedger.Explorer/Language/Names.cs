// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Explorer.Language;

/// <summary>Texts of the ledger's kinds and states. A value that this program does not know is
/// "unknown".</summary>
internal static class Names
{
    /// <summary>A class of assets, in the plural.</summary>
    public static Phrase Of(AssetClass assetClass) => assetClass switch
    {
        AssetClass.Bond => Phrases.ClassBond,
        AssetClass.Sukuk => Phrases.ClassSukuk,
        AssetClass.TreasuryBill => Phrases.ClassTreasuryBill,
        AssetClass.RealEstate => Phrases.ClassRealEstate,
        AssetClass.EnterpriseShare => Phrases.ClassEnterpriseShare,
        AssetClass.CommodityReserve => Phrases.ClassCommodityReserve,
        AssetClass.BitcoinReserve => Phrases.ClassBitcoinReserve,
        AssetClass.EnergyRevenue => Phrases.ClassEnergyRevenue,
        AssetClass.MiningRevenue => Phrases.ClassMiningRevenue,
        AssetClass.CarbonCertificate => Phrases.ClassCarbonCertificate,
        AssetClass.EnergyCertificate => Phrases.ClassEnergyCertificate,
        _ => Phrases.ClassUnknown,
    };

    /// <summary>A kind of account.</summary>
    public static Phrase Of(AccountKind kind) => kind switch
    {
        AccountKind.Citizen => Phrases.AccountCitizen,
        AccountKind.Institution => Phrases.AccountInstitution,
        AccountKind.Exchange => Phrases.AccountExchange,
        AccountKind.BridgeEscrow => Phrases.AccountBridgeEscrow,
        AccountKind.BridgeSigner => Phrases.AccountBridgeSigner,
        _ => Phrases.AccountUnknown,
    };

    /// <summary>What a freeze forbids.</summary>
    public static Phrase Of(FreezeMode mode) => mode switch
    {
        FreezeMode.Send => Phrases.FreezeSend,
        FreezeMode.SendAndReceive => Phrases.FreezeSendAndReceive,
        _ => Phrases.FreezeNone,
    };

    /// <summary>A kind of institution.</summary>
    public static Phrase Of(InstitutionKind kind) => kind switch
    {
        InstitutionKind.Ministry => Phrases.InstitutionMinistry,
        InstitutionKind.Treasury => Phrases.InstitutionTreasury,
        InstitutionKind.CentralBank => Phrases.InstitutionCentralBank,
        InstitutionKind.Regulator => Phrases.InstitutionRegulator,
        InstitutionKind.Auditor => Phrases.InstitutionAuditor,
        InstitutionKind.Exchange => Phrases.InstitutionExchange,
        InstitutionKind.Custodian => Phrases.InstitutionCustodian,
        _ => Phrases.InstitutionUnknown,
    };

    /// <summary>How far a proposal is.</summary>
    public static Phrase Of(ProposalStatus status) => status switch
    {
        ProposalStatus.Open => Phrases.ProposalOpen,
        ProposalStatus.Scheduled => Phrases.ProposalScheduled,
        ProposalStatus.Executed => Phrases.ProposalExecuted,
        ProposalStatus.Cancelled => Phrases.ProposalCancelled,
        ProposalStatus.Failed => Phrases.ProposalFailed,
        _ => Phrases.ProposalUnknown,
    };

    /// <summary>How far a consignment to another chain is.</summary>
    public static Phrase Of(BridgeLockStatus status) => status switch
    {
        BridgeLockStatus.Waiting => Phrases.LockWaiting,
        BridgeLockStatus.Signing => Phrases.LockSigning,
        BridgeLockStatus.Cancelling => Phrases.LockCancelling,
        BridgeLockStatus.Minted => Phrases.LockMinted,
        BridgeLockStatus.Refunded => Phrases.LockRefunded,
        _ => Phrases.LockUnknown,
    };

    /// <summary>What a message to another chain is about.</summary>
    public static Phrase Of(BridgeMessageKind kind) => kind switch
    {
        BridgeMessageKind.Mint => Phrases.MessageMint,
        BridgeMessageKind.Void => Phrases.MessageVoid,
        BridgeMessageKind.Rotation => Phrases.MessageRotation,
        _ => Phrases.MessageUnknown,
    };

    /// <summary>An officer's duties as a list.</summary>
    public static string Of(Duties duties, SiteLanguage language)
    {
        string list = List(
            (uint)duties, language, Phrases.DutyMaker, Phrases.DutyChecker, Phrases.DutyRegistrar);
        return list.Length == 0 ? Texts.Of(language)[Phrases.DutyNone] : list;
    }

    /// <summary>What of a bridge stands still, as a list; empty for none.</summary>
    public static string Of(BridgeStops stops, SiteLanguage language) =>
        List((uint)stops, language, Phrases.StopLocks, Phrases.StopReleases, Phrases.StopHalt);

    /// <summary>What a transaction's operation does.</summary>
    public static Phrase Of(Operation operation) => operation switch
    {
        Transfer => Phrases.OperationTransfer,
        RequireTag => Phrases.OperationRequireTag,
        RegisterAccount => Phrases.OperationRegisterAccount,
        Propose => Phrases.OperationPropose,
        ApproveProposal => Phrases.OperationApproveProposal,
        CancelProposal => Phrases.OperationCancelProposal,
        LockForBridge => Phrases.OperationLockForBridge,
        CancelBridgeLock => Phrases.OperationCancelBridgeLock,
        RetryBridgeRelease => Phrases.OperationRetryBridgeRelease,
        AttestBridge => Phrases.OperationAttestBridge,
        ObserveBridge => Phrases.OperationObserveBridge,
        _ => Phrases.OperationUnknown,
    };

    /// <summary>What a proposal's operation does.</summary>
    public static Phrase Of(PrivilegedKind kind) => kind switch
    {
        PrivilegedKind.CreateAsset => Phrases.OperationCreateAsset,
        PrivilegedKind.IssueUnits => Phrases.OperationIssueUnits,
        PrivilegedKind.BurnUnits => Phrases.OperationBurnUnits,
        PrivilegedKind.AttachDocument => Phrases.OperationAttachDocument,
        PrivilegedKind.SetAssetCap => Phrases.OperationSetAssetCap,
        PrivilegedKind.PauseAsset => Phrases.OperationPauseAsset,
        PrivilegedKind.ResumeAsset => Phrases.OperationResumeAsset,
        PrivilegedKind.FreezeAccount => Phrases.OperationFreezeAccount,
        PrivilegedKind.UnfreezeAccount => Phrases.OperationUnfreezeAccount,
        PrivilegedKind.GrantOfficer => Phrases.OperationGrantOfficer,
        PrivilegedKind.RevokeOfficer => Phrases.OperationRevokeOfficer,
        PrivilegedKind.OpenBridgeLane => Phrases.OperationOpenBridgeLane,
        PrivilegedKind.MapBridgeToken => Phrases.OperationMapBridgeToken,
        PrivilegedKind.PauseBridge => Phrases.OperationPauseBridge,
        PrivilegedKind.ResumeBridge => Phrases.OperationResumeBridge,
        PrivilegedKind.RotateBridgeSigners => Phrases.OperationRotateBridgeSigners,
        PrivilegedKind.RedirectBridgeRelease => Phrases.OperationRedirectBridgeRelease,
        _ => Phrases.OperationUnknown,
    };

    private static string List(uint bits, SiteLanguage language, params ReadOnlySpan<Phrase> keys)
    {
        Texts texts = Texts.Of(language);
        var set = new List<string>();
        for (int i = 0; i < keys.Length; i++)
        {
            if ((bits & (1u << i)) != 0)
            {
                set.Add(texts[keys[i]]);
            }
        }

        return string.Join(texts[Phrases.ListSeparator], set);
    }
}
