// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>Visits every row of a table, page by page.</summary>
internal static class StateRows
{
    private const int PageRows = 4_096;

    public static void Each(
        IStateView state, Table table, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit) =>
        Each(state, [(byte)table], [(byte)((byte)table + 1)], visit);

    public static void Each(
        IStateView state, byte[] from, byte[] to, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit)
    {
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
