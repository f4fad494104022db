// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Search, and what this site is.</content>
internal static partial class Phrases
{
    // Search.
    public static readonly Phrase SearchTitle = new("Search", "تلاش");
    public static readonly Phrase SearchNothing = new(
        "Nothing was found for “{typed}”. You can search for a height, the beginning of a hash, of an "
            + "account or of a transaction's id (four digits at least), an asset's symbol or name, or "
            + "an institution's name.",
        "“{typed}” کے لیے کچھ نہیں ملا۔ آپ بلاک نمبر، ہیش، اکاؤنٹ یا لین دین کے شروع کے (کم از کم "
            + "چار) ہندسے، اثاثے کی علامت یا نام، یا ادارے کا نام تلاش کر سکتے ہیں۔");
    public static readonly Phrase SearchEmpty = new(
        "Type a height, a hash, an account, an asset or an institution.",
        "بلاک نمبر، ہیش، اکاؤنٹ، اثاثہ یا ادارہ لکھیں۔");
    public static readonly Phrase SearchFound = new("Found for “{typed}”:", "“{typed}” کے لیے ملا:");
    public static readonly Phrase SearchResults = new("Results", "نتائج");

    // About.
    public static readonly Phrase AboutTitle = new("About this site", "اس سائٹ کا تعارف");
    public static readonly Phrase AboutLead = new(
        "This site shows what a ledger of state assets holds: who issued what, who approved it, who "
            + "has it, and what was frozen. It only reads; nothing can be changed from here.",
        "یہ سائٹ ریاستی اثاثوں کے لیجر کا حال دکھاتی ہے: کس نے کیا جاری کیا، کس نے منظوری دی، کس کے "
            + "پاس ہے، اور کیا منجمد ہوا۔ یہ صرف پڑھتی ہے؛ یہاں سے کچھ بدلا نہیں جا سکتا۔");
    public static readonly Phrase AboutHow = new("Where the numbers come from", "اعداد کہاں سے آتے ہیں");
    public static readonly Phrase AboutHow1 = new(
        "A program beside this site receives every block from a node and checks it before it is "
            + "shown: the chain of hashes back to genesis, the signatures of the validators, and that "
            + "transactions and events are those that the signatures cover.",
        "اس سائٹ کے ساتھ ایک پروگرام ہر بلاک نوڈ سے لیتا ہے اور دکھانے سے پہلے جانچتا ہے: ابتدا تک "
            + "ہیش کی زنجیر، توثیق کنندگان کے دستخط، اور یہ کہ لین دین اور واقعات وہی ہیں جن پر دستخط "
            + "ہوئے۔");
    public static readonly Phrase AboutHow2 = new(
        "Each page tells the block that it is as of. When the site lags behind, or the node says what "
            + "cannot be verified, the page says so at its head.",
        "ہر صفحہ بتاتا ہے کہ وہ کس بلاک تک کا ہے۔ سائٹ پیچھے رہ جائے، یا نوڈ کی بات کی تصدیق نہ ہو "
            + "سکے، تو صفحے کے شروع میں لکھا ہوتا ہے۔");
    public static readonly Phrase AboutNot = new(
        "What the ledger cannot know",
        "لیجر کیا نہیں جان سکتا");
    public static readonly Phrase AboutNot1 = new(
        "Whether the gold is in the vault: the ledger holds the hash of an attestation, not the gold. "
            + "Market prices: values are those of the issue. Names of citizens: only addresses are on "
            + "the ledger.",
        "سونا واقعی تجوری میں ہے یا نہیں: لیجر میں تصدیق نامے کا ہیش ہے، سونا نہیں۔ بازار کے نرخ: "
            + "مالیت اجرا کے وقت کی ہے۔ شہریوں کے نام: لیجر پر صرف پتے ہیں۔");
    public static readonly Phrase AboutWords = new("Words", "اصطلاحات");
    public static readonly Phrase AboutWordBlock = new(
        "A block is a page of the ledger. Once it is final, nobody can change it.",
        "بلاک لیجر کا ایک صفحہ ہے۔ حتمی ہونے کے بعد اسے کوئی نہیں بدل سکتا۔");
    public static readonly Phrase AboutWordHash = new(
        "A hash is a fingerprint of data: if a single letter changes, so does the hash.",
        "ہیش معلومات کی انگلیوں کا نشان ہے: ایک حرف بھی بدلے تو ہیش بدل جاتا ہے۔");
    public static readonly Phrase AboutWordProposal = new(
        "A proposal is how the state acts here: one officer proposes, others approve. No single key "
            + "can issue anything.",
        "تجویز وہ طریقہ ہے جس سے ریاست یہاں کام کرتی ہے: ایک افسر تجویز دیتا ہے، دوسرے منظوری دیتے "
            + "ہیں۔ کوئی اکیلی کلید کچھ جاری نہیں کر سکتی۔");
    public static readonly Phrase AboutWordUnits = new(
        "1 lakh is 100,000; 1 crore is 100 lakh, that is 10 million.",
        "ایک لاکھ 1,00,000 ہے؛ ایک کروڑ سو لاکھ ہے، یعنی 1,00,00,000۔");

