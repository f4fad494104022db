// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <content>What one validator or observer may take of another one: they are known, and may lie.</content>
public static partial class Limits
{
    /// <summary>
    /// Open connections on the peers' port that have shown no key of ours yet: all of 31 validators and 64
    /// observers begin at once. One more, and the oldest is closed.
    /// </summary>
    public const int PeerHandshakes = 128;

    /// <summary>How long such a one may take to show a key, ms: a slow line's round trips.</summary>
    public const int PeerHandshakeMs = 5_000;

    /// <summary>
    /// Open connections of one validator's or observer's key: it has two, and more for a while when a line
    /// broke and nobody has noticed. One more, and its oldest is closed.
    /// </summary>
    public const int ConnectionsPerPeer = 8;

    /// <summary>
    /// Transactions a second that one peer may hand in: about what four validators on one small machine
    /// finalize together. To read and check so many takes a quarter of one processor.
    /// </summary>
    public const int PeerTransactionsPerSecond = 2_000;

    /// <summary>Open connections on the peers' port in all.</summary>
    public const int PeerConnections = PeerHandshakes + (ConnectionsPerPeer * (Validators + Observers));
}
