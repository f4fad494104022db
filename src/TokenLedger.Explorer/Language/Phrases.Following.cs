// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

internal static partial class Phrases
{
    // How the site stands to its node.
    public static readonly Phrase NotConnected = new(
        "This site reaches no node of the ledger now. What you see is verified, and nobody here knows how "
            + "much has come since.",
        "یہ سائٹ اس وقت کسی نوڈ تک نہیں پہنچ رہی۔ جو آپ دیکھ رہے ہیں وہ تصدیق شدہ ہے، مگر یہاں کسی کو معلوم "
            + "نہیں کہ اس کے بعد کیا کچھ آ چکا ہے۔");
}
