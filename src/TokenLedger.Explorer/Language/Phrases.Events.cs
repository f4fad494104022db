// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>What happened, a sentence each, and charts.</content>
internal static partial class Phrases
{
    // Events, a sentence each.
    public static readonly Phrase EventUnknown = new(
        "Something happened that this explorer does not know.",
        "ایسا واقعہ جسے یہ سائٹ نہیں پہچانتی۔");
    public static readonly Phrase EventUnitsIssued = new(
        "{issuer} issued {amount} of {asset} to {account}.",
        "{issuer} نے {asset} کے {amount} یونٹ {account} کو جاری کیے۔");
    public static readonly Phrase EventUnitsBurned = new(
        "{issuer} cancelled {amount} of {asset} held by {account}.",
        "{issuer} نے {account} کے پاس موجود {asset} کے {amount} یونٹ منسوخ کیے۔");
    public static readonly Phrase EventTransferred = new(
        "{from} sent {amount} of {asset} to {account}.",
        "{from} نے {asset} کے {amount} یونٹ {account} کو بھیجے۔");
    public static readonly Phrase EventAccountRegistered = new(
        "{registrar} entered {account} in the register: {kind}.",
        "{registrar} نے {account} کو رجسٹر میں درج کیا: {kind}۔");
    public static readonly Phrase EventAccountFrozen = new(
        "{account} was frozen: {mode}. Legal reference: {reference}",
        "{account} منجمد کیا گیا: {mode}۔ قانونی حوالہ: {reference}");
    public static readonly Phrase EventAccountUnfrozen = new(
        "{account} was unfrozen. Legal reference: {reference}",
        "{account} بحال کیا گیا۔ قانونی حوالہ: {reference}");
    public static readonly Phrase EventAssetCreated = new(
        "{issuer} created {asset} ({class}), at most {cap}.",
        "{issuer} نے {asset} ({class}) قائم کیا، زیادہ سے زیادہ {cap} یونٹ۔");
    public static readonly Phrase EventDocumentAttached = new(
        "A document was attached to {asset}, SHA-256 {hash}.",
        "{asset} کے ساتھ ایک دستاویز منسلک کی گئی، SHA-256 {hash}۔");
    public static readonly Phrase EventAssetCapSet = new(
        "At most {cap} of {asset} may exist from now on.",
        "اب {asset} کے زیادہ سے زیادہ {cap} یونٹ ہو سکتے ہیں۔");
    public static readonly Phrase EventAssetPaused = new(
        "{asset} was paused. Reason: {reason}",
        "{asset} کو روک دیا گیا۔ وجہ: {reason}");
    public static readonly Phrase EventAssetResumed = new(
        "{asset} was resumed. Reason: {reason}",
        "{asset} کو بحال کیا گیا۔ وجہ: {reason}");
    public static readonly Phrase EventOfficerGranted = new(
        "{institution} appointed {officer}: {duties}.",
        "{institution} نے {officer} کو مقرر کیا: {duties}۔");
    public static readonly Phrase EventOfficerRevoked = new(
        "{officer} no longer acts for {institution}.",
        "{officer} اب {institution} کی طرف سے کام نہیں کرتے۔");
    public static readonly Phrase EventProposalOpened = new(
        "{officer} opened proposal {proposal}.",
        "{officer} نے تجویز {proposal} پیش کی۔");
    public static readonly Phrase EventProposalApproved = new(
        "{officer} approved proposal {proposal}.",
        "{officer} نے تجویز {proposal} منظور کی۔");
    public static readonly Phrase EventProposalScheduled = new(
        "Proposal {proposal} will be carried out on {time}.",
        "تجویز {proposal} پر عمل کا وقت: {time}۔");
    public static readonly Phrase EventProposalExecuted = new(
        "Proposal {proposal} was carried out.",
        "تجویز {proposal} پر عمل ہو گیا۔");
    public static readonly Phrase EventProposalCancelled = new(
        "{officer} withdrew proposal {proposal}. Reason: {reason}",
        "{officer} نے تجویز {proposal} واپس لے لی۔ وجہ: {reason}");
    public static readonly Phrase EventProposalFailed = new(
        "Proposal {proposal} failed: {code}.",
        "تجویز {proposal} ناکام ہوئی: {code}۔");
    public static readonly Phrase EventBridgeSignersSet = new(
        "{count} signers now act for the bridge to chain {chain} (set {epoch}).",
        "چین {chain} کے پُل کے لیے اب {count} دستخط کنندہ ہیں (مجموعہ {epoch})۔");
    public static readonly Phrase EventBridgeTokenMapped = new(
        "{asset} has the token {token} on chain {chain}.",
        "چین {chain} پر {asset} کا ٹوکن {token} ہے۔");
    public static readonly Phrase EventBridgeLocked = new(
        "{from} sent {amount} of {asset} to {recipient} on chain {chain}.",
        "{from} نے {asset} کے {amount} یونٹ چین {chain} پر {recipient} کو بھیجے۔");
    public static readonly Phrase EventBridgeMessageOpened = new(
        "Message {message} to chain {chain} awaits signatures: {kind}.",
        "چین {chain} کے لیے پیغام {message} دستخطوں کا منتظر ہے: {kind}۔");
    public static readonly Phrase EventBridgeLockClosed = new(
        "Consignment {number} to chain {chain}: {status}.",
        "چین {chain} کے لیے ترسیل {number}: {status}۔");
    public static readonly Phrase EventBridgeReleased = new(
        "{amount} of {asset} came back from chain {chain} to {account}.",
        "چین {chain} سے {asset} کے {amount} یونٹ {account} کو واپس ملے۔");
    public static readonly Phrase EventBridgeSuspended = new(
        "Return {number} from chain {chain} is held back: {code}.",
        "چین {chain} سے واپسی {number} روک لی گئی ہے: {code}۔");
    public static readonly Phrase EventBridgeStopsSet = new(
        "The bridge to chain {chain} is stopped: {stops}. Reason: {reason}",
        "چین {chain} کا پُل بند ہے: {stops}۔ وجہ: {reason}");
    public static readonly Phrase EventBridgeRunning = new(
        "The bridge to chain {chain} runs. Reason: {reason}",
        "چین {chain} کا پُل چل رہا ہے۔ وجہ: {reason}");
    public static readonly Phrase EventBridgeSupplyAgreed = new(
        "{amount} of {asset} are on chain {chain}, as its bridge confirms.",
        "پُل کے مطابق {asset} کے {amount} یونٹ چین {chain} پر ہیں۔");

