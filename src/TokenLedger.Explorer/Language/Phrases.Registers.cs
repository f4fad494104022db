// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Assets, holders, institutions, proposals, the freeze register, reserves, the bridge.</content>
internal static partial class Phrases
{
    // Assets.
    public static readonly Phrase AssetsLead = new(
        "{count} {count:asset is|assets are} on the ledger. Each was created by a proposal "
            + "that several officers "
            + "approved, or stood in genesis.",
        "لیجر پر {count} {count:اثاثہ ہے|اثاثے ہیں}۔ ہر ایک ایسی تجویز سے قائم ہوا جس کی "
            + "کئی افسران نے منظوری دی، یا "
            + "ابتدا سے موجود تھا۔");
    public static readonly Phrase Symbol = new("Symbol", "علامت");
    public static readonly Phrase Name = new("Name", "نام");
    public static readonly Phrase NameEnglish = new("Name in English", "انگریزی نام");
    public static readonly Phrase NameUrdu = new("Name in Urdu", "اردو نام");
    public static readonly Phrase ChartLadder = new(
        "What falls due in which year, in US dollars",
        "کس سال کتنا واجب الادا ہے، امریکی ڈالر میں");
    public static readonly Phrase Ladder = new("Maturity ladder", "میعاد کی سیڑھی");
    public static readonly Phrase LadderNote = new(
        "What is outstanding of assets with a maturity, at reference values, by the year of that day.",
        "جن اثاثوں کی میعاد مقرر ہے ان کا زیرِ گردش حصہ، حوالہ قیمت پر، میعاد کے سال کے لحاظ سے۔");
    public static readonly Phrase AssetLead = new(
        "{issuer} issues {asset} ({class}). {supply} units are outstanding of at most {cap}; "
            + "{holders} {holders:account holds|accounts hold} them.",
        "{issuer} {asset} ({class}) جاری کرتا ہے۔ زیادہ سے زیادہ {cap} میں سے {supply} یونٹ زیرِ گردش "
            + "ہیں؛ یہ {holders} {holders:اکاؤنٹ|اکاؤنٹس} کے پاس ہیں۔");
    public static readonly Phrase AssetValue = new(
        "At its reference value of {unit} a unit, that is {value}.",
        "فی یونٹ {unit} کی حوالہ قیمت پر یہ {value} بنتے ہیں۔");
    public static readonly Phrase AssetIsPaused = new(
        "It is paused: no units can be issued or moved. Reason: {reason}",
        "یہ رکا ہوا ہے: یونٹ نہ جاری ہو سکتے ہیں نہ منتقل۔ وجہ: {reason}");
    public static readonly Phrase Terms = new("Terms", "شرائط");
    public static readonly Phrase IssueDate = new("Issue date", "اجرا کی تاریخ");
    public static readonly Phrase NoMaturity = new("none", "کوئی نہیں");
    public static readonly Phrase CouponRate = new(
        "{rate} a year, {times} {times:payment|payments}",
        "سالانہ {rate}، {times} {times:ادائیگی|ادائیگیاں}");
    public static readonly Phrase NoCoupon = new("none", "کوئی نہیں");
    public static readonly Phrase Decimals = new("Decimals", "اعشاریہ کے ہندسے");
    public static readonly Phrase UnitValue = new("Reference value of a unit", "فی یونٹ حوالہ قیمت");
    public static readonly Phrase Created = new("Created", "قیام");
    public static readonly Phrase CreatedAtGenesis = new("in genesis", "ابتدا میں");
    public static readonly Phrase OverTime = new("Over time", "وقت کے ساتھ");
    public static readonly Phrase ChartSupply = new(
        "Issued and outstanding, in units",
        "جاری شدہ اور زیرِ گردش، یونٹوں میں");
    public static readonly Phrase OverTimeCut = new(
        "Only the newest {count} days on which something happened are drawn; the CSV has all.",
        "صرف وہ تازہ ترین {count} دن دکھائے گئے ہیں جن میں کچھ ہوا؛ CSV میں سب ہیں۔");
    public static readonly Phrase DocumentTitle = new("Document", "دستاویز");
    public static readonly Phrase Published = new("Published at", "اشاعت کا پتا");
    public static readonly Phrase Attached = new("Attached", "منسلک");
    public static readonly Phrase DocumentsNote = new(
        "The ledger holds the hash, not the document: who downloads it can compare its SHA-256 with "
            + "the one here.",
        "لیجر میں دستاویز نہیں، اس کا ہیش ہے: ڈاؤن لوڈ کرنے والا اس کے SHA-256 کا موازنہ یہاں درج سے "
            + "کر سکتا ہے۔");
    public static readonly Phrase WhoHolds = new("Who holds it", "یہ کس کے پاس ہے");

