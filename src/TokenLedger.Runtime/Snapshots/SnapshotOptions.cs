// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>Snapshots that a node makes for others.</summary>
/// <param name="Folder">Where they are kept; made when missing.</param>
/// <param name="EveryBlocks">Blocks from one to the next; 0 for only those that an operator asks
/// for.</param>
public sealed record SnapshotOptions(string Folder, ulong EveryBlocks)
{
    /// <summary>
    /// Blocks between snapshots unless configured: at one a second every three hours, under load every half
    /// hour, so that making them is a small part of a node's work.
    /// </summary>
    public const ulong DefaultEveryBlocks = 10_000;
}

/// <summary>How a node that has nothing, or is far behind, gets a state.</summary>
/// <param name="BehindBlocks">Behind by at least so many blocks, it fetches a snapshot instead of executing
/// them; 0 for never.</param>
/// <param name="Checkpoint">A final block that its operator pinned; null to rest on genesis alone.</param>
/// <param name="OpenStaging">Opens the database that the snapshot is written to; what it held before a crash
/// is still there.</param>
/// <param name="Adopt">Puts that database, closed and finished, in the place of the ledger's.</param>
public sealed record StateSyncOptions(
    ulong BehindBlocks, Checkpoint? Checkpoint, Func<IKeyValueStore> OpenStaging, Action Adopt)
{
    /// <summary>
    /// Blocks unless configured: what block catch-up does in two minutes at its required pace.
    /// </summary>
    public const ulong DefaultBehindBlocks = 10_000;
}
