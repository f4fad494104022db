// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Snapshots;

namespace TokenLedger.Node.Configuration;

/// <summary>Snapshots that the node makes, and when it fetches one.</summary>
/// <param name="SnapshotEveryBlocks">Blocks from one snapshot to the next; 0 for none by itself.</param>
/// <param name="StateSyncBehindBlocks">How far behind it must be to fetch a snapshot; 0 for never.</param>
/// <param name="Checkpoint">A final block that no chain may contradict; null for none.</param>
internal sealed record SyncSettings(
    ulong SnapshotEveryBlocks, ulong StateSyncBehindBlocks, Checkpoint? Checkpoint);
