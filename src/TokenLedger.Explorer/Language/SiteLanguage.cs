// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Language;

/// <summary>A language of the explorer.</summary>
internal enum SiteLanguage
{
    /// <summary>English, from left to right.</summary>
    English,

    /// <summary>Urdu, from right to left.</summary>
    Urdu,
}

/// <summary>What HTML and URLs say of a language.</summary>
internal static class LanguageExtensions
{
    /// <summary>All languages, in the order of the language switch.</summary>
    public static IReadOnlyList<SiteLanguage> All { get; } = [SiteLanguage.English, SiteLanguage.Urdu];

    extension(SiteLanguage language)
    {
        /// <summary>BCP 47 tag, which is also the first segment of a page's path.</summary>
        public string Code => language == SiteLanguage.Urdu ? "ur" : "en";

        /// <summary>Value of the attribute dir.</summary>
        public string Direction => language == SiteLanguage.Urdu ? "rtl" : "ltr";

        /// <summary>True when text runs from right to left.</summary>
        public bool IsRightToLeft => language == SiteLanguage.Urdu;

        /// <summary>Its name in itself: who looks for a language can read that.</summary>
        public string NativeName => language == SiteLanguage.Urdu ? "اردو" : "English";

        /// <summary>The other language.</summary>
        public SiteLanguage Other => language == SiteLanguage.Urdu ? SiteLanguage.English : SiteLanguage.Urdu;
    }
}
