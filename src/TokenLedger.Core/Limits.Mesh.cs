// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <content>What the adapter for exchanges (Mesh API) takes and holds.</content>
public static partial class Limits
{
    /// <summary>
    /// Bytes in a request to the adapter: 200 operations of 1 KB, which are 100 transfers, and room.
    /// </summary>
    public const int MeshRequestBytes = 256 * 1024;

    /// <summary>Open connections to the adapter: an exchange's own machines, and nobody else's.</summary>
    public const int MeshConnections = 256;

    /// <summary>
    /// Requests that the adapter works on at once; others wait. The largest answer is some 20 MB.
    /// </summary>
    public const int MeshRequestsAtOnce = 16;

    /// <summary>
    /// How long a request may take, ms, from its first byte to the answer's last: the node's ten seconds for
    /// a few calls, and a large answer over a slow line.
    /// </summary>
    public const int MeshRequestWithinMs = 60_000;

    /// <summary>
    /// Operations within the answer for one block, about 2 MB: transactions after them are named there, and
    /// asked for one by one.
    /// </summary>
    public const int MeshInlineOperations = 4_000;

    /// <summary>
    /// Currencies in one question for balances: each is a call to the node. Whoever has more names them.
    /// </summary>
    public const int MeshCurrencies = 256;

    /// <summary>Blocks that one reading of the node's stream takes ahead of who walks the chain.</summary>
    public const int MeshBlocksAhead = 32;

    /// <summary>
    /// Bytes after which it takes no further one: a quarter of what is kept, so that the first of them is
    /// still there when it is asked for.
    /// </summary>
    public const long MeshBytesAhead = MeshCachedBytes / 4;

    /// <summary>
    /// Submitted transactions of which one listing of those that wait asks the node: fewer than a client
    /// without a key may call in a second.
    /// </summary>
    public const int MeshPendingAsked = 32;

    /// <summary>
    /// Bytes of verified blocks that the adapter keeps, as they came: two of the largest with their events,
    /// thousands of common ones.
    /// </summary>
    public const long MeshCachedBytes = 32L * 1024 * 1024;

    /// <summary>Assets whose decimals the adapter keeps; those of more are asked for each time.</summary>
    public const int MeshCachedAssets = 10_000;

    /// <summary>Blocks in one answer about the blocks that were added.</summary>
    public const int MeshBlockEvents = 100;

    /// <summary>
    /// Transactions that were handed in here and whose end is not known yet: four senders' full share of the
    /// pool, each of which costs a call when they are listed. The oldest goes first.
    /// </summary>
    public const int MeshPendingTransactions = 4 * PoolPerSender;
}