    public static readonly Phrase AssetNotYet = new(
        "{asset} was created later, in block {created}.",
        "{asset} اس کے بعد بلاک {created} میں بنا۔");

    // Holders.
    public static readonly Phrase HoldersTitle = new("Holders of {asset}", "{asset} کے حاملین");
    public static readonly Phrase HoldersLead = new(
        "{count} {count:account holds|accounts hold} {asset}. Institutions are named; "
            + "citizens are counted in ranges only.",
        "{asset} {count} {count:اکاؤنٹ|اکاؤنٹس} کے پاس ہے۔ ادارے نام سے درج ہیں؛ شہری صرف "
            + "درجوں میں گنے جاتے ہیں۔");
    public static readonly Phrase HoldersCounted = new(
        "Counted at block {height}.",
        "بلاک {height} پر گنا گیا۔");
    public static readonly Phrase HoldersCounting = new(
        "The holders are being counted now; there are many. Load this page again in a moment.",
        "حاملین کی گنتی جاری ہے؛ تعداد زیادہ ہے۔ تھوڑی دیر بعد صفحہ دوبارہ کھولیں۔");
    public static readonly Phrase HoldersManyThen = new(
        "More than {count} accounts have had units of it: too many to count them again for an earlier block.",
        "{count} سے زیادہ اکاؤنٹس کے پاس اس کے یونٹ رہے ہیں: پرانے بلاک کے لیے دوبارہ گننا ممکن نہیں۔");
    public static readonly Phrase HoldersInstitutions = new("Institutions", "ادارے");
    public static readonly Phrase HoldersCitizens = new("Citizens", "شہری");
    public static readonly Phrase ChartHolders = new(
        "Citizens by what they hold, in units",
        "شہری ان کی ملکیت کے لحاظ سے، یونٹوں میں");
    public static readonly Phrase ChartWho = new(
        "Who holds the outstanding units",
        "زیرِ گردش یونٹ کس کے پاس ہیں");
    public static readonly Phrase WhoState = new("State institutions", "ریاستی ادارے");
    public static readonly Phrase WhoExchange = new(
        "Exchanges and custodians",
        "ایکسچینج اور امین ادارے");
    public static readonly Phrase WhoCitizens = new("Citizens", "شہری");
    public static readonly Phrase WhoBridge = new("Locked for other chains", "دوسری چینز کے لیے محفوظ");
    public static readonly Phrase HoldersMany = new(
        "Only the first {count} institutions are listed.",
        "صرف پہلے {count} ادارے درج ہیں۔");

