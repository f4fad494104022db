// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Blocks, transactions, events, accounts; what operations do, a sentence each.</content>
internal static partial class Phrases
{
    // Blocks.
    public static readonly Phrase BlocksLead = new(
        "Newest first. A block is made about every second, and at once when somebody sends a "
            + "transaction.",
        "تازہ ترین پہلے۔ تقریباً ہر سیکنڈ ایک بلاک بنتا ہے، اور کوئی لین دین آئے تو فوراً۔");
    public static readonly Phrase BlockTitle = new("Block {height}", "بلاک {height}");
    public static readonly Phrase BlockLead = new(
        "Block {height} became final on {time}. Transactions in it: {transactions}; events that they "
            + "caused: {events}.",
        "بلاک {height} {time} کو حتمی ہوا۔ اس میں {transactions} لین دین ہیں جن سے {events} واقعات "
            + "ہوئے۔");
    public static readonly Phrase BlockGenesis = new(
        "This is the beginning: institutions, officers, rules and the first assets, as every "
            + "validator's copy has them.",
        "یہ ابتدا ہے: ادارے، افسران، قواعد اور پہلے اثاثے، جیسے ہر توثیق کنندہ کی نقل میں ہیں۔");
    public static readonly Phrase BlockSigned = new(
        "{count} {count:validator|validators} signed it.",
        "اس پر {count} {count:توثیق کنندہ|توثیق کنندگان} نے دستخط کیے۔");
    public static readonly Phrase BlockCovered = new(
        "It is covered by the signatures of a later block, whose chain of hashes it is part of.",
        "اس کی تصدیق بعد کے ایک بلاک کے دستخطوں سے ہوتی ہے، جس کی ہیش کی زنجیر میں یہ شامل ہے۔");
    public static readonly Phrase PreviousBlock = new("Block before", "پچھلا بلاک");
    public static readonly Phrase NextBlock = new("Block after", "اگلا بلاک");
    public static readonly Phrase Proposer = new("Proposed by validator", "تجویز کنندہ توثیق کنندہ");
    public static readonly Phrase ConsensusView = new("View", "باری");
    public static readonly Phrase Epoch = new("Epoch of the validators", "توثیق کنندگان کا دور");
    public static readonly Phrase StateRoot = new("State root", "حالت کی جڑ");
    public static readonly Phrase TransactionsRoot = new("Transactions root", "لین دین کی جڑ");
    public static readonly Phrase ReceiptsRoot = new("Receipts root", "رسیدوں کی جڑ");
    public static readonly Phrase EventsRoot = new("Events root", "واقعات کی جڑ");
    public static readonly Phrase HistoryRoot = new("History root", "تاریخ کی جڑ");
    public static readonly Phrase ValidatorSet = new("Validator set", "توثیق کنندگان کا مجموعہ");

    // Transactions.
    public static readonly Phrase TransactionsLead = new(
        "Newest first: what was asked of the ledger, and what became of it.",
        "تازہ ترین پہلے: لیجر سے کیا مانگا گیا اور اس کا کیا بنا۔");
    public static readonly Phrase TransactionTitle = new("Transaction {id}", "لین دین {id}");
    public static readonly Phrase TransactionLead = new(
        "{sender} signed this transaction; it became final in block {height} on {time}.",
        "اس لین دین پر {sender} نے دستخط کیے؛ یہ {time} کو بلاک {height} میں حتمی ہوا۔");
    public static readonly Phrase TransactionFailed = new(
        "It failed: {code}. Nothing changed but the sender's count of transactions.",
        "یہ ناکام ہوا: {code}۔ بھیجنے والے کی لین دین کی گنتی کے سوا کچھ نہیں بدلا۔");
    public static readonly Phrase TransactionFailedAt = new(
        "Its operation number {number} failed: {code}. Nothing changed but the sender's count of "
            + "transactions.",
        "اس کی کارروائی نمبر {number} ناکام ہوئی: {code}۔ بھیجنے والے کی لین دین کی گنتی کے سوا کچھ "
            + "نہیں بدلا۔");
    public static readonly Phrase Sender = new("Sender", "بھیجنے والا");
    public static readonly Phrase Result = new("Result", "نتیجہ");
    public static readonly Phrase ResultDone = new("done", "ہو گیا");
    public static readonly Phrase ResultFailed = new("failed: {code}", "ناکام: {code}");
    public static readonly Phrase Operations = new("What it asks for", "اس میں کیا مانگا گیا");
    public static readonly Phrase Effects = new("What happened", "کیا ہوا");
    public static readonly Phrase What = new("What", "کیا");
    public static readonly Phrase Memo = new("Memo", "تحریر");
    public static readonly Phrase Lane = new("Lane", "قطار");
    public static readonly Phrase Nonce = new("Number in its lane", "قطار میں نمبر");
    public static readonly Phrase ValidUntil = new("Valid until", "کب تک قابلِ عمل");
    public static readonly Phrase Request = new("Sender's own number", "بھیجنے والے کا اپنا نمبر");
    public static readonly Phrase TransactionId = new("Id", "شناخت");
    public static readonly Phrase PlaceInBlock = new("Place in the block", "بلاک میں جگہ");
    public static readonly Phrase Unreadable = new(
        "This site cannot read its content.",
        "یہ سائٹ اس کا مواد نہیں پڑھ سکی۔");

