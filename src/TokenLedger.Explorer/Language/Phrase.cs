// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <summary>
/// A text in both languages. It has placeholders in braces, <c>{amount}</c>, by name: word order differs
/// between languages. Words that go with a number stand beside it in two forms,
/// <c>{count:account|accounts}</c>: for one, and for any other.
/// </summary>
internal sealed record Phrase(string English, string Urdu)
{
    /// <summary>The text in a language, its placeholders still in it.</summary>
    public string In(SiteLanguage language) => language == SiteLanguage.Urdu ? Urdu : English;
}
