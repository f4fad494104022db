// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Explorer.Language;

/// <summary>A page's path taken apart: its language, and the rest, which both languages share.</summary>
/// <param name="Language">What the first segment says.</param>
/// <param name="Rest">What follows the first segment: begins with a slash.</param>
internal readonly record struct LanguagePath(SiteLanguage Language, string Rest)
{
    // Longer headers come from no browser.
    private const int MaxHeader = 256;

    /// <summary>Takes <c>/en/…</c> and <c>/ur/…</c> apart; false for every other path.</summary>
    public static bool TryParse(string path, out LanguagePath parsed)
    {
        foreach (SiteLanguage language in LanguageExtensions.All)
        {
            string prefix = "/" + language.Code;
            if (path.StartsWith(prefix, StringComparison.Ordinal)
                && (path.Length == prefix.Length || path[prefix.Length] == '/'))
            {
                string rest = path.Length == prefix.Length ? "/" : path[prefix.Length..];
                parsed = new LanguagePath(language, rest);
                return true;
            }
        }

        parsed = default;
        return false;
    }

    /// <summary>The same page in a language.</summary>
    public string In(SiteLanguage language) => "/" + language.Code + Rest;

    /// <summary>
    /// What a browser that names no language in the path is sent to: Urdu when it prefers that to English.
    /// </summary>
    /// <param name="acceptLanguage">The header Accept-Language; null when there is none.</param>
    public static SiteLanguage Preferred(string? acceptLanguage)
    {
        int english = 0;
        int urdu = 0;
        if (acceptLanguage is { Length: <= MaxHeader })
        {
            foreach (string part in acceptLanguage.Split(','))
            {
                string[] fields = part.Split(';');
                string tag = fields[0].Trim();
                int weight = fields.Length > 1 ? Weight(fields[1]) : 1000;
                english = IsOf(tag, SiteLanguage.English) ? Math.Max(english, weight) : english;
                urdu = IsOf(tag, SiteLanguage.Urdu) ? Math.Max(urdu, weight) : urdu;
            }
        }

        return urdu > english ? SiteLanguage.Urdu : SiteLanguage.English;
    }

    private static bool IsOf(string tag, SiteLanguage language) =>
        tag.StartsWith(language.Code, StringComparison.OrdinalIgnoreCase)
        && (tag.Length == 2 || tag[2] == '-');

    // Thousandths, as RFC 9110 has at most three decimals: q=0.85 is 850.
    private static int Weight(string field)
    {
        string text = field.Trim();
        if (!text.StartsWith("q=", StringComparison.OrdinalIgnoreCase) || text.Length is < 3 or > 7)
        {
            return 0;
        }

        bool one = text[2] == '1';
        string decimals = text.Length > 4 && text[3] == '.' ? text[4..].PadRight(3, '0') : "000";
        return one ? 1000
            : int.TryParse(decimals, NumberStyles.None, CultureInfo.InvariantCulture, out int weight)
                ? weight
                : 0;
    }
}
