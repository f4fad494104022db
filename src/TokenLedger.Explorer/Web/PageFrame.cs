// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>
/// What the layout shows around a page. A page puts it into its view data: <c>ViewData.SetFrame(frame)</c>.
/// </summary>
/// <param name="Address">The page's path: its language and the rest.</param>
/// <param name="Title">The page's title. Plain text, not encoded; somebody's name in it is bounded
/// here.</param>
internal sealed record PageFrame(LanguagePath Address, string Title)
{
    /// <summary>How current the page is; null when nothing is indexed yet.</summary>
    public Freshness? Freshness { get; init; }

    /// <summary>The query with its question mark, which the other language's page gets too; empty for
    /// none.</summary>
    public string Query { get; init; } = "";

    /// <summary>What was searched for, to stand in the field again.</summary>
    public string Search { get; init; } = "";

    /// <summary>Path of this page as JSON; null when it has none.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Paths of all rows as a file, and of its manifest; null when there is none.</summary>
    public (string File, string Manifest)? Csv { get; init; }

    /// <summary>This page as it is now, for ever; null when the index cannot give that.</summary>
    public string? Permalink { get; init; }

    /// <summary>
    /// How htmx fetches what lists ask for: nothing is evaluated, no style or script is put in, nobody else
    /// is asked, and the way back loads the page. Whatever the site answers is shown, refusals too.
    /// </summary>
    public const string ListSettings =
        "{\"allowEval\":false,\"allowScriptTags\":false,\"includeIndicatorStyles\":false,"
        + "\"selfRequestsOnly\":true,\"historyCacheSize\":0,\"refreshOnHistoryMiss\":true,"
        + "\"responseHandling\":[{\"code\":\".*\",\"swap\":true}]}";

    /// <summary>Whether the page has a list that goes on, or that can be narrowed down.</summary>
    public bool HasList { get; init; }

    /// <summary>Whether new blocks change the page.</summary>
    public bool IsLive { get; init; }

    /// <summary>The language.</summary>
    public SiteLanguage Language => Address.Language;

    /// <summary>The words.</summary>
    public Texts Texts => Texts.Of(Language);

    /// <summary>This page in a language.</summary>
    public string PathIn(SiteLanguage language) => Address.In(language) + Query;
}

/// <summary>What a page is as of, how long ago that was, and what is wrong with it.</summary>
/// <param name="Cursor">The newest block that the page knows of.</param>
/// <param name="Status">How the index stands to its node.</param>
/// <param name="NowMs">When the page was made, milliseconds since 1970 UTC.</param>
internal sealed record Freshness(IndexCursor Cursor, FollowerStatus Status, ulong NowMs)
{
    /// <summary>An age at which something is wrong: blocks come every second or so.</summary>
    public const ulong StaleAfterMs = 30_000;

    /// <summary>Blocks behind the node from which on a page says so.</summary>
    public const ulong BehindBlocks = 3;

    /// <summary>The height that the reader asked for; null for the newest.</summary>
    public ulong? PinnedHeight { get; init; }

    /// <summary>Whether all, a part or nothing of the page is as of that height.</summary>
    public Sheets.Pinning Pinning { get; init; }

    /// <summary>What is as of the newest height all the same.</summary>
    public IReadOnlyList<Sheets.Unkept> AtNewest { get; init; } = [];

    /// <summary>What is left out, as it is not kept for that height.</summary>
    public IReadOnlyList<Sheets.Unkept> LeftOut { get; init; } = [];

    /// <summary>Sentences that warn of what is shown; none when all is well.</summary>
    public IEnumerable<Markup> Warnings(SiteLanguage language)
    {
        Texts texts = Texts.Of(language);
        if (Status.Unverified)
        {
            yield return Markup.Text(texts[Phrases.Unverified]);
        }

        if (!Status.Connected && Status.IndexFailure is null)
        {
            yield return Markup.Text(texts[Phrases.NotConnected]);
        }

        if (Status.Lag > BehindBlocks)
        {
            yield return texts.Sentence(
                Phrases.Behind, ("count", Markup.Value(NumberText.Count(Status.Lag.Value, language))));
        }
        else if (NowMs > Cursor.Time.Value && NowMs - Cursor.Time.Value > StaleAfterMs)
        {
            yield return texts.Sentence(Phrases.Stale, ("age", Age(language)));
        }
    }

    /// <summary>What the page says of the height that was asked for; null when none was.</summary>
    public Markup? PinSentence(SiteLanguage language)
    {
        if (PinnedHeight is not { } pinned)
        {
            return null;
        }

        Phrase phrase = Pinning switch
        {
            Sheets.Pinning.Whole => Phrases.PinnedAtBlock,
            Sheets.Pinning.Partly => Phrases.PinnedPartly,
            _ => Phrases.PinnedNotAtAll,
        };
        Texts texts = Texts.Of(language);
        Markup sentence = texts.Sentence(
            phrase, ("height", Markup.Value(NumberText.Count(pinned, language))),
            ("newest", Markup.Value(NumberText.Count(Cursor.Height.Value, language))),
            ("list", List(AtNewest, texts)));
        if (LeftOut.Count == 0)
        {
            return sentence;
        }

        Markup leftOut = texts.Sentence(Phrases.PinnedLeftOut, ("list", List(LeftOut, texts)));
        return Markup.Join(" ", [sentence, leftOut]);
    }

    private static Markup List(IReadOnlyList<Sheets.Unkept> parts, Texts texts) =>
        Markup.Text(string.Join(texts[Phrases.ListSeparator], parts.Select(one => texts[one.Words])));

    /// <summary>"As of block 1,234, 12 seconds ago".</summary>
    public Markup Sentence(SiteLanguage language) => Texts.Of(language).Sentence(
        Phrases.AsOfBlock,
        ("height", Markup.Link(
            SitePaths.Block(Cursor.Height.Value, language),
            Markup.Value(NumberText.Count(Cursor.Height.Value, language)))),
        ("age", Age(language)));

    private Markup Age(SiteLanguage language) => Markup.Time(
        TimeText.Iso(Cursor.Time.Value), TimeText.Since(Cursor.Time.Value, NowMs, language));
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
