// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.State;

/// <summary>Visits rows of a state, page by page.</summary>
public static class StateRows
{
    private const int PageRows = 4_096;

    /// <summary>Every row of a table, by ascending key.</summary>
    public static void Each(
        IStateView state, Table table, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit) =>
        Each(state, [(byte)table], [(byte)((byte)table + 1)], visit);

    /// <summary>The rows with <paramref name="from"/> ≤ key &lt; <paramref name="to"/>, by ascending
    /// key.</summary>
    public static void Each(
        IStateView state, byte[] from, byte[] to, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(visit);
        while (true)
        {
            IReadOnlyList<StateEntry> page = state.Range(from, to, PageRows);
            foreach (StateEntry entry in page)
            {
                visit(entry.Key.Span, entry.Value.Span);
            }

            if (page.Count < PageRows)
            {
                return;
            }

            from = [.. page[^1].Key.Span, 0];
        }
    }
}
