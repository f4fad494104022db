// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>Paths of the pages. They are permalinks: once published, they stay.</summary>
internal static class SitePaths
{
    /// <summary>The stream of new blocks.</summary>
    public const string Live = "/live";

    /// <summary>The page on which a reader checks a proof, as one file.</summary>
    public const string VerifierFile = "/verifier.html";

    /// <summary>The main menu: paths behind the language, and their names.</summary>
    public static IReadOnlyList<(string Path, Phrase Name)> Menu { get; } =
    [
        ("/", Phrases.Home),
        ("/assets", Phrases.Assets),
        ("/institutions", Phrases.Institutions),
        ("/proposals", Phrases.Proposals),
        ("/reserves", Phrases.Reserves),
        ("/freezes", Phrases.FreezeRegister),
        ("/blocks", Phrases.Blocks),
        ("/transactions", Phrases.Transactions),
        ("/events", Phrases.Events),
        ("/bridge", Phrases.Bridge),
        ("/about", Phrases.About),
    ];

    /// <summary>A page by what stands behind the language.</summary>
    public static string In(SiteLanguage language, string rest) => $"/{language.Code}{rest}";

    /// <summary>The first page.</summary>
    public static string Home(SiteLanguage language) => In(language, "/");

    /// <summary>Where the search form leads.</summary>
    public static string Search(SiteLanguage language) => In(language, "/search");

    /// <summary>What the search field suggests.</summary>
    public static string Suggest(SiteLanguage language) => In(language, "/suggest");

    /// <summary>How to check everything oneself.</summary>
    public static string Check(SiteLanguage language) => In(language, "/about/check");

    /// <summary>The page on which a reader checks a proof.</summary>
    public static string Verify(SiteLanguage language) => In(language, "/verify");

    /// <summary>That page with the proof of what an account has of an asset.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="asset">Units of what.</param>
    /// <param name="at">After which block; null for now.</param>
    /// <param name="language">The page's.</param>
    public static string VerifyBalance(Address account, AssetId asset, Height? at, SiteLanguage language) =>
        Verify(language) + $"?bundle=/api/proof/balance/{Eip55.Format(account)}/{asset}"
            + (at is { } height ? "/" + Text(height.Value) : "");

    /// <summary>That page with the proof of how much of an asset is out now.</summary>
    public static string VerifySupply(AssetId asset, SiteLanguage language) =>
        Verify(language) + $"?bundle=/api/proof/supply/{asset}";

    /// <summary>That page with the proof of an event.</summary>
    public static string VerifyEvent(EventPlace place, SiteLanguage language) =>
        Verify(language) + $"?bundle=/api/proof/event/{Text(place.Height.Value)}/{Text(place.Index)}";

    /// <summary>A block, by its height.</summary>
    public static string Block(ulong height, SiteLanguage language) => In(language, $"/block/{Text(height)}");

    /// <summary>A transaction, by its id.</summary>
    public static string Transaction(Hash256 id, SiteLanguage language) => In(language, $"/transaction/{id}");

    /// <summary>An event, by its place.</summary>
    public static string Event(EventPlace place, SiteLanguage language) =>
        In(language, $"/event/{Text(place.Height.Value)}/{Text(place.Index)}");

    /// <summary>An account.</summary>
    public static string Account(Address account, SiteLanguage language) =>
        In(language, "/account/" + Eip55.Format(account));

    /// <summary>An institution.</summary>
    public static string Institution(Address institution, SiteLanguage language) =>
        In(language, "/institution/" + Eip55.Format(institution));

    /// <summary>An asset.</summary>
    public static string Asset(AssetId asset, SiteLanguage language) => In(language, $"/asset/{asset}");

    /// <summary>An asset's holders.</summary>
    public static string Holders(AssetId asset, SiteLanguage language) =>
        In(language, $"/asset/{asset}/holders");

    /// <summary>A proposal, by its number.</summary>
    public static string Proposal(ulong id, SiteLanguage language) => In(language, $"/proposal/{Text(id)}");

    /// <summary>Where a search hit leads; null for a target that is none.</summary>
    public static string? Of(SearchHit hit, SiteLanguage language) => hit.Kind switch
    {
        SearchKind.Asset => AssetId.TryParse(hit.Target, out AssetId asset) ? Asset(asset, language) : null,
        SearchKind.Institution =>
            Address.TryParse(hit.Target, out Address one) ? Institution(one, language) : null,
        SearchKind.Account => Address.TryParse(hit.Target, out Address one) ? Account(one, language) : null,
        SearchKind.Block => ulong.TryParse(hit.Target, CultureInfo.InvariantCulture, out ulong height)
            ? Block(height, language)
            : null,
        SearchKind.Transaction =>
            Hash256.TryParse(hit.Target, out Hash256 id) ? Transaction(id, language) : null,
        _ => null,
    };

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