    // Institutions.
    public static readonly Phrase InstitutionsLead = new(
        "{count} {count:institution takes|institutions take} part. Which they are was laid down in genesis.",
        "{count} {count:ادارہ شریک ہے|ادارے شریک ہیں}۔ کون سے، یہ ابتدا میں طے ہوا۔");
    public static readonly Phrase Kind = new("Kind", "قسم");
    public static readonly Phrase InstitutionLead = new(
        "{name} takes part as: {kind}. It has {count} acting {count:officer|officers}.",
        "{name} کی حیثیت: {kind}۔ {count:اس کا|اس کے} {count} "
            + "{count:افسر کام کر رہا ہے|افسران کام کر رہے ہیں}۔");
    public static readonly Phrase Officers = new("Officers", "افسران");
    public static readonly Phrase Office = new("Office", "عہدہ");
    public static readonly Phrase DutiesOf = new("May do", "اختیار");
    public static readonly Phrase Since = new("Since", "کب سے");
    public static readonly Phrase Key = new("Key", "کلید");
    public static readonly Phrase OfficersNote = new(
        "An officer is an office and a key; the ledger knows no names of persons. Whoever was "
            + "dismissed stays listed, without duties.",
        "افسر سے مراد عہدہ اور کلید ہے؛ اشخاص کے نام لیجر کو معلوم نہیں۔ ہٹائے گئے افسر بغیر اختیار "
            + "کے درج رہتے ہیں۔");
    public static readonly Phrase IssuedAssets = new("Assets that it issues", "اس کے جاری کردہ اثاثے");
    public static readonly Phrase InstitutionUnknownParts = new(
        "Which accounts belong to it is not listed here: the index finds an account's institution, "
            + "not an institution's accounts.",
        "اس کے اکاؤنٹس یہاں درج نہیں: فہرست اکاؤنٹ سے ادارہ ڈھونڈ سکتی ہے، ادارے سے اکاؤنٹ نہیں۔");

    // Proposals.
    public static readonly Phrase ProposalsLead = new(
        "Newest first. What the state does here, officers propose and others approve; no single key "
            + "can do it.",
        "تازہ ترین پہلے۔ ریاست یہاں جو کرتی ہے، افسران تجویز کرتے ہیں اور دوسرے منظوری دیتے ہیں؛ کوئی "
            + "اکیلی کلید نہیں کر سکتی۔");
    public static readonly Phrase ProposalTitle = new("Proposal {id}", "تجویز {id}");
    public static readonly Phrase ProposalLead = new(
        "{maker} proposed on {time}:",
        "{maker} نے {time} کو تجویز کیا:");
    public static readonly Phrase ProposalStands = new(
        "It is {status}; {count} {count:officer|officers} approved it.",
        "اس کی حیثیت: {status}؛ {count} {count:افسر|افسران} نے منظوری دی۔");
    public static readonly Phrase ProposalFailedBecause = new(
        "It could not be carried out when its time came: {code}.",
        "مقررہ وقت پر اس پر عمل نہ ہو سکا: {code}۔");
    public static readonly Phrase ProposalWithdrawnBy = new(
        "{officer} withdrew it. Reason: {reason}",
        "{officer} نے اسے واپس لیا۔ وجہ: {reason}");
    public static readonly Phrase ProposalWaits = new(
        "It has enough approvals and will be carried out on {time}, unless it is withdrawn before.",
        "اسے کافی منظوریاں مل چکی ہیں اور {time} کو اس پر عمل ہو گا، اگر پہلے واپس نہ لی گئی۔");
    public static readonly Phrase ProposalRules = new(
        "How many approvals it needs, and from whom, depends on its kind and value by rules laid down "
            + "in genesis, which are not part of this index.",
        "اسے کتنی اور کس کی منظوریاں درکار ہیں، یہ ابتدا میں طے شدہ قواعد کے مطابق اس کی قسم اور "
            + "مالیت پر منحصر ہے؛ وہ قواعد اس فہرست میں نہیں۔");
    public static readonly Phrase Expires = new("Can be approved until", "منظوری کی آخری گھڑی");
    public static readonly Phrase Opened = new("Opened", "پیش ہوئی");
    public static readonly Phrase PayloadHash = new(
        "Hash that officers approve",
        "ہیش جس کی منظوری دی جاتی ہے");
    public static readonly Phrase Officer = new("Officer", "افسر");
    public static readonly Phrase Number = new("Number", "نمبر");
    public static readonly Phrase LastChange = new("Last change", "آخری تبدیلی");

