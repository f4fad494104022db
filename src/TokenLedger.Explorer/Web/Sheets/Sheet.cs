// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Charts;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web.Sheets;

/// <summary>
/// What a page says, in the order in which it is read: a sentence, the facts, sections with tables and
/// charts. One partial page shows all of them, so that no page forgets a table's caption or a hostile name.
/// </summary>
/// <param name="Title">Heading of the page. Plain text, not encoded; somebody's name in it is bounded when
/// it is shown.</param>
internal sealed record Sheet(string Title)
{
    /// <summary>The sentences below the heading.</summary>
    public IReadOnlyList<Markup> Lead { get; init; } = [];

    /// <summary>Names and values.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>What follows.</summary>
    public IReadOnlyList<Section> Sections { get; init; } = [];

    /// <summary>True to show the page's JSON at its end.</summary>
    public bool ShowsJson { get; init; }
}

/// <summary>A name and a value.</summary>
/// <param name="Name">Both languages' names; somebody's, when the ledger names it itself.</param>
/// <param name="Value">The value.</param>
internal sealed record Fact(Phrase Name, Markup Value)
{
    /// <summary>A fact with a name of this site.</summary>
    public static Fact Of(Phrase name, Markup value) => new(name, value);

    /// <summary>A fact that the ledger itself names.</summary>
    public static Fact Named(string name, Markup value)
    {
        string visible = VisibleText.Of(name);
        return new(new Phrase(visible, visible), value);
    }
}

/// <summary>A part of a page.</summary>
/// <param name="Heading">Its heading.</param>
internal sealed record Section(Phrase Heading)
{
    /// <summary>Sentences below the heading.</summary>
    public IReadOnlyList<Markup> Notes { get; init; } = [];

    /// <summary>Names and values.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>A drawing, with its numbers.</summary>
    public IReadOnlyList<Chart> Charts { get; init; } = [];

    /// <summary>Rows.</summary>
    public SheetTable? Table { get; init; }

    /// <summary>Items of a list.</summary>
    public IReadOnlyList<Markup> Items { get; init; } = [];

    /// <summary>How the rows can be narrowed down; null when they cannot.</summary>
    public ListFilter? Filter { get; init; }

    /// <summary>Query of the next page of rows; null on the last.</summary>
    public string? NextQuery { get; init; }

    /// <summary>A link to more.</summary>
    public Markup? More { get; init; }
}

/// <summary>Rows under headers; the first cell names the row.</summary>
internal sealed record SheetTable(IReadOnlyList<Phrase> Headers, IReadOnlyList<IReadOnlyList<Markup>> Rows);

/// <summary>A field that narrows a list down: a choice, or a number.</summary>
/// <param name="Label">What it asks.</param>
/// <param name="Name">Its name in the query.</param>
/// <param name="Value">What was asked; empty for everything.</param>
/// <param name="Choices">What it may be, with words; none for any number.</param>
/// <param name="Kept">What else the query says.</param>
internal sealed record ListFilter(
    Phrase Label,
    string Name,
    string Value,
    IReadOnlyList<(string Value, Phrase Words)> Choices,
    IReadOnlyList<(string Name, string Value)> Kept);
