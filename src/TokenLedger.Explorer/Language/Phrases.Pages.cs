// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>What pages say of themselves: freshness, forms, problems; and the first page.</content>
internal static partial class Phrases
{
    // How current a page is.
    public static readonly Phrase Unverified = new(
        "The node's newest blocks could not be verified. What you see is older and was verified; do "
            + "not rely on it being current.",
        "نوڈ کے تازہ ترین بلاکس کی تصدیق نہیں ہو سکی۔ جو آپ دیکھ رہے ہیں وہ پرانا مگر تصدیق شدہ ہے؛ "
            + "اسے تازہ نہ سمجھیں۔");
    public static readonly Phrase Behind = new(
        "This site is {count} {count:block|blocks} behind the ledger and is catching up: "
            + "what you see may be out of "
            + "date.",
        "یہ سائٹ لیجر سے {count} بلاک پیچھے ہے اور آگے بڑھ رہی ہے: ممکن ہے یہ معلومات پرانی ہوں۔");
    public static readonly Phrase PinnedPartly = new(
        "This page shows the ledger as it stood at block {height}, but for what is not kept for then and is "
            + "as of block {newest}: {list}.",
        "یہ صفحہ لیجر کو بلاک {height} کی حالت میں دکھاتا ہے، سوائے ان کے جن کی پرانی حالت محفوظ نہیں "
            + "اور جو بلاک {newest} کے مطابق ہیں: {list}۔");
    public static readonly Phrase PinnedLeftOut = new(
        "Left out, as it is not kept for then: {list}.",
        "یہ شامل نہیں کیونکہ ان کی پرانی حالت محفوظ نہیں: {list}۔");
    public static readonly Phrase UnkeptCap = new(
        "how much may exist at most",
        "زیادہ سے زیادہ کتنا ہو سکتا ہے");
    public static readonly Phrase UnkeptPaused = new("whether an asset is paused", "کیا اثاثہ روکا گیا ہے");
    public static readonly Phrase UnkeptDocuments = new(
        "how many documents an asset has",
        "اثاثے کی دستاویزات کی تعداد");
    public static readonly Phrase UnkeptCounts = new(
        "how many transactions, events, accounts and proposals there are",
        "لین دین، واقعات، اکاؤنٹ اور تجاویز کی تعداد");
    public static readonly Phrase UnkeptDay = new("what the day has changed", "اُس دن کی تبدیلیاں");
    public static readonly Phrase UnkeptFrozen = new(
        "who was frozen (there are more orders than a page looks through)",
        "کون منجمد تھا (احکامات اتنے ہیں کہ ایک صفحہ انہیں نہیں دیکھتا)");
    public static readonly Phrase UnkeptFreeze = new("whether the account is frozen", "کیا اکاؤنٹ منجمد ہے");
    public static readonly Phrase UnkeptTagRequired = new(
        "whether it requires a tag",
        "کیا اسے ٹیگ درکار ہے");
    public static readonly Phrase UnkeptOfficer = new(
        "an officer's name and duties",
        "افسر کا نام اور ذمہ داریاں");
    public static readonly Phrase UnkeptSigners = new("a bridge's signers", "پُل کے دستخط کنندگان");
    public static readonly Phrase UnkeptStops = new("what of a bridge is stopped", "پُل پر کیا روکا گیا ہے");
    public static readonly Phrase PinnedNotAtAll = new(
        "You asked for block {height}. No earlier state of this page is kept here: it shows the "
            + "newest, block {newest}.",
        "آپ نے بلاک {height} مانگا ہے۔ اس صفحے کی پرانی حالت یہاں محفوظ نہیں: یہ تازہ ترین حالت ہے، "
            + "بلاک {newest}۔");
    public static readonly Phrase ToNewest = new("Go to the newest state", "تازہ ترین حالت دیکھیں");
    public static readonly Phrase Permalink = new("Permanent link to this state", "اس حالت کا مستقل لنک");
    public static readonly Phrase CsvManifest = new(
        "The file's manifest (SHA-256)",
        "فائل کا تصدیق نامہ (SHA-256)");
    public static readonly Phrase RawJson = new("Raw data (JSON)", "خام معلومات (JSON)");

