// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <content>Tags: for whom an account keeps what comes to it.</content>
internal static partial class Phrases
{
    public static readonly Phrase EventTagRequired = new(
        "{by} set that units come to {account} with a tag only.",
        "{by} نے طے کیا کہ {account} کو یونٹ صرف ٹیگ کے ساتھ ملیں گے۔");
    public static readonly Phrase EventTagNotRequired = new(
        "{by} set that units come to {account} without a tag too.",
        "{by} نے طے کیا کہ {account} کو یونٹ ٹیگ کے بغیر بھی ملیں گے۔");
    public static readonly Phrase DoRequireTag = new(
        "Let units come to {account} with a tag only.",
        "{account} کو یونٹ صرف ٹیگ کے ساتھ ملنا۔");
    public static readonly Phrase DoRequireNoTag = new(
        "Let units come to {account} without a tag too.",
        "{account} کو یونٹ ٹیگ کے بغیر بھی ملنا۔");
    public static readonly Phrase OperationRequireTag = new(
        "Set whether a tag is required",
        "ٹیگ کے لازمی ہونے کا فیصلہ");
    public static readonly Phrase WithTag = new("Tag: {tag}.", "ٹیگ: {tag}۔");
    public static readonly Phrase WithReturnTag = new("Tag for a return: {tag}.", "واپسی کا ٹیگ: {tag}۔");
    public static readonly Phrase AccountTagRequired = new(
        "Units come to it with a tag only: whoever sends without one is refused.",
        "اسے یونٹ صرف ٹیگ کے ساتھ ملتے ہیں: ٹیگ کے بغیر بھیجنا رد ہو جاتا ہے۔");
}
