// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.RegularExpressions;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Tests.Language;

public sealed partial class PhrasesTests
{
    // What is not words: the same in both languages.
    private static readonly string[] SameInBoth = ["Date"];

    public static TheoryData<string> Names =>
        new(Fields().Select(static f => f.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Phrase_InBothLanguages_SaysTheSameThings(string name)
    {
        Phrase phrase = Value(name);
        Assert.False(string.IsNullOrWhiteSpace(phrase.English));
        Assert.False(string.IsNullOrWhiteSpace(phrase.Urdu));
        Assert.Equal(Placeholders(phrase.English), Placeholders(phrase.Urdu));
        foreach (string text in (string[])[phrase.English, phrase.Urdu])
        {
            // Words that go with a number have its name, and are two.
            Assert.All(Braced().Matches(text), match => Assert.True(
                Forms().Match(match.Value) is not { Success: true } forms
                    ? Placeholder().IsMatch(match.Value)
                    : Placeholders(text).Contains($"{{{forms.Groups[1].Value}}}"),
                match.Value));
        }

        Assert.DoesNotMatch(ArabicLetter(), phrase.English);
        if (!SameInBoth.Contains(name) && Word().IsMatch(phrase.English))
        {
            Assert.Matches(ArabicLetter(), phrase.Urdu);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Urdu_IsWrittenWithUrduLettersAndWesternDigits(string name)
    {
        string urdu = Value(name).Urdu;

        // Arabic kaf, yeh and heh look alike and are found by no search; Eastern digits are not used here.
        Assert.DoesNotMatch(ForeignLetter(), urdu);
        Assert.Equal(VisibleText.Of(urdu, int.MaxValue), urdu);
    }

    [Fact]
    public void Names_AreAllDistinctFields() => Assert.True(Names.Count > 300);

    private static IEnumerable<FieldInfo> Fields() => typeof(Phrases)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static f => f.FieldType == typeof(Phrase));

    private static Phrase Value(string name) => (Phrase)typeof(Phrases).GetField(name)!.GetValue(null)!;

    private static IEnumerable<string> Placeholders(string text) =>
        Placeholder().Matches(text).Select(static match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braced();

    [GeneratedRegex(@"^\{(\w+):[^:|{}]+\|[^:|{}]+\}$")]
    private static partial Regex Forms();

    [GeneratedRegex(@"(?<!\{)\b[a-z]{2,}\b(?!\})")]
    private static partial Regex Word();

    [GeneratedRegex("[\u0621-\u06D5]")]
    private static partial Regex ArabicLetter();

    [GeneratedRegex("[\u0643\u064A\u0649\u0660-\u0669\u06F0-\u06F9]")]
    private static partial Regex ForeignLetter();
}
