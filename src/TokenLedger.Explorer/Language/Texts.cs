// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Text;

namespace TokenLedger.Explorer.Language;

/// <summary>
/// The explorer's own words in one language. A text has placeholders in braces, <c>{amount}</c>, by name: word
/// order differs between languages. Immutable.
/// </summary>
internal sealed class Texts
{
    private static readonly Texts English = new(SiteLanguage.English, EnglishTexts.All);
    private static readonly Texts Urdu = new(SiteLanguage.Urdu, UrduTexts.All);

    private readonly FrozenDictionary<TextKey, string> _texts;

    private Texts(SiteLanguage language, IReadOnlyDictionary<TextKey, string> texts)
    {
        Language = language;
        _texts = texts.ToFrozenDictionary();
    }

    /// <summary>The language.</summary>
    public SiteLanguage Language { get; }

    /// <summary>The texts of a language.</summary>
    public static Texts Of(SiteLanguage language) => language == SiteLanguage.Urdu ? Urdu : English;

    /// <summary>A text without placeholders, or with them still in it.</summary>
    public string this[TextKey key] => _texts[key];

    /// <summary>A text with plain values, for attributes, SVG and files. It is not encoded.</summary>
    /// <exception cref="FormatException">A placeholder has no value.</exception>
    public string Plain(TextKey key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = new StringBuilder();
        string rest = _texts[key];
        while (TakePlaceholder(ref rest, out string before, out string name))
        {
            text.Append(before).Append(Find(key, name, values));
        }

        return text.Append(rest).ToString();
    }

    /// <summary>A sentence for a page: its own words encoded, its values as markup.</summary>
    /// <exception cref="FormatException">A placeholder has no value.</exception>
    public Markup Sentence(TextKey key, params ReadOnlySpan<(string Name, Markup Value)> values)
    {
        var parts = new List<Markup>();
        string rest = _texts[key];
        while (TakePlaceholder(ref rest, out string before, out string name))
        {
            parts.Add(Markup.Text(before));
            parts.Add(Find(key, name, values));
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

    private static T Find<T>(TextKey key, string name, ReadOnlySpan<(string Name, T Value)> values)
    {
        foreach ((string candidate, T value) in values)
        {
            if (candidate == name)
            {
                return value;
            }
        }

        throw new FormatException($"{key} has no value for {{{name}}}.");
    }
}