    // The freeze register.
    public static readonly Phrase FreezesLead = new(
        "{count} {count:account is|accounts are} frozen now. Every order of a court or "
            + "regulator stays on the register, "
            + "with its reference.",
        "اس وقت {count} {count:اکاؤنٹ منجمد ہے|اکاؤنٹس منجمد ہیں}۔ عدالت یا نگران ادارے کا "
            + "ہر حکم اپنے حوالے کے ساتھ رجسٹر "
            + "میں رہتا ہے۔");
    public static readonly Phrase FreezesMany = new(
        "{count} accounts or more are frozen now; the first are listed.",
        "اس وقت {count} یا اس سے زیادہ اکاؤنٹس منجمد ہیں؛ شروع کے درج ہیں۔");
    public static readonly Phrase FrozenNow = new("Frozen now", "اس وقت منجمد");
    public static readonly Phrase FrozenThen = new("Frozen at that block", "اُس بلاک پر منجمد");
    public static readonly Phrase FreezeOrders = new(
        "All orders, newest first",
        "تمام احکام، تازہ ترین پہلے");
    public static readonly Phrase LegalReference = new("Legal reference", "قانونی حوالہ");
    public static readonly Phrase Mode = new("What it means", "مطلب");
    public static readonly Phrase Lifted = new("lifted", "ختم کیا گیا");
    public static readonly Phrase OrderHash = new("SHA-256 of the order", "حکم کا SHA-256");

    // Reserves.
    public static readonly Phrase ReservesLead = new(
        "What the state keeps in reserve, and what was attested about it. {value} are outstanding in "
            + "{count} reserve {count:asset|assets}, at reference values.",
        "ریاست کے ذخائر اور ان کے بارے میں تصدیقات۔ {count} ذخیرہ {count:اثاثے|اثاثوں} میں "
            + "حوالہ قیمت پر {value} "
            + "زیرِ گردش ہیں۔");
    public static readonly Phrase ReservesCannot = new(
        "An attestation here is a document whose hash the issuer attached. The ledger does not know "
            + "whether it is true, which period it covers, or what it leaves out: there is no such "
            + "field. Nor is there one for when the next is due: that day is counted from the words of "
            + "the terms, which are quoted below, where they name an interval.",
        "یہاں تصدیق نامہ وہ دستاویز ہے جس کا ہیش جاری کنندہ نے منسلک کیا۔ لیجر کو معلوم نہیں کہ وہ "
            + "سچ ہے یا نہیں، کس مدت کا ہے، یا اس میں کیا رہ گیا: ایسا کوئی خانہ نہیں۔ اگلا کب واجب "
            + "ہے، اس کا بھی خانہ نہیں: جہاں شرائط کے الفاظ، جو نیچے درج ہیں، کوئی وقفہ بتاتے ہیں وہاں "
            + "تاریخ انہی سے گنی گئی ہے۔");
    public static readonly Phrase ReserveDue = new(
        "The terms say {words}: by that, the next document is due until {date}, in {days} {days:day|days}.",
        "شرائط کہتی ہیں {words}: اس کے مطابق اگلا {date} تک واجب ہے، {days} دن میں۔");
    public static readonly Phrase ReserveOverdue = new(
        "The terms say {words}: by that, the next document was due until {date}. It is overdue by {days} "
            + "{days:day|days}.",
        "شرائط کہتی ہیں {words}: اس کے مطابق اگلا {date} تک واجب تھا۔ اسے {days} دن کی دیر ہو چکی ہے۔");
    public static readonly Phrase ReserveNoInterval = new(
        "Its terms name no interval: when the next document is due is not known here.",
        "اس کی شرائط کوئی وقفہ نہیں بتاتیں: اگلی دستاویز کب واجب ہے، یہاں معلوم نہیں۔");
    public static readonly Phrase ReserveGapLong = new(
        "{days}, longer than the terms say",
        "{days}، شرائط سے زیادہ");
    public static readonly Phrase ReserveNone = new(
        "No document is attached to it: nothing was attested on the ledger in the {days} {days:day|days} "
            + "since it was created.",
        "اس کے ساتھ کوئی دستاویز منسلک نہیں: قائم ہونے کے بعد {days} دن میں لیجر پر کوئی تصدیق نہیں ہوئی۔");
    public static readonly Phrase ReserveLast = new(
        "The last document is {days} {days:day|days} old.",
        "آخری دستاویز {days} دن پرانی ہے۔");
    public static readonly Phrase ReserveFromGenesis = new(
        "The last document has been there from the beginning, {days} {days:day|days} ago.",
        "آخری دستاویز ابتدا سے ہے، {days} دن پہلے۔");
    public static readonly Phrase ReserveLate = new(
        "That is longer than a year: it may be overdue.",
        "یہ ایک سال سے زیادہ ہے: ممکن ہے نئی دستاویز واجب ہو چکی ہو۔");
    public static readonly Phrase ReserveGap = new("Days since the one before", "پچھلی سے کتنے دن بعد");
    public static readonly Phrase ReservesNone = new(
        "No commodity or Bitcoin reserve is on the ledger.",
        "لیجر پر اجناس یا بٹ کوائن کا کوئی ذخیرہ نہیں۔");