    // Problems.
    public static readonly Phrase ProblemBadInput = new(
        "That address cannot be read",
        "یہ پتا پڑھا نہیں جا سکا");
    public static readonly Phrase ProblemBadInputSentence = new(
        "“{value}” is not of the form that this page needs: a height is digits, a hash 64 hexadecimal "
            + "digits, an account 0x and 40 digits with their right letter case, an asset its symbol. "
            + "Nothing was looked up. Check for a typing mistake, or use the search.",
        "“{value}” اس شکل میں نہیں جو اس صفحے کو چاہیے: بلاک نمبر ہندسوں میں، ہیش 64 ہندسوں کا، "
            + "اکاؤنٹ 0x اور 40 ہندسوں کا درست بڑے چھوٹے حروف کے ساتھ، اور اثاثہ اپنی علامت سے لکھا "
            + "جاتا ہے۔ کچھ تلاش نہیں کیا گیا۔ لکھنے کی غلطی دیکھ لیں یا تلاش استعمال کریں۔");
    public static readonly Phrase ProblemNotYet = new(
        "There is no such block yet",
        "ابھی ایسا کوئی بلاک نہیں");
    public static readonly Phrase ProblemNotYetSentence = new(
        "You asked for block {asked}; the newest that is verified here is {newest}. Come back later, "
            + "or ask for an earlier block.",
        "آپ نے بلاک {asked} مانگا ہے؛ یہاں تصدیق شدہ تازہ ترین بلاک {newest} ہے۔ بعد میں آئیں یا کوئی "
            + "پہلے کا بلاک مانگیں۔");
    public static readonly Phrase ProblemUnknown = new(
        "The ledger has nothing of this name",
        "لیجر میں اس نام کی کوئی چیز نہیں");
    public static readonly Phrase ProblemUnknownSentence = new(
        "{kind} “{value}” is not on the ledger as far as it is verified here. Check for a typing "
            + "mistake; what is only just sent appears after about a second.",
        "{kind} “{value}” یہاں تصدیق شدہ لیجر میں موجود نہیں۔ لکھنے کی غلطی دیکھ لیں؛ جو ابھی بھیجا "
            + "گیا ہو وہ تقریباً ایک سیکنڈ بعد نظر آتا ہے۔");
    public static readonly Phrase ProblemNoPage = new("There is no such page", "ایسا کوئی صفحہ نہیں");
    public static readonly Phrase ProblemNoPageSentence = new(
        "This site has no page at that address. Use the menu or the search above.",
        "اس پتے پر اس سائٹ کا کوئی صفحہ نہیں۔ اوپر دی گئی فہرست یا تلاش استعمال کریں۔");
    public static readonly Phrase ProblemNoCsv = new(
        "There is no file of this page",
        "اس صفحے کی کوئی فائل نہیں");
    public static readonly Phrase ProblemNoCsvSentence = new(
        "Only lists can be downloaded as CSV. This page can be read as JSON: put format=json in its "
            + "address.",
        "صرف فہرستیں CSV میں ڈاؤن لوڈ ہو سکتی ہیں۔ یہ صفحہ JSON میں پڑھا جا سکتا ہے: پتے میں "
            + "format=json لکھیں۔");
    public static readonly Phrase ProblemLater = new(
        "At that height this was not there yet",
        "اُس بلاک تک یہ موجود نہیں تھا");
    public static readonly Phrase ProblemLaterSentence = new(
        "{kind} {value} came in block {came}. You asked for the ledger as of block {asked}; leave out the "
            + "height, or ask for a later one.",
        "{kind} {value} بلاک {came} میں آیا۔ آپ نے لیجر بلاک {asked} تک کا مانگا ہے؛ بلاک نمبر نہ دیں یا "
            + "بعد کا دیں۔");
    public static readonly Phrase ProblemNotKept = new(
        "That earlier state is not kept here",
        "وہ پرانی حالت یہاں محفوظ نہیں");
    public static readonly Phrase ProblemNotKeptSentence = new(
        "You asked for this list as of block {asked}. Only its newest state is kept here, block "
            + "{newest}. Leave out the height to download that.",
        "آپ نے یہ فہرست بلاک {asked} تک کی مانگی ہے۔ یہاں صرف تازہ ترین حالت محفوظ ہے، بلاک {newest}۔ "
            + "اسے ڈاؤن لوڈ کرنے کے لیے بلاک نمبر نہ لکھیں۔");
    public static readonly Phrase ProblemStarting = new(
        "This site is starting",
        "یہ سائٹ شروع ہو رہی ہے");
    public static readonly Phrase ProblemStartingSentence = new(
        "No block of the ledger is verified here yet. That takes a few moments; load the page again.",
        "ابھی یہاں لیجر کے کسی بلاک کی تصدیق نہیں ہوئی۔ اس میں چند لمحے لگتے ہیں؛ صفحہ دوبارہ کھولیں۔");
    public static readonly Phrase ProblemNoIndex = new(
        "This site cannot read its records now",
        "یہ سائٹ اس وقت اپنا ریکارڈ نہیں پڑھ سکتی");
    public static readonly Phrase ProblemNoIndexSentence = new(
        "The database with what was verified does not answer; it may be restarting. The ledger itself is "
            + "not affected. Load the page again in a few seconds.",
        "تصدیق شدہ معلومات کا ڈیٹابیس جواب نہیں دے رہا؛ شاید دوبارہ شروع ہو رہا ہے۔ خود لیجر پر اس کا "
            + "کوئی اثر نہیں۔ چند سیکنڈ بعد صفحہ دوبارہ کھولیں۔");
    public static readonly Phrase ProblemBusy = new(
        "Too many downloads at once",
        "ایک وقت میں بہت سے ڈاؤن لوڈ");
    public static readonly Phrase ProblemBusySentence = new(
        "As many files as this site can write at a time are being downloaded. Try again in a few "
            + "seconds.",
        "یہ سائٹ ایک وقت میں جتنی فائلیں لکھ سکتی ہے وہ لکھی جا رہی ہیں۔ چند سیکنڈ بعد دوبارہ کوشش "
            + "کریں۔");
    public static readonly Phrase ProblemFailed = new(
        "Something went wrong here",
        "یہاں کوئی خرابی ہو گئی");
    public static readonly Phrase ProblemFailedSentence = new(
        "The page could not be made. It is this site's mistake, not yours, and it is recorded. The "
            + "ledger itself is not affected. Try again in a minute.",
        "صفحہ تیار نہ ہو سکا۔ غلطی اس سائٹ کی ہے، آپ کی نہیں، اور درج ہو گئی ہے۔ لیجر پر کوئی اثر "
            + "نہیں۔ ایک منٹ بعد دوبارہ کوشش کریں۔");
    public static readonly Phrase ProblemGoHome = new("Go to the first page", "سرورق پر جائیں");

