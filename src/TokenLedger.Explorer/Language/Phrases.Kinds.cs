// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Names of the ledger's kinds, states and operations.</content>
internal static partial class Phrases
{
    // Asset classes.
    public static readonly Phrase ClassUnknown = new("Other assets", "دیگر اثاثے");
    public static readonly Phrase ClassBond = new("Government bonds", "سرکاری بانڈز");
    public static readonly Phrase ClassSukuk = new("Sukuk", "سکوک");
    public static readonly Phrase ClassTreasuryBill = new("Treasury bills", "ٹریژری بلز");
    public static readonly Phrase ClassRealEstate = new("State real estate", "سرکاری جائیداد");
    public static readonly Phrase ClassEnterpriseShare = new(
        "Shares of state enterprises",
        "سرکاری کمپنیوں کے حصص");
    public static readonly Phrase ClassCommodityReserve = new("Commodity reserves", "اجناس کے ذخائر");
    public static readonly Phrase ClassBitcoinReserve = new("Bitcoin reserve", "بٹ کوائن کا ذخیرہ");
    public static readonly Phrase ClassEnergyRevenue = new(
        "Shares of energy revenue",
        "توانائی کی آمدنی میں حصے");
    public static readonly Phrase ClassMiningRevenue = new(
        "Shares of mining revenue",
        "کان کنی کی آمدنی میں حصے");
    public static readonly Phrase ClassCarbonCertificate = new("Carbon certificates", "کاربن سرٹیفکیٹ");
    public static readonly Phrase ClassEnergyCertificate = new(
        "Energy certificates",
        "توانائی کے سرٹیفکیٹ");

    // Kinds and states.
    public static readonly Phrase AccountUnknown = new("unknown kind", "نامعلوم قسم");
    public static readonly Phrase AccountCitizen = new("citizen's account", "شہری کا اکاؤنٹ");
    public static readonly Phrase AccountInstitution = new("institution's account", "ادارے کا اکاؤنٹ");
    public static readonly Phrase AccountExchange = new("exchange's account", "ایکسچینج کا اکاؤنٹ");
    public static readonly Phrase AccountBridgeEscrow = new(
        "units locked for another chain",
        "دوسری چین کے لیے محفوظ یونٹ");
    public static readonly Phrase AccountBridgeSigner = new("signer of the bridge", "پُل کا دستخط کنندہ");
    public static readonly Phrase FreezeNone = new("not frozen", "غیر منجمد");
    public static readonly Phrase FreezeSend = new("it cannot send", "بھیج نہیں سکتا");
    public static readonly Phrase FreezeSendAndReceive = new(
        "it can neither send nor receive",
        "نہ بھیج سکتا ہے نہ وصول کر سکتا ہے");
    public static readonly Phrase InstitutionUnknown = new("Institution", "ادارہ");
    public static readonly Phrase InstitutionMinistry = new("Ministry", "وزارت");
    public static readonly Phrase InstitutionTreasury = new("Treasury", "خزانہ");
    public static readonly Phrase InstitutionCentralBank = new("Central bank", "مرکزی بینک");
    public static readonly Phrase InstitutionRegulator = new("Regulator", "نگران ادارہ");
    public static readonly Phrase InstitutionAuditor = new("Auditor", "آڈیٹر");
    public static readonly Phrase InstitutionExchange = new("Exchange", "ایکسچینج");
    public static readonly Phrase InstitutionCustodian = new("Custodian", "امین ادارہ");
    public static readonly Phrase ProposalUnknown = new("unknown", "نامعلوم");
    public static readonly Phrase ProposalOpen = new("open", "زیرِ غور");
    public static readonly Phrase ProposalScheduled = new("scheduled", "وقت مقرر ہے");
    public static readonly Phrase ProposalExecuted = new("carried out", "عمل ہو چکا");
    public static readonly Phrase ProposalCancelled = new("withdrawn", "واپس لی گئی");
    public static readonly Phrase ProposalFailed = new("failed", "ناکام");
    public static readonly Phrase ProposalExpired = new("expired", "مدت ختم");
    public static readonly Phrase DutyNone = new("none", "کوئی نہیں");
    public static readonly Phrase DutyMaker = new("proposes", "تجویز پیش کرنا");
    public static readonly Phrase DutyChecker = new("approves", "منظوری دینا");
    public static readonly Phrase DutyRegistrar = new("registers accounts", "اکاؤنٹ درج کرنا");
    public static readonly Phrase LockUnknown = new("unknown", "نامعلوم");
    public static readonly Phrase LockWaiting = new("waiting", "منتظر");
    public static readonly Phrase LockSigning = new("being signed", "دستخط ہو رہے ہیں");
    public static readonly Phrase LockCancelling = new("being cancelled", "منسوخ ہو رہا ہے");
    public static readonly Phrase LockMinted = new("arrived there", "وہاں پہنچ گیا");
    public static readonly Phrase LockRefunded = new("given back", "واپس کر دیا گیا");
    public static readonly Phrase MessageUnknown = new("unknown", "نامعلوم");
    public static readonly Phrase MessageMint = new("units to go there", "یونٹ وہاں بھیجنا");
    public static readonly Phrase MessageVoid = new("a cancellation", "منسوخی");
    public static readonly Phrase MessageRotation = new("a change of signers", "دستخط کنندگان کی تبدیلی");
    public static readonly Phrase StopLocks = new("sending", "بھیجنا");
    public static readonly Phrase StopReleases = new("returning", "واپسی");
    public static readonly Phrase StopHalt = new(
        "everything, as the two sides differ",
        "سب کچھ، کیونکہ دونوں طرف فرق ہے");
    public static readonly Phrase ListSeparator = new(", ", "، ");

