// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Spectre.Console;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Output;

/// <summary>The form of data on stdout.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
    Ndjson,
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Cell">An item's text in it.</param>
/// <param name="Right">Numbers stand on the right.</param>
internal sealed record Column<T>(string Title, Func<T, string> Cell, bool Right = false);

/// <summary>Writes data to stdout in the form that was asked for.</summary>
internal sealed class Renderer(CliEnvironment environment, OutputFormat format)
{
    // Longest label of a detail view, so that a hash of 64 digits still fits 80 columns beside it.
    public const int LabelWidth = 15;

    public OutputFormat Format => format;

    public bool IsTable => format == OutputFormat.Table;

    /// <summary>A list: a table, an array, or a line each.</summary>
    public void List<T>(IReadOnlyList<T> items, Func<T, JsonObject> toJson, params Column<T>[] columns)
    {
        switch (format)
        {
            case OutputFormat.Table:
                WriteTable(items, columns);
                break;
            case OutputFormat.Ndjson:
                foreach (T item in items)
                {
                    environment.Out.WriteLine(JsonText.Compact(toJson(item)));
                }

                break;
            default:
                Write(new JsonArray([.. items.Select(item => (JsonNode)toJson(item))]));
                break;
        }
    }

    /// <summary>One thing: labelled lines, or an object.</summary>
    public void Detail(JsonObject data, params (string Label, string Value)[] lines)
    {
        if (format == OutputFormat.Table)
        {
            Lines(lines);
        }
        else
        {
            Write(data);
        }
    }

    /// <summary>Labelled lines; the values are made harmless here. Nothing in the other forms.</summary>
    public void Lines(params (string Label, string Value)[] lines)
    {
        if (format != OutputFormat.Table)
        {
            return;
        }

        foreach ((string label, string value) in lines)
        {
            DetailLines.Write(environment.Out, label, value, LabelWidth, environment.Terminal.Width);
        }
    }

    /// <summary>One of a stream of things, at once.</summary>
    public void StreamItem(JsonObject data, string head, string line)
    {
        if (format == OutputFormat.Table)
        {
            DetailLines.WriteHanging(environment.Out, head, line, environment.Terminal.Width);
        }
        else
        {
            environment.Out.WriteLine(format == OutputFormat.Yaml
                ? "---\n" + JsonText.Yaml(data)
                : JsonText.Compact(data));
        }

        environment.Out.Flush();
    }

    /// <summary>A value as it is, in the machine's forms.</summary>
    public void Write(JsonNode data) => environment.Out.WriteLine(format switch
    {
        OutputFormat.Yaml => JsonText.Yaml(data),
        OutputFormat.Ndjson => JsonText.Compact(data),
        _ => JsonText.Indented(data),
    });

    /// <summary>Text that is the whole answer (a script, a document).</summary>
    public void Raw(string text) => environment.Out.Write(text);

    private void WriteTable<T>(IReadOnlyList<T> items, Column<T>[] columns)
    {
        if (items.Count == 0)
        {
            environment.Out.WriteLine("(none)");
            return;
        }

        Table table = new Table().Border(TableBorder.None).Collapse();
        foreach (Column<T> column in columns)
        {
            var heading = new TableColumn(new Text(column.Title.ToUpperInvariant()));
            heading.Padding = new Padding(0, 0, column == columns[^1] ? 0 : 2, 0);
            table.AddColumn(column.Right ? heading.RightAligned() : heading);
        }

        foreach (T item in items)
        {
            table.AddRow(columns.Select(c => new Text(TerminalText.Safe(c.Cell(item)))).ToArray());
        }

        Trimmed.Write(environment, table);
    }
}
