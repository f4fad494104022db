// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <content>What the bridge to other chains may hold and do.</content>
public static partial class Limits
{
    /// <summary>Items in one mint, and nonces in one void (consensus): what one call abroad takes.</summary>
    public const int BridgeItemsPerMessage = 50;

    /// <summary>Observations in one operation (consensus): as many burns as fit a transaction's
    /// bytes.</summary>
    public const int BridgeObservationsPerOperation = 50;

    /// <summary>
    /// Burns ahead of the next that can be voted on (consensus): validators read at different times, and
    /// what they agree on early waits in the state for its turn.
    /// </summary>
    public const ulong BridgeBurnsAhead = 256;

    /// <summary>
    /// Waiting locks of a lane, the oldest, that a block looks at to put them into messages (consensus): 20
    /// full messages.
    /// </summary>
    public const int BridgeQueueRows = 1_000;

    /// <summary>
    /// Locks of a lane without an end (consensus): each signer reads all of them at every look, and proves
    /// that their nonces are unused.
    /// </summary>
    public const uint BridgeOpenLocks = 20_000;

    /// <summary>
    /// Of these, locks of one account (consensus): a tenth, so that nobody alone keeps the others out.
    /// </summary>
    public const uint BridgeOpenLocksPerAccount = 2_000;

    /// <summary>Shortest and longest time that a lock may wait for its mint, ms (consensus): ten seconds, for
    /// test networks, and thirty days.</summary>
    public const ulong BridgeLockMinMs = 10_000;

    /// <inheritdoc cref="BridgeLockMinMs"/>
    public const ulong BridgeLockMaxMs = 30UL * 24 * 3600 * 1000;

    /// <summary>
    /// Reports, and alarms, on one token that a signer may have undecided (consensus): its lowest gives way.
    /// An hour of Ethereum has ten checkpoints.
    /// </summary>
    public const int BridgeReportsPerSigner = 8;

    /// <summary>How far ahead a change of signers may begin, ms (consensus): while it waits there is no
    /// other.</summary>
    public const ulong BridgeRotationAheadMs = 30UL * 24 * 3600 * 1000;

    /// <summary>Longest time that locks are gathered into one message, ms (consensus).</summary>
    public const ulong BridgeGatherMaxMs = 3_600_000;

    /// <summary>Lanes, one for each chain abroad (consensus): each costs every validator its
    /// endpoints.</summary>
    public const int BridgeLanes = 16;

    /// <summary>Tokens of one lane (consensus): a report reads each of them at every final block abroad.
    /// </summary>
    public const int BridgeTokensPerLane = 256;
}
