// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// What the layout shows around a page. A page puts it into its view data: <c>ViewData.SetFrame(frame)</c>.
/// </summary>
/// <param name="Address">The page's path: its language and the rest.</param>
/// <param name="Title">The page's title. Plain text, not encoded; somebody's name in it is bounded here.</param>
/// <param name="Freshness">How current the page is.</param>
internal sealed record PageFrame(LanguagePath Address, string Title, Freshness Freshness)
{
    /// <summary>The query with its question mark, which the other language's page gets too; empty for
    /// none.</summary>
    public string Query { get; init; } = "";

    /// <summary>What was searched for, to stand in the field again.</summary>
    public string Search { get; init; } = "";

    /// <summary>The main menu: paths behind the language, and their names.</summary>
    public IReadOnlyList<(string Path, TextKey Name)> Menu { get; init; } = [];

    /// <summary>Path of this page as JSON; null when it has none.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Path of the event stream that keeps the page up to date; null for a page that stays as it
    /// is.</summary>
    public string? LivePath { get; init; }

    /// <summary>The language.</summary>
    public SiteLanguage Language => Address.Language;

    /// <summary>The words.</summary>
    public Texts Texts => Texts.Of(Language);

    /// <summary>This page in a language.</summary>
    public string PathIn(SiteLanguage language) => Address.In(language) + Query;
}

/// <summary>What a page is as of, and how long ago that was.</summary>
/// <param name="Height">The block.</param>
/// <param name="BlockTimeMs">The block's time.</param>
/// <param name="NowMs">When the page was made.</param>
internal sealed record Freshness(ulong Height, ulong BlockTimeMs, ulong NowMs)
{
    /// <summary>An age at which something is wrong: blocks come every few seconds.</summary>
    public const ulong StaleAfterMs = 30_000;

    /// <summary>The height that the reader asked for; null for the newest.</summary>
    public ulong? PinnedHeight { get; init; }

    /// <summary>True when the page says that it may be out of date. A page of the past never is.</summary>
    public bool IsStale =>
        PinnedHeight is null && NowMs > BlockTimeMs && NowMs - BlockTimeMs > StaleAfterMs;

    /// <summary>"As of block 1,234, 12 seconds ago".</summary>
    public Markup Sentence(SiteLanguage language) => Texts.Of(language).Sentence(
        TextKey.AsOfBlock,
        ("height", Markup.Link(
            SitePaths.Block(Height, language), Markup.Value(NumberText.Count(Height, language)))),
        ("age", Age(language)));

    /// <summary>The age, with the time in full.</summary>
    public Markup Age(SiteLanguage language) =>
        Markup.Time(TimeText.Iso(BlockTimeMs), TimeText.Since(BlockTimeMs, NowMs, language));
}

/// <summary>Where pages and the layout keep the frame.</summary>
internal static class PageFrameExtensions
{
    private const string Key = "Frame";

    /// <summary>Sets the page's frame.</summary>
    public static void SetFrame(this ViewDataDictionary data, PageFrame frame) => data[Key] = frame;

    /// <summary>The page's frame.</summary>
    /// <exception cref="InvalidOperationException">The page set none.</exception>
    public static PageFrame Frame(this ViewDataDictionary data) => data[Key] as PageFrame
        ?? throw new InvalidOperationException("The page has not set its frame.");
}
