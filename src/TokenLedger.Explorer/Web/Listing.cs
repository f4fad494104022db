// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Web;

/// <summary>Rows of the index, a page or all of them.</summary>
internal static class Listing
{
    /// <summary>Rows of a list on a page.</summary>
    public const int PageRows = 50;

    /// <summary>What one asks for to know whether there is more.</summary>
    public const int PageRowsAndOne = PageRows + 1;

    /// <summary>The rows of a page out of one more.</summary>
    public static IReadOnlyList<T> Shown<T>(this IReadOnlyList<T> rows) =>
        rows.Count > PageRows ? [.. rows.Take(PageRows)] : rows;

    /// <summary>The last row of a page; null when no page follows.</summary>
    public static T? LastBeforeMore<T>(this IReadOnlyList<T> rows)
        where T : class => rows.Count > PageRows ? rows[PageRows - 1] : null;

    /// <summary>All rows, however many, a batch in memory at a time.</summary>
    /// <param name="read">The batch after a row; null for the first.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<T> AllAsync<T>(
        Func<T?, int, ValueTask<IReadOnlyList<T>>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class
    {
        T? last = null;
        while (true)
        {
            IReadOnlyList<T> batch = await read(last, Limits.PageRows).ConfigureAwait(false);
            foreach (T row in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return row;
                last = row;
            }

            if (batch.Count < Limits.PageRows)
            {
                yield break;
            }
        }
    }
}
