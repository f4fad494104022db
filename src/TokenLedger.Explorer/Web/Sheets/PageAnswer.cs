// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web.Sheets;

/// <summary>What a page found out: for people, for programs, and for spreadsheets.</summary>
/// <param name="Sheet">For people.</param>
/// <param name="Data">For programs: what is serialized as the page's JSON.</param>
internal sealed record PageAnswer(Sheet Sheet, object Data)
{
    /// <summary>What <c>?at=</c> can do here.</summary>
    public Pinning Pinning { get; init; } = Pinning.Newest;

    /// <summary>What of a page as of an earlier height is as of the newest all the same; empty unless
    /// <see cref="Pinning"/> is <see cref="Sheets.Pinning.Partly"/>.</summary>
    public IReadOnlyList<Unkept> AtNewest { get; init; } = [];

    /// <summary>What a page as of an earlier height leaves out.</summary>
    public IReadOnlyList<Unkept> LeftOut { get; init; } = [];

    /// <summary>All rows as a file; null for a page without one.</summary>
    public CsvTable? Csv { get; init; }

    /// <summary>Whether new blocks change the page.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>A page to go to instead; null for none.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>What stands in the search field.</summary>
    public string Search { get; init; } = "";
}

/// <summary>Whether a page can answer for an earlier height.</summary>
internal enum Pinning
{
    /// <summary>The index keeps the newest state only; the page says so.</summary>
    Newest,

    /// <summary>Part of it is as of the height that was asked for, and the page names what is
    /// not.</summary>
    Partly,

    /// <summary>All of it is.</summary>
    Whole,
}

/// <summary>Something of which the index keeps the newest state only.</summary>
/// <param name="Name">For programs, stable.</param>
/// <param name="Words">For people, as part of a list.</param>
internal sealed record Unkept(string Name, Phrase Words)
{
    /// <summary>The most that may exist of an asset.</summary>
    public static Unkept Cap { get; } = new("cap", Phrases.UnkeptCap);

    /// <summary>Whether an asset stands still, and why.</summary>
    public static Unkept Paused { get; } = new("paused", Phrases.UnkeptPaused);

    /// <summary>How many documents an asset has.</summary>
    public static Unkept Documents { get; } = new("documents", Phrases.UnkeptDocuments);

    /// <summary>How many transactions, events, accounts and proposals there are.</summary>
    public static Unkept Counts { get; } = new("counts", Phrases.UnkeptCounts);

    /// <summary>What the day has changed so far.</summary>
    public static Unkept Day { get; } = new("today", Phrases.UnkeptDay);

    /// <summary>Who was frozen, where there were more orders than a page looks through.</summary>
    public static Unkept Frozen { get; } = new("frozen", Phrases.UnkeptFrozen);

    /// <summary>Whether an account is frozen.</summary>
    public static Unkept Freeze { get; } = new("freeze", Phrases.UnkeptFreeze);

    /// <summary>Whether an account takes units with a tag only.</summary>
    public static Unkept TagRequired { get; } = new("tagRequired", Phrases.UnkeptTagRequired);

    /// <summary>An officer's name and duties.</summary>
    public static Unkept Officer { get; } = new("officer", Phrases.UnkeptOfficer);

    /// <summary>Signers of a bridge.</summary>
    public static Unkept Signers { get; } = new("signers", Phrases.UnkeptSigners);

    /// <summary>What of a bridge stands still, and why.</summary>
    public static Unkept Stops { get; } = new("stops", Phrases.UnkeptStops);
}

/// <summary>Rows of a file, read as they are written.</summary>
/// <param name="Name">Name of the file without its ending: letters, digits, hyphens. With the height it says
/// which rows these are; manifests are remembered by it.</param>
/// <param name="Header">Names of the columns, the same in every language.</param>
/// <param name="Rows">Begins reading; the view that it reads stays open until the end.</param>
internal sealed record CsvTable(
    string Name,
    IReadOnlyList<string> Header,
    Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<string>>> Rows)
{
    /// <summary>Whether the page's link to the file names the height, so that it gives the same file again.
    /// False where an earlier height has fewer rows than the newest: the link of the newest page leaves the
    /// height out.</summary>
    public bool IsPinned { get; init; } = true;

    /// <summary>Whether there is a file of an earlier height, where the page has one.</summary>
    public bool AnswersEarlier { get; init; } = true;
}

/// <summary>Why a page cannot be shown, said in words.</summary>
/// <param name="StatusCode">Of the answer.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Title">What happened.</param>
/// <param name="Sentence">Why, and what to do.</param>
internal sealed record PageProblem(int StatusCode, string Code, Phrase Title, Markup Sentence);

/// <summary>Stops making a page; the problem becomes the answer.</summary>
internal sealed class PageProblemException(PageProblem problem) : Exception(problem.Code)
{
    /// <summary>What the answer says.</summary>
    public PageProblem Problem => problem;
}
