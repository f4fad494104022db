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
}
