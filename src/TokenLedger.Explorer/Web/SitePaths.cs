// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>Paths of the pages. They are permalinks: once published, they stay.</summary>
internal static class SitePaths
{
    /// <summary>The first page.</summary>
    public static string Home(SiteLanguage language) => In(language, "");

    /// <summary>Where the search form leads.</summary>
    public static string Search(SiteLanguage language) => In(language, "search");

    /// <summary>How to check everything oneself.</summary>
    public static string Check(SiteLanguage language) => In(language, "about/check");

    /// <summary>A block, by its height.</summary>
    public static string Block(ulong height, SiteLanguage language) =>
        In(language, string.Create(CultureInfo.InvariantCulture, $"block/{height}"));

    /// <summary>A transaction, by its id in hexadecimal.</summary>
    public static string Transaction(string id, SiteLanguage language) =>
        In(language, "tx/" + Uri.EscapeDataString(id));

    /// <summary>An account, by its address as text.</summary>
    public static string Account(string address, SiteLanguage language) =>
        In(language, "account/" + Uri.EscapeDataString(address));

    /// <summary>An institution, by its address as text.</summary>
    public static string Institution(string address, SiteLanguage language) =>
        In(language, "institution/" + Uri.EscapeDataString(address));

    /// <summary>An asset, by its symbol.</summary>
    public static string Asset(string symbol, SiteLanguage language) =>
        In(language, "asset/" + Uri.EscapeDataString(symbol));

    /// <summary>A proposal, by its number.</summary>
    public static string Proposal(ulong id, SiteLanguage language) =>
        In(language, string.Create(CultureInfo.InvariantCulture, $"proposal/{id}"));

    private static string In(SiteLanguage language, string rest) => $"/{language.Code}/{rest}";
}