    // Events.
    public static readonly Phrase EventsLead = new(
        "Newest first: every change of the ledger, a sentence each.",
        "تازہ ترین پہلے: لیجر کی ہر تبدیلی، ایک ایک جملے میں۔");
    public static readonly Phrase EventTitle = new("Event {place}", "واقعہ {place}");
    public static readonly Phrase EventCause = new("Cause", "سبب");
    public static readonly Phrase EventHousekeeping = new(
        "the block itself, when a time had come",
        "خود بلاک، مقررہ وقت آنے پر");

    // Accounts.
    public static readonly Phrase AccountTitle = new("Account {address}", "اکاؤنٹ {address}");
    public static readonly Phrase AccountLead = new(
        "This is a {kind}. It was entered in the register on {time} by {registrar}.",
        "یہ {kind} ہے۔ اسے {registrar} نے {time} کو رجسٹر میں درج کیا۔");
    public static readonly Phrase AccountLeadGenesis = new(
        "This is a {kind}. It has been in the register from the beginning.",
        "یہ {kind} ہے۔ یہ ابتدا سے رجسٹر میں ہے۔");
    public static readonly Phrase AccountOf = new(
        "It belongs to {institution}.",
        "یہ {institution} کا ہے۔");
    public static readonly Phrase AccountOfficer = new(
        "This is the key of an officer: {name} of {institution}. What the officer may do: {duties}.",
        "یہ ایک افسر کی کلید ہے: {institution} کے {name}۔ افسر کا اختیار: {duties}۔");
    public static readonly Phrase AccountIsFrozen = new(
        "It is frozen since block {height}: {mode}. Legal reference: {reference}",
        "یہ بلاک {height} سے منجمد ہے: {mode}۔ قانونی حوالہ: {reference}");
    public static readonly Phrase AccountNoName = new(
        "Whose it is, the ledger does not know.",
        "یہ کس کا ہے، لیجر کو معلوم نہیں۔");
    public static readonly Phrase Balances = new("Balances", "بیلنس");
    public static readonly Phrase BalancesMore = new(
        "Only the first {count} assets are shown; the JSON has as many.",
        "صرف پہلے {count} اثاثے دکھائے گئے ہیں؛ JSON میں بھی اتنے ہی ہیں۔");
    public static readonly Phrase History = new("Movements", "منتقلیاں");
    public static readonly Phrase MoveIssued = new("issued here", "یہاں جاری ہوئے");
    public static readonly Phrase MoveBurned = new("cancelled here", "یہاں منسوخ ہوئے");
    public static readonly Phrase MoveSent = new("sent to {account}", "{account} کو بھیجے");
    public static readonly Phrase MoveReceived = new("received from {account}", "{account} سے ملے");
    public static readonly Phrase BalanceAfter = new("Balance after", "بعد کا بیلنس");
    public static readonly Phrase Address = new("Address", "پتا");
    public static readonly Phrase FreezeOrder = new("Freezing order", "انجماد کا حکم");