    // Check it yourself.
    public static readonly Phrase CheckLead = new(
        "A site can lie. So do not believe this one: take a proof from any node and check it with a "
            + "program of your own choice, without a connection.",
        "کوئی سائٹ جھوٹ بول سکتی ہے۔ اس لیے اس پر یقین نہ کریں: کسی بھی نوڈ سے ثبوت لیں اور اپنی پسند "
            + "کے پروگرام سے، انٹرنیٹ کے بغیر، خود جانچیں۔");
    public static readonly Phrase CheckNetwork = new("This network", "یہ نیٹ ورک");
    public static readonly Phrase CheckGenesis = new("Genesis hash", "ابتدائی ہیش");
    public static readonly Phrase CheckGenesisSentence = new(
        "Compare this hash with one from a source that you trust, for example printed in the Gazette. "
            + "Everything else follows from it.",
        "اس ہیش کا موازنہ ایسے ذریعے سے کریں جس پر آپ کو بھروسا ہو، مثلاً سرکاری گزٹ۔ باقی سب اسی سے "
            + "نکلتا ہے۔");
    public static readonly Phrase CheckSteps = new("Step by step", "قدم بہ قدم");
    public static readonly Phrase CheckStep1 = new(
        "Get the command line tool tl, built from the published source.",
        "شائع شدہ ماخذ سے بنا ہوا پروگرام tl حاصل کریں۔");
    public static readonly Phrase CheckStep2 = new(
        "Ask a node for a proof of a balance: {command}",
        "کسی نوڈ سے بیلنس کا ثبوت مانگیں: {command}");
    public static readonly Phrase CheckStep3 = new(
        "Verify it without a connection: {command}",
        "انٹرنیٹ کے بغیر جانچیں: {command}");
    public static readonly Phrase CheckStep4 = new(
        "The program checks that at least two thirds of the validators signed a header, and that the "
            + "balance is part of the state that this header names. If one digit is changed, it "
            + "refuses.",
        "پروگرام جانچتا ہے کہ کم از کم دو تہائی توثیق کنندگان نے ہیڈر پر دستخط کیے، اور یہ کہ بیلنس "
            + "اسی حالت کا حصہ ہے جو ہیڈر میں درج ہے۔ ایک ہندسہ بھی بدلے تو وہ رد کر دیتا ہے۔");
    public static readonly Phrase Proof = new("Proof", "ثبوت");
    public static readonly Phrase CheckHere = new("In your browser", "اپنے براؤزر میں");
    public static readonly Phrase CheckHereSentence = new(
        "Beside each balance, each asset's outstanding amount and each event, “Check this yourself” fetches "
            + "the proof and checks it in your browser. The page that does so can be saved as one file "
            + "and used without a connection.",
        "ہر بیلنس، ہر اثاثے کی زیرِ گردش مقدار اور ہر واقعے کے ساتھ ”خود جانچ لیں“ ثبوت لا کر آپ کے "
            + "براؤزر میں جانچتا ہے۔ یہ صفحہ ایک فائل میں محفوظ کر کے انٹرنیٹ کے بغیر بھی استعمال ہو سکتا "
            + "ہے۔");
    public static readonly Phrase VerifyPage = new(
        "Check a proof in the browser",
        "ثبوت براؤزر میں جانچیں");
    public static readonly Phrase VerifierFile = new(
        "The checking page as one file",
        "جانچنے کا صفحہ ایک فائل میں");
    public static readonly Phrase CheckFiles = new("Files from this site", "اس سائٹ کی فائلیں");
    public static readonly Phrase CheckFilesSentence = new(
        "Lists can be downloaded whole as CSV. Each has a manifest with the height and the file's "
            + "SHA-256: who asks for the same height again, here or from another such site, gets the "
            + "same bytes.",
        "فہرستیں پوری کی پوری CSV میں ڈاؤن لوڈ ہو سکتی ہیں۔ ہر فائل کے ساتھ تصدیق نامہ ہے جس میں بلاک "
            + "نمبر اور SHA-256 درج ہے: جو اسی بلاک تک کی فائل یہاں یا ایسی کسی اور سائٹ سے دوبارہ "
            + "مانگے، اسے وہی فائل ملے گی۔");
    public static readonly Phrase CheckSigners = new(
        "Who signed the newest block",
        "تازہ ترین بلاک پر دستخط");
    public static readonly Phrase CheckSignersSentence = new(
        "{count} validators signed the newest block with signatures of its own, block {height}.",
        "اپنے دستخطوں والے تازہ ترین بلاک {height} پر {count} توثیق کنندگان نے دستخط کیے۔");
}