    // Charts.
    public static readonly Phrase ChartEmpty = new(
        "There is nothing to draw yet.",
        "ابھی دکھانے کو کچھ نہیں ہے۔");
    public static readonly Phrase ChartTime = new("Time", "وقت");
    public static readonly Phrase ChartDay = new("Day (UTC)", "دن (UTC)");
    public static readonly Phrase ChartValue = new("Value", "مالیت");
    public static readonly Phrase ChartIssued = new("Issued", "جاری شدہ");
    public static readonly Phrase ChartOutstanding = new("Outstanding", "زیرِ گردش");
    public static readonly Phrase ChartShare = new("Share", "حصہ");
    public static readonly Phrase ChartKind = new("Kind", "قسم");
    public static readonly Phrase ChartRange = new("Holding", "ملکیت");
    public static readonly Phrase ChartHoldersCount = new("Holders", "حاملین");
    public static readonly Phrase ChartYear = new("Year", "سال");
    public static readonly Phrase ChartMatures = new("Falls due", "واجب الادا");
    public static readonly Phrase ChartSeriesSentence = new(
        "From {from} to {to}. Last value: {last}. Highest: {highest}.",
        "{from} سے {to} تک۔ آخری مقدار: {last}۔ سب سے زیادہ: {highest}۔");
    public static readonly Phrase ChartCompositionSentence = new(
        "{count} parts. The largest is {label} with {share}.",
        "{count} حصے۔ سب سے بڑا {label} ہے، {share}۔");
    public static readonly Phrase ChartHoldersSentence = new(
        "{count} holders in {ranges} ranges.",
        "{ranges} درجوں میں {count} حاملین۔");
    public static readonly Phrase ChartHoldersMerged = new(
        "Ranges with fewer than {count} holders are joined to their neighbours, so that nobody can be "
            + "recognised.",
        "{count} سے کم حاملین والے درجے ساتھ والے درجے میں ملا دیے گئے ہیں تاکہ کوئی پہچانا نہ جا سکے۔");
    public static readonly Phrase ChartFewHolders = new(
        "Fewer than {count} holders: their holdings are not shown, so that nobody can be recognised.",
        "{count} سے کم حاملین: ان کی ملکیت نہیں دکھائی جاتی تاکہ کوئی پہچانا نہ جا سکے۔");
    public static readonly Phrase ChartLadderSentence = new(
        "From {from} to {to}. Most falls due in {year}: {amount}.",
        "{from} سے {to} تک۔ سب سے زیادہ {year} میں واجب الادا ہے: {amount}۔");
    public static readonly Phrase RangeBelow = new("less than {to}", "{to} سے کم");
    public static readonly Phrase RangeBetween = new(
        "{from} to less than {to}",
        "کم از کم {from}، {to} سے کم");
    public static readonly Phrase RangeFrom = new("{from} or more", "{from} یا زیادہ");
    public static readonly Phrase RangeAll = new("any amount", "کوئی بھی مقدار");
}
