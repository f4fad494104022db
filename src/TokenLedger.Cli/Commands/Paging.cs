// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;

namespace TokenLedger.Cli.Commands;

/// <summary>Reads a list page by page; the pages answer for one height.</summary>
internal static class Paging
{
    public static Option<int> LimitOption(int otherwise)
    {
        var option = new Option<int>("--limit")
        {
            Description = $"At most this many rows; 0 for all (default {otherwise}).",
            HelpName = "N",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && (!int.TryParse(result.Tokens[0].Value, out int limit) || limit < 0))
            {
                result.AddError("--limit is a number of rows, or 0 for all.");
            }
        });
        return option;
    }

    /// <param name="session">The session.</param>
    /// <param name="limit">Most rows; 0 for all.</param>
    /// <param name="page">Reads a page of a size from a token.</param>
    public static async Task<List<T>> ReadAsync<T>(
        Session session, int limit, Func<uint, string, Task<Page<T>>> page)
    {
        var rows = new List<T>();
        string token = "";
        ulong height;
        do
        {
            int size = limit == 0 ? Limits.PageRows : Math.Min(Limits.PageRows, limit - rows.Count);
            Page<T> read = await page((uint)size, token);
            rows.AddRange(limit == 0 ? read.Rows : read.Rows.Take(limit - rows.Count));
            token = read.Next;
            height = read.Height;
        }
        while (token.Length > 0 && (limit == 0 || rows.Count < limit));

        session.Talk.Say(token.Length > 0
            ? $"as of height {height}; there are more: --limit 0 for all"
            : $"as of height {height}");
        return rows;
    }
}

/// <summary>A page of rows.</summary>
internal sealed record Page<T>(IReadOnlyCollection<T> Rows, string Next, ulong Height);
