// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Maintenance.Scrubbing;

/// <summary>
/// Checks the flat state of one moment against the tree of the same moment, page by page: every value must be
/// proved under its key, and none may be missing. One user.
/// </summary>
public sealed class StateScrub
{
    /// <summary>Entries in a page: some 20 ms of hashing.</summary>
    public const int PageEntries = 512;

    private readonly LedgerSnapshot _snapshot;
    private readonly StateTree _tree;
    private readonly IEnumerator<StateEntry> _entries;

    /// <summary>Begins. The caller disposes the snapshot afterwards.</summary>
    /// <param name="snapshot">The state as it is stored.</param>
    /// <param name="tree">The tree of the snapshot's head.</param>
    public StateScrub(LedgerSnapshot snapshot, StateTree tree)
    {
        Invariant.Require(
            tree.Root == snapshot.Head.Header.StateRoot, "state and tree are of the same moment");
        _snapshot = snapshot;
        _tree = tree;
        _entries = snapshot.StateEntries().GetEnumerator();
    }

    /// <summary>Entries checked so far.</summary>
    public int Checked { get; private set; }

    /// <summary>Checks the next page.</summary>
    /// <param name="problem">What is wrong; null when nothing.</param>
    /// <returns>False after the last page, or a problem.</returns>
    /// <exception cref="StorageFault">The database itself found its bytes damaged.</exception>
    public bool Next(out string? problem)
    {
        problem = null;
        for (int i = 0; i < PageEntries; i++)
        {
            if (!_entries.MoveNext())
            {
                problem = Checked == _tree.Count
                    ? null
                    : $"the state has {Checked} entries, and its root covers {_tree.Count}";
                return false;
            }

            StateEntry entry = _entries.Current;
            if (!_tree.Prove(entry.Key.Span).VerifyInclusion(_tree.Root, entry.Key.Span, entry.Value.Span))
            {
                problem = $"the value of state key {Convert.ToHexStringLower(entry.Key.Span)} is not under"
                    + $" the state root of height {_snapshot.Head.Height}";
                return false;
            }

            Checked++;
        }

        return true;
    }
}
