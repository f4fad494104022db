// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// The explorer's own words in one language, with values put into them. Immutable.
/// </summary>
internal sealed class Texts
{
    private static readonly Texts English = new(SiteLanguage.English);
    private static readonly Texts Urdu = new(SiteLanguage.Urdu);

    private Texts(SiteLanguage language) => Language = language;

    /// <summary>The language.</summary>
    public SiteLanguage Language { get; }

    /// <summary>The texts of a language.</summary>
    public static Texts Of(SiteLanguage language) => language == SiteLanguage.Urdu ? Urdu : English;

    /// <summary>A text without placeholders, or with them still in it.</summary>
    public string this[Phrase phrase] => phrase.In(Language);

    /// <summary>A text with plain values, for attributes, SVG and files. It is not encoded.</summary>
    /// <exception cref="FormatException">A placeholder has no value.</exception>
    public string Plain(Phrase phrase, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        string rest = phrase.In(Language);
        while (TakePlaceholder(ref rest, out string before, out string name))
        {
            text.Append(before).Append(TakeForms(ref name) is { } forms
                ? forms.For(Find(phrase, name, values))
                : Find(phrase, name, values));
        }

        return text.Append(rest).ToString();
    }

    /// <summary>A sentence for a page: its own words encoded, its values as markup.</summary>
    /// <exception cref="FormatException">A placeholder has no value.</exception>
    public Markup Sentence(Phrase phrase, params ReadOnlySpan<(string Name, Markup Value)> values)
    {
        var parts = new List<Markup>();
        string rest = phrase.In(Language);
        while (TakePlaceholder(ref rest, out string before, out string name))
        {
            parts.Add(Markup.Text(before));
            parts.Add(TakeForms(ref name) is { } forms
                ? Markup.Text(forms.For(Find(phrase, name, values).PlainText()))
                : Find(phrase, name, values));
        }

        parts.Add(Markup.Text(rest));
        return Markup.Concat(parts);
    }

    private static bool TakePlaceholder(ref string rest, out string before, out string name)
    {
        int open = rest.IndexOf('{', StringComparison.Ordinal);
        int close = open < 0 ? -1 : rest.IndexOf('}', open);
        before = close < 0 ? "" : rest[..open];
        name = close < 0 ? "" : rest[(open + 1)..close];
        rest = close < 0 ? rest : rest[(close + 1)..];
        return close >= 0;
    }

    /// <summary>Takes the words for one and for many from behind a placeholder's name.</summary>
    /// <returns>Null when it stands for the value itself.</returns>
    private static Forms? TakeForms(ref string name)
    {
        if (name.Split(':', '|') is not [string of, string one, string many])
        {
            return null;
        }

        name = of;
        return new Forms(one, many);
    }

    private static T Find<T>(Phrase phrase, string name, ReadOnlySpan<(string Name, T Value)> values)
    {
        foreach ((string candidate, T value) in values)
        {
            if (candidate == name)
            {
                return value;
            }
        }

        throw new FormatException($"'{phrase.English}' has no value for {{{name}}}.");
    }

    /// <summary>Words that go with a number.</summary>
    private sealed record Forms(string One, string Many)
    {
        public string For(string number) => number == "1" ? One : Many;
    }
}