    // Operations.
    public static readonly Phrase OperationUnknown = new("Unknown operation", "نامعلوم کارروائی");
    public static readonly Phrase OperationTransfer = new("Transfer", "منتقلی");
    public static readonly Phrase OperationRegisterAccount = new(
        "Register an account",
        "اکاؤنٹ کا اندراج");
    public static readonly Phrase OperationPropose = new("Open a proposal", "تجویز پیش کرنا");
    public static readonly Phrase OperationApproveProposal = new("Approve a proposal", "تجویز کی منظوری");
    public static readonly Phrase OperationCancelProposal = new("Withdraw a proposal", "تجویز واپس لینا");
    public static readonly Phrase OperationLockForBridge = new(
        "Send to another chain",
        "دوسری چین پر بھیجنا");
    public static readonly Phrase OperationCancelBridgeLock = new(
        "Take back from another chain",
        "دوسری چین سے واپس لینا");
    public static readonly Phrase OperationRetryBridgeRelease = new(
        "Retry a return",
        "واپسی کی دوبارہ کوشش");
    public static readonly Phrase OperationAttestBridge = new("Sign for the bridge", "پُل کے لیے دستخط");
    public static readonly Phrase OperationObserveBridge = new(
        "Report from another chain",
        "دوسری چین کی اطلاع");
    public static readonly Phrase OperationCreateAsset = new("Create an asset", "اثاثہ قائم کرنا");
    public static readonly Phrase OperationIssueUnits = new("Issue units", "یونٹ جاری کرنا");
    public static readonly Phrase OperationBurnUnits = new("Cancel units", "یونٹ منسوخ کرنا");
    public static readonly Phrase OperationAttachDocument = new(
        "Attach a document",
        "دستاویز منسلک کرنا");
    public static readonly Phrase OperationSetAssetCap = new(
        "Change an asset's limit",
        "اثاثے کی حد بدلنا");
    public static readonly Phrase OperationPauseAsset = new("Pause an asset", "اثاثہ روکنا");
    public static readonly Phrase OperationResumeAsset = new("Resume an asset", "اثاثہ بحال کرنا");
    public static readonly Phrase OperationFreezeAccount = new("Freeze an account", "اکاؤنٹ منجمد کرنا");
    public static readonly Phrase OperationUnfreezeAccount = new(
        "Unfreeze an account",
        "اکاؤنٹ بحال کرنا");
    public static readonly Phrase OperationGrantOfficer = new("Appoint an officer", "افسر مقرر کرنا");
    public static readonly Phrase OperationRevokeOfficer = new("Dismiss an officer", "افسر ہٹانا");
    public static readonly Phrase OperationOpenBridgeLane = new("Open a bridge", "پُل کھولنا");
    public static readonly Phrase OperationMapBridgeToken = new(
        "Join a token abroad",
        "بیرونی ٹوکن جوڑنا");
    public static readonly Phrase OperationPauseBridge = new("Pause the bridge", "پُل روکنا");
    public static readonly Phrase OperationResumeBridge = new("Resume the bridge", "پُل بحال کرنا");
    public static readonly Phrase OperationRotateBridgeSigners = new(
        "Change the bridge's signers",
        "پُل کے دستخط کنندگان بدلنا");
    public static readonly Phrase OperationRedirectBridgeRelease = new(
        "Redirect a return",
        "واپسی کا رخ بدلنا");
}
