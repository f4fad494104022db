// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>A final height as the chain's thread left it: what a snapshot is made from.</summary>
/// <param name="Ledger">The ledger at that height; whoever takes the source disposes it.</param>
/// <param name="Tree">The tree over its state.</param>
/// <param name="Certificate">The finalization of exactly that block.</param>
/// <param name="HistoryBefore">The range over the headers before it.</param>
internal sealed record SnapshotSource(
    LedgerSnapshot Ledger, StateTree Tree, Certificate Certificate, MountainRange HistoryBefore)
{
    /// <summary>What its chunks are verified against.</summary>
    public SnapshotHead Head => new(Ledger.Head.Header, Certificate, HistoryBefore);
}

/// <summary>Makes snapshots at heights that it chooses. The chain's thread calls it.</summary>
internal interface ISnapshotTaker
{
    /// <summary>True when the new head, after a commit, is worth a snapshot.</summary>
    bool Wants(ulong heightBefore, ulong height);

    /// <summary>Returns at once and makes a snapshot in the background. It owns the source.</summary>
    void Take(SnapshotSource source);
}
