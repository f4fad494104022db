// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Language;

/// <summary>Texts of the ledger's kinds and states. A value that this program does not know is "unknown".</summary>
internal static class Names
{
    /// <summary>A class of assets, in the plural.</summary>
    public static TextKey Of(AssetClass assetClass) => assetClass switch
    {
        AssetClass.Bond => TextKey.ClassBond,
        AssetClass.Sukuk => TextKey.ClassSukuk,
        AssetClass.TreasuryBill => TextKey.ClassTreasuryBill,
        AssetClass.RealEstate => TextKey.ClassRealEstate,
        AssetClass.EnterpriseShare => TextKey.ClassEnterpriseShare,
        AssetClass.CommodityReserve => TextKey.ClassCommodityReserve,
        AssetClass.BitcoinReserve => TextKey.ClassBitcoinReserve,
        AssetClass.EnergyRevenue => TextKey.ClassEnergyRevenue,
        AssetClass.MiningRevenue => TextKey.ClassMiningRevenue,
        AssetClass.CarbonCertificate => TextKey.ClassCarbonCertificate,
        AssetClass.EnergyCertificate => TextKey.ClassEnergyCertificate,
        _ => TextKey.ClassUnknown,
    };

    /// <summary>A kind of account.</summary>
    public static TextKey Of(AccountKind kind) => kind switch
    {
        AccountKind.Citizen => TextKey.AccountCitizen,
        AccountKind.Institution => TextKey.AccountInstitution,
        AccountKind.Exchange => TextKey.AccountExchange,
        AccountKind.BridgeEscrow => TextKey.AccountBridgeEscrow,
        AccountKind.BridgeSigner => TextKey.AccountBridgeSigner,
        _ => TextKey.AccountUnknown,
    };

    /// <summary>What a freeze forbids.</summary>
    public static TextKey Of(FreezeMode mode) => mode switch
    {
        FreezeMode.Send => TextKey.FreezeSend,
        FreezeMode.SendAndReceive => TextKey.FreezeSendAndReceive,
        _ => TextKey.FreezeNone,
    };

    /// <summary>A kind of institution.</summary>
    public static TextKey Of(InstitutionKind kind) => kind switch
    {
        InstitutionKind.Ministry => TextKey.InstitutionMinistry,
        InstitutionKind.Treasury => TextKey.InstitutionTreasury,
        InstitutionKind.CentralBank => TextKey.InstitutionCentralBank,
        InstitutionKind.Regulator => TextKey.InstitutionRegulator,
        InstitutionKind.Auditor => TextKey.InstitutionAuditor,
        InstitutionKind.Exchange => TextKey.InstitutionExchange,
        InstitutionKind.Custodian => TextKey.InstitutionCustodian,
        _ => TextKey.InstitutionUnknown,
    };

    /// <summary>How far a proposal is.</summary>
    public static TextKey Of(ProposalStatus status) => status switch
    {
        ProposalStatus.Open => TextKey.ProposalOpen,
        ProposalStatus.Scheduled => TextKey.ProposalScheduled,
        ProposalStatus.Executed => TextKey.ProposalExecuted,
        ProposalStatus.Cancelled => TextKey.ProposalCancelled,
        ProposalStatus.Failed => TextKey.ProposalFailed,
        ProposalStatus.Expired => TextKey.ProposalExpired,
        _ => TextKey.ProposalUnknown,
    };

    /// <summary>How far a consignment to another chain is.</summary>
    public static TextKey Of(BridgeLockStatus status) => status switch
    {
        BridgeLockStatus.Waiting => TextKey.LockWaiting,
        BridgeLockStatus.Signing => TextKey.LockSigning,
        BridgeLockStatus.Cancelling => TextKey.LockCancelling,
        BridgeLockStatus.Minted => TextKey.LockMinted,
        BridgeLockStatus.Refunded => TextKey.LockRefunded,
        _ => TextKey.LockUnknown,
    };

    /// <summary>What a message to another chain is about.</summary>
    public static TextKey Of(BridgeMessageKind kind) => kind switch
    {
        BridgeMessageKind.Mint => TextKey.MessageMint,
        BridgeMessageKind.Void => TextKey.MessageVoid,
        BridgeMessageKind.Rotation => TextKey.MessageRotation,
        _ => TextKey.MessageUnknown,
    };