    // What operations ask for.
    public static readonly Phrase DoTransfer = new(
        "Send {amount} of {asset} to {account}.",
        "{asset} کے {amount} یونٹ {account} کو بھیجنا۔");
    public static readonly Phrase DoRegister = new(
        "Enter {account} in the register: {kind}.",
        "{account} کو رجسٹر میں درج کرنا: {kind}۔");
    public static readonly Phrase DoPropose = new(
        "Open a proposal: {list} Reason: {reason}",
        "تجویز پیش کرنا: {list} وجہ: {reason}");
    public static readonly Phrase DoApprove = new(
        "Approve proposal {proposal}.",
        "تجویز {proposal} کی منظوری دینا۔");
    public static readonly Phrase DoWithdraw = new(
        "Withdraw proposal {proposal}. Reason: {reason}",
        "تجویز {proposal} واپس لینا۔ وجہ: {reason}");
    public static readonly Phrase DoLock = new(
        "Send {amount} of {asset} to {recipient} on chain {chain}.",
        "{asset} کے {amount} یونٹ چین {chain} پر {recipient} کو بھیجنا۔");
    public static readonly Phrase DoCreate = new(
        "Create {asset}, “{name}” ({class}), at most {cap}.",
        "{asset} “{name}” ({class}) قائم کرنا، زیادہ سے زیادہ {cap}۔");
    public static readonly Phrase DoIssue = new(
        "Issue {amount} of {asset} to {account}.",
        "{asset} کے {amount} یونٹ {account} کو جاری کرنا۔");
    public static readonly Phrase DoBurn = new(
        "Cancel {amount} of {asset} held by {account}. Reason: {reason}",
        "{account} کے پاس موجود {asset} کے {amount} یونٹ منسوخ کرنا۔ وجہ: {reason}");
    public static readonly Phrase DoAttach = new(
        "Attach the document “{title}” to {asset}, SHA-256 {hash}.",
        "{asset} کے ساتھ دستاویز “{title}” منسلک کرنا، SHA-256 {hash}۔");
    public static readonly Phrase DoCap = new(
        "Let at most {cap} of {asset} exist.",
        "{asset} کی حد {cap} یونٹ مقرر کرنا۔");
    public static readonly Phrase DoPause = new(
        "Pause {asset}. Reason: {reason}",
        "{asset} کو روکنا۔ وجہ: {reason}");
    public static readonly Phrase DoResume = new(
        "Resume {asset}. Reason: {reason}",
        "{asset} کو بحال کرنا۔ وجہ: {reason}");
    public static readonly Phrase DoFreeze = new(
        "Freeze {account}: {mode}. Legal reference: {reference}",
        "{account} کو منجمد کرنا: {mode}۔ قانونی حوالہ: {reference}");
    public static readonly Phrase DoUnfreeze = new(
        "Unfreeze {account}. Legal reference: {reference}",
        "{account} کو بحال کرنا۔ قانونی حوالہ: {reference}");
    public static readonly Phrase DoGrant = new(
        "Appoint {officer} at {institution} as “{name}”: {duties}.",
        "{institution} میں {officer} کو “{name}” مقرر کرنا: {duties}۔");
    public static readonly Phrase DoRevoke = new(
        "Dismiss {officer}. Reason: {reason}",
        "{officer} کو ہٹانا۔ وجہ: {reason}");
    public static readonly Phrase DoOpenLane = new(
        "Open a bridge to chain {chain} with {count} {count:signer|signers}.",
        "چین {chain} کے لیے {count} {count:دستخط کنندہ|دستخط کنندگان} کے ساتھ پُل کھولنا۔");
    public static readonly Phrase DoMap = new(
        "Join {asset} to the token {token} on chain {chain}.",
        "{asset} کو چین {chain} کے ٹوکن {token} سے جوڑنا۔");
    public static readonly Phrase DoPauseBridge = new(
        "Stop at the bridge to chain {chain}: {stops}. Reason: {reason}",
        "چین {chain} کے پُل پر روکنا: {stops}۔ وجہ: {reason}");
    public static readonly Phrase DoResumeBridge = new(
        "Let go on at the bridge to chain {chain}: {stops}. Reason: {reason}",
        "چین {chain} کے پُل پر بحال کرنا: {stops}۔ وجہ: {reason}");
    public static readonly Phrase DoRotate = new(
        "Give the bridge to chain {chain} {count} signers in place of the present ones.",
        "چین {chain} کے پُل کے موجودہ دستخط کنندگان کی جگہ {count} نئے مقرر کرنا۔");
    public static readonly Phrase DoRedirect = new(
        "Send return {number} from chain {chain} to {account} instead. Reason: {reason}",
        "چین {chain} سے واپسی {number} اس کے بجائے {account} کو بھیجنا۔ وجہ: {reason}");
}