    // The first page.
    public static readonly Phrase HomeTitle = new(
        "What the state has issued",
        "ریاست نے کیا کچھ جاری کیا ہے");
    public static readonly Phrase HomeWhat = new(
        "State institutions keep this ledger together. Each block is signed by at least two thirds of "
            + "them, and this site checks every signature before it shows anything.",
        "یہ لیجر ریاستی ادارے مل کر رکھتے ہیں۔ ہر بلاک پر ان میں سے کم از کم دو تہائی کے دستخط ہوتے "
            + "ہیں، اور یہ سائٹ کچھ بھی دکھانے سے پہلے ہر دستخط جانچتی ہے۔");
    public static readonly Phrase Dollars = new("USD {amount}", "{amount} امریکی ڈالر");
    public static readonly Phrase HomeOutstanding = new(
        "{value} are outstanding in {count} {count:asset|assets}, at the reference values of their issue.",
        "{count} {count:اثاثے|اثاثوں} میں {value} زیرِ گردش ہیں، اجرا کے وقت کی حوالہ قیمت پر۔");
    public static readonly Phrase HomeReserveRatio = new(
        "Reserves on this ledger come to {share} of what the state owes on it: {reserves} in "
            + "commodities and Bitcoin, {debt} in bonds, sukuk and treasury bills.",
        "اس لیجر پر ذخائر ریاست کے واجبات کا {share} ہیں: اجناس اور بٹ کوائن میں {reserves}، اور "
            + "بانڈز، سکوک اور ٹریژری بلز میں {debt}۔");
    public static readonly Phrase HomeNoDebt = new(
        "The state owes nothing on this ledger yet: there is no reserve ratio to tell.",
        "اس لیجر پر ریاست کے ذمے ابھی کچھ واجب نہیں: ذخائر کا کوئی تناسب نہیں بنتا۔");
    public static readonly Phrase ByClass = new("Outstanding by class", "قسم کے لحاظ سے زیرِ گردش");
    public static readonly Phrase ChartByClass = new(
        "Outstanding by class, in US dollars",
        "قسم کے لحاظ سے زیرِ گردش، امریکی ڈالر میں");
    public static readonly Phrase ReferenceValueNote = new(
        "Values are what each instrument was said to be worth at its creation. The ledger knows no "
            + "market prices.",
        "مالیت وہ ہے جو ہر اثاثے کے قیام کے وقت بتائی گئی۔ بازار کے نرخ لیجر کو معلوم نہیں۔");
    public static readonly Phrase Class = new("Class", "قسم");
    public static readonly Phrase Today = new("Since midnight UTC", "UTC کی آدھی رات سے اب تک");
    public static readonly Phrase TodayNote = new(
        "Days are UTC's: each begins at 5 in the morning in Pakistan. Counted are units that were issued, "
            + "cancelled and moved; freezes, proposals and entries in the register are not.",
        "دن UTC کے ہیں: ہر دن پاکستان میں صبح 5 بجے شروع ہوتا ہے۔ صرف جاری، منسوخ اور منتقل ہونے والے "
            + "یونٹ گنے گئے ہیں؛ انجماد، تجاویز اور رجسٹر کے اندراج نہیں۔");
    public static readonly Phrase TodayNothing = new(
        "On {date} (UTC) nothing has been issued, cancelled or moved so far.",
        "{date} (UTC) کو اب تک نہ کچھ جاری ہوا، نہ منسوخ، نہ منتقل۔");
    public static readonly Phrase TodayIssued = new(
        "On {date} (UTC) {value} have been issued so far.",
        "{date} (UTC) کو اب تک {value} جاری ہوئے۔");
    public static readonly Phrase TodayBurned = new("{value} were cancelled.", "{value} منسوخ ہوئے۔");
    public static readonly Phrase TodayMoved = new(
        "{value} changed hands. Transfers: {count}.",
        "{count} منتقلیوں میں {value} ایک سے دوسرے کو گئے۔");
    public static readonly Phrase Cancelled = new("Cancelled", "منسوخ");
    public static readonly Phrase Transferred = new("Moved", "منتقل");
    public static readonly Phrase LatestEvents = new("What happened last", "تازہ ترین واقعات");
    public static readonly Phrase AllEvents = new("All events", "تمام واقعات");
    public static readonly Phrase NewestBlock = new("The newest block", "تازہ ترین بلاک");
    public static readonly Phrase NewestBlockSentence = new(
        "Block {height} of {time} is the newest that is verified here. Up to it there are:",
        "{time} کا بلاک {height} یہاں تصدیق شدہ تازہ ترین بلاک ہے۔ اس تک لیجر میں ہیں:");
    public static readonly Phrase BlockThenSentence = new(
        "Block {height} is of {time}.",
        "بلاک {height}، {time}۔");
    public static readonly Phrase Bridge = new("Bridge", "پُل");
}