    /// <summary>An officer's duties, 1 maker, 2 checker, 4 registrar, as a list.</summary>
    public static string Duties(uint duties, SiteLanguage language)
    {
        string list = List(
            duties, language, TextKey.DutyMaker, TextKey.DutyChecker, TextKey.DutyRegistrar);
        return list.Length == 0 ? Texts.Of(language)[TextKey.DutyNone] : list;
    }

    /// <summary>What of a bridge stands still, 1 locks, 2 releases, 4 a halt, as a list; empty for none.</summary>
    public static string Stops(uint stops, SiteLanguage language) =>
        List(stops, language, TextKey.StopLocks, TextKey.StopReleases, TextKey.StopHalt);

    /// <summary>What a transaction's operation does.</summary>
    public static TextKey Of(Operation.KindOneofCase kind) => kind switch
    {
        Operation.KindOneofCase.Transfer => TextKey.OperationTransfer,
        Operation.KindOneofCase.RegisterAccount => TextKey.OperationRegisterAccount,
        Operation.KindOneofCase.Propose => TextKey.OperationPropose,
        Operation.KindOneofCase.ApproveProposal => TextKey.OperationApproveProposal,
        Operation.KindOneofCase.CancelProposal => TextKey.OperationCancelProposal,
        Operation.KindOneofCase.LockForBridge => TextKey.OperationLockForBridge,
        Operation.KindOneofCase.CancelBridgeLock => TextKey.OperationCancelBridgeLock,
        Operation.KindOneofCase.RetryBridgeRelease => TextKey.OperationRetryBridgeRelease,
        Operation.KindOneofCase.AttestBridge => TextKey.OperationAttestBridge,
        Operation.KindOneofCase.ObserveBridge => TextKey.OperationObserveBridge,
        _ => TextKey.OperationUnknown,
    };

    /// <summary>What a proposal's operation does.</summary>
    public static TextKey Of(PrivilegedOperation.KindOneofCase kind) => kind switch
    {
        PrivilegedOperation.KindOneofCase.CreateAsset => TextKey.OperationCreateAsset,
        PrivilegedOperation.KindOneofCase.IssueUnits => TextKey.OperationIssueUnits,
        PrivilegedOperation.KindOneofCase.BurnUnits => TextKey.OperationBurnUnits,
        PrivilegedOperation.KindOneofCase.AttachDocument => TextKey.OperationAttachDocument,
        PrivilegedOperation.KindOneofCase.SetAssetCap => TextKey.OperationSetAssetCap,
        PrivilegedOperation.KindOneofCase.PauseAsset => TextKey.OperationPauseAsset,
        PrivilegedOperation.KindOneofCase.ResumeAsset => TextKey.OperationResumeAsset,
        PrivilegedOperation.KindOneofCase.FreezeAccount => TextKey.OperationFreezeAccount,
        PrivilegedOperation.KindOneofCase.UnfreezeAccount => TextKey.OperationUnfreezeAccount,
        PrivilegedOperation.KindOneofCase.GrantOfficer => TextKey.OperationGrantOfficer,
        PrivilegedOperation.KindOneofCase.RevokeOfficer => TextKey.OperationRevokeOfficer,
        PrivilegedOperation.KindOneofCase.OpenBridgeLane => TextKey.OperationOpenBridgeLane,
        PrivilegedOperation.KindOneofCase.MapBridgeToken => TextKey.OperationMapBridgeToken,
        PrivilegedOperation.KindOneofCase.PauseBridge => TextKey.OperationPauseBridge,
        PrivilegedOperation.KindOneofCase.ResumeBridge => TextKey.OperationResumeBridge,
        PrivilegedOperation.KindOneofCase.RotateBridgeSigners => TextKey.OperationRotateBridgeSigners,
        PrivilegedOperation.KindOneofCase.RedirectBridgeRelease => TextKey.OperationRedirectBridgeRelease,
        _ => TextKey.OperationUnknown,
    };

    private static string List(uint bits, SiteLanguage language, params ReadOnlySpan<TextKey> keys)
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

        return string.Join(texts[TextKey.ListSeparator], set);
    }
}