    // The bridge.
    public static readonly Phrase BridgeLead = new(
        "Units of assets can be locked here and represented on another chain. What is locked stays on "
            + "this ledger, in accounts whose key nobody has.",
        "اثاثوں کے یونٹ یہاں محفوظ کر کے دوسری چین پر ظاہر کیے جا سکتے ہیں۔ محفوظ یونٹ اسی لیجر پر "
            + "ایسے اکاؤنٹس میں رہتے ہیں جن کی کلید کسی کے پاس نہیں۔");
    public static readonly Phrase BridgeNone = new(
        "No bridge to another chain has been opened.",
        "کسی دوسری چین کے لیے کوئی پُل نہیں کھولا گیا۔");
    public static readonly Phrase BridgeLanes = new("Bridges", "پُل");
    public static readonly Phrase BridgeLocks = new("Locked for other chains", "دوسری چینز کے لیے محفوظ");
    public static readonly Phrase BridgeChain = new("Chain", "چین");
    public static readonly Phrase BridgeContract = new("Contract there", "وہاں کا اسمارٹ کنٹریکٹ");
    public static readonly Phrase BridgeOpened = new("Opened by", "کس سے کھلا");
    public static readonly Phrase BridgeSigners = new("Signers", "دستخط کنندگان");
    public static readonly Phrase BridgeRuns = new("Running", "جاری");
    public static readonly Phrase BridgeStands = new(
        "Standing still since {time}: {stops}. Reason: {reason}",
        "{time} سے رکا ہوا: {stops}۔ وجہ: {reason}");
    public static readonly Phrase BridgeOperations = new(
        "What happened, newest first",
        "کیا ہوا، تازہ ترین پہلے");
    public static readonly Phrase BridgeEscrowAccount = new(
        "Account of what is locked",
        "محفوظ یونٹوں کا اکاؤنٹ");
    public static readonly Phrase BridgeCannot = new(
        "How much exists on the other chain is what the signers last agreed on: it is among what happened. "
            + "A node can be asked for more; this index keeps no other state of it.",
        "دوسری چین پر کتنا موجود ہے، اس پر دستخط کنندگان کا آخری اتفاق نیچے کے واقعات میں ہے۔ مزید نوڈ "
            + "سے پوچھا جا سکتا ہے؛ یہ فہرست اس کی کوئی اور حالت نہیں رکھتی۔");
}
