// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <content>How long a node is patient with clients that follow it.</content>
public static partial class Limits
{
    /// <summary>
    /// How long the buffer of a subscriber's stream may stand full, ms, before the subscriber is told to
    /// resume: work on one buffer of events, 64 KiB, that takes longer belongs behind a queue of its own.
    /// </summary>
    public const int SubscriberSlowMs = 30_000;

    /// <summary>
    /// How long it may stand full, ms, before the stream is cut off: less than Kestrel gives the whole
    /// connection to take 64 KiB at its least rate of 240 bytes a second.
    /// </summary>
    public const int SubscriberGoneMs = 180_000;

    /// <summary>
    /// Events that a stream looks at before others have their turn, if the block has as many: a fraction of a
    /// millisecond's work.
    /// </summary>
    public const int StreamStepEvents = 512;

    /// <summary>
    /// Rows that streams of a client may read for each call a second that it may make: an event 1, what is
    /// looked up 10. About what a call costs in time.
    /// </summary>
    public const int StreamRowsPerCall = 1_000;

    /// <summary>Streams of one client that read old blocks at once: its watchers after a pause, and a few
    /// more.</summary>
    public const int ReplaysPerClient = 8;

    /// <summary>How far below the head a stream begins, blocks, that does not count as one of them: a short
    /// break's.</summary>
    public const int ReplayBlocks = 256;
}
