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

    /// <summary>Part of it is as of the height that was asked for, and the page says which part is
    /// not.</summary>
    Partly,

    /// <summary>All of it is.</summary>
    Whole,
}

/// <summary>Rows of a file, read as they are written.</summary>
/// <param name="Name">Name of the file without its ending: letters, digits, hyphens. With the height it says
/// which rows these are; manifests are remembered by it.</param>
/// <param name="Header">Names of the columns, the same in every language.</param>
/// <param name="Rows">Begins reading; the view that it reads stays open until the end.</param>
internal sealed record CsvTable(
    string Name,
    IReadOnlyList<string> Header,
    Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<string>>> Rows);

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
