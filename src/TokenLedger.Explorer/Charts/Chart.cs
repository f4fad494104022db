// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Charts;

/// <summary>A drawing and the numbers that it draws, for the partial page _Chart.</summary>
/// <param name="Drawing">One svg element; null when there is nothing to draw.</param>
/// <param name="Note">A sentence that belongs to it; empty for none.</param>
/// <param name="Table">All that the drawing shows, exactly.</param>
internal sealed record Chart(Markup? Drawing, string Note, ChartTable Table);

/// <summary>What a chart shows, in rows.</summary>
/// <param name="Caption">The chart's title.</param>
/// <param name="Headers">Names of the columns; the first column names the row.</param>
/// <param name="Rows">As many cells in each as there are headers. Plain text, not encoded.</param>
internal sealed record ChartTable(
    string Caption, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>What all charts need to know.</summary>
/// <param name="Id">Unique in its page: lower-case letters, digits, hyphens.</param>
/// <param name="Title">What it shows. Plain text, not encoded.</param>
/// <param name="Decimals">Decimals of its amounts.</param>
/// <param name="Language">Language of its words, and whether bars begin on the right.</param>
internal sealed record ChartFrame(string Id, string Title, int Decimals, SiteLanguage Language)
{
    /// <summary>The words.</summary>
    public Texts Texts => Texts.Of(Language);

    /// <summary>Whether its points in time stand for whole days, in UTC.</summary>
    public bool IsByDay { get; init; }

    /// <summary>A point in time, for the table.</summary>
    public string Time(ulong timeMs) => IsByDay
        ? TimeText.DateUtc(timeMs, Language)
        : TimeText.DateAndTime(timeMs, Language);

    /// <summary>The day of a point in time.</summary>
    public string Date(ulong timeMs) => IsByDay
        ? TimeText.DateUtc(timeMs, Language)
        : TimeText.Date(timeMs, Language);

    /// <summary>Every digit of an amount, for the table.</summary>
    public string Exact(UInt128 units) => NumberText.Exact(units, Decimals, Language);

    /// <summary>A short amount, for sentences.</summary>
    public string Words(UInt128 units) => NumberText.Words(units, Decimals, Language);

    /// <summary>A chart of no data: the sentence that says so, and a table without rows.</summary>
    public Chart Nothing(IReadOnlyList<string> headers) =>
        new(null, Texts[Phrases.ChartEmpty], new ChartTable(Title, headers, []));
}
