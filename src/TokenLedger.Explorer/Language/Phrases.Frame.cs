// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <summary>
/// The explorer's own words: each in English and Urdu side by side, so that neither is forgotten.
/// </summary>
internal static partial class Phrases
{
    // The frame of a page.
    public static readonly Phrase SiteName = new("Public Asset Ledger", "سرکاری اثاثوں کا عوامی لیجر");
    public static readonly Phrase SiteSentence = new(
        "What the state has issued, who holds it, and how to check it yourself.",
        "ریاست نے کیا جاری کیا، کس کے پاس ہے، اور آپ خود کیسے جانچ سکتے ہیں۔");
    public static readonly Phrase SkipToContent = new("Skip to the content", "اصل مواد پر جائیں");
    public static readonly Phrase MainMenu = new("Main menu", "مرکزی فہرست");
    public static readonly Phrase SearchLabel = new("Search the ledger", "لیجر میں تلاش کریں");
    public static readonly Phrase SearchHint = new(
        "Block, account, asset, institution",
        "بلاک، اکاؤنٹ، اثاثہ، ادارہ");
    public static readonly Phrase SearchButton = new("Search", "تلاش کریں");
    public static readonly Phrase CheckYourself = new("Check this yourself", "خود جانچ لیں");
    public static readonly Phrase CheckYourselfSentence = new(
        "You need not trust this site for each balance, each asset's outstanding amount and each event: the "
            + "validators' signatures prove them. Sums, shares, counts and charts are this site's own "
            + "arithmetic, and have no proof of their own.",
        "ہر بیلنس، ہر اثاثے کی زیرِ گردش مقدار اور ہر واقعے کے لیے اس سائٹ پر بھروسا ضروری نہیں: "
            + "توثیق کنندگان کے دستخط انہیں ثابت کرتے ہیں۔ مجموعے، تناسب، گنتیاں اور چارٹ اس سائٹ کا اپنا "
            + "حساب ہیں اور ان کا اپنا کوئی ثبوت نہیں۔");
    public static readonly Phrase ThisPageAsJson = new("This page as JSON", "یہ صفحہ JSON میں");
    public static readonly Phrase DownloadCsv = new("Download as CSV", "CSV میں ڈاؤن لوڈ کریں");
    public static readonly Phrase ShowAsTable = new("Show as a table", "جدول میں دیکھیں");
    public static readonly Phrase AsOfBlock = new(
        "As of block {height}, {age}",
        "بلاک {height} تک، {age}");
    public static readonly Phrase Stale = new(
        "The last block came {age}: what you see may be out of date.",
        "آخری بلاک {age} آیا تھا: ممکن ہے یہ معلومات پرانی ہوں۔");
    public static readonly Phrase PinnedAtBlock = new(
        "This page shows the ledger as it stood at block {height}.",
        "یہ صفحہ لیجر کو بلاک {height} کی حالت میں دکھاتا ہے۔");
    public static readonly Phrase NothingYet = new(
        "There is nothing here yet.",
        "یہاں ابھی کچھ نہیں ہے۔");
    public static readonly Phrase LivePause = new("Pause live updates", "تازہ کاری روکیں");
    public static readonly Phrase LiveResume = new("Resume live updates", "تازہ کاری دوبارہ چلائیں");
    public static readonly Phrase LiveLost = new(
        "Connection lost, trying again",
        "رابطہ ٹوٹ گیا، دوبارہ کوشش جاری ہے");
    public static readonly Phrase FilterAll = new("All", "سب");
    public static readonly Phrase FilterShow = new("Show", "دکھائیں");
    public static readonly Phrase FilterClass = new("Class of assets", "اثاثوں کی قسم");
    public static readonly Phrase FilterFrom = new("From block downwards", "اس بلاک سے پیچھے");
    public static readonly Phrase NextPage = new("Next page", "اگلا صفحہ");

    // What the pages are of.
    public static readonly Phrase Home = new("Home", "سرورق");
    public static readonly Phrase Assets = new("Assets", "اثاثے");
    public static readonly Phrase Asset = new("Asset", "اثاثہ");
    public static readonly Phrase Blocks = new("Blocks", "بلاک");
    public static readonly Phrase Block = new("Block", "بلاک");
    public static readonly Phrase Transactions = new("Transactions", "لین دین");
    public static readonly Phrase Transaction = new("Transaction", "لین دین");
    public static readonly Phrase Accounts = new("Accounts", "اکاؤنٹس");
    public static readonly Phrase Account = new("Account", "اکاؤنٹ");
    public static readonly Phrase Holders = new("Holders", "حاملین");
    public static readonly Phrase Institutions = new("Institutions", "ادارے");
    public static readonly Phrase Institution = new("Institution", "ادارہ");
    public static readonly Phrase Proposals = new("Proposals", "تجاویز");
    public static readonly Phrase Proposal = new("Proposal", "تجویز");
    public static readonly Phrase FreezeRegister = new("Freeze register", "منجمد اکاؤنٹس کا رجسٹر");
    public static readonly Phrase Reserves = new("Reserve attestations", "ذخائر کی تصدیقات");
    public static readonly Phrase Event = new("Event", "واقعہ");
    public static readonly Phrase Events = new("Events", "واقعات");
    public static readonly Phrase About = new("About", "تعارف");

    // What a page says of its subject.
    public static readonly Phrase Height = new("Height", "بلاک نمبر");
    public static readonly Phrase Hash = new("Hash", "ہیش");
    public static readonly Phrase Time = new("Time", "وقت");
    public static readonly Phrase Amount = new("Amount", "مقدار");
    public static readonly Phrase Balance = new("Balance", "بیلنس");
    public static readonly Phrase Supply = new("Outstanding", "زیرِ گردش");
    public static readonly Phrase Cap = new("Authorised", "مجاز حد");
    public static readonly Phrase Issuer = new("Issuer", "جاری کنندہ");
    public static readonly Phrase Maturity = new("Maturity", "میعاد پوری ہونے کی تاریخ");
    public static readonly Phrase Coupon = new("Coupon", "شرحِ منافع");
    public static readonly Phrase Reason = new("Reason", "وجہ");
    public static readonly Phrase Documents = new("Documents", "دستاویزات");
    public static readonly Phrase Approvals = new("Approvals", "منظوریاں");
    public static readonly Phrase Status = new("Status", "حیثیت");
    public static readonly Phrase Details = new("Details", "تفصیل");
}
