// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Consensus;

/// <summary>
/// The timers of a view, all in milliseconds. They decide speed only: no timer takes part in safety.
/// </summary>
/// <param name="LeaderMs">How long a view waits for its proposal: 2Δ.</param>
/// <param name="CertifyMs">
/// How long it waits for a certified block: 3Δ; more than <paramref name="LeaderMs"/>.
/// </param>
/// <param name="RetryMs">How often a stuck view says its nullify again and asks for what it misses.</param>
/// <param name="SkipMs">
/// After how long a silence a leader's turn is skipped; more than every other timer and the heartbeat
/// together.
/// </param>
/// <param name="HeartbeatMs">
/// How long an idle leader may wait before it proposes an empty block; added to both waits of a view, and
/// taken away from them by <see cref="WorkPending"/> and by the proposal itself.
/// </param>
public sealed record ConsensusTimers(
    ulong LeaderMs, ulong CertifyMs, ulong RetryMs, ulong SkipMs, ulong HeartbeatMs)
{
    /// <summary>
    /// Views without finality that are normal, since finality follows its view; they grow no timer.
    /// </summary>
    public const ulong FreeViews = 3;

    /// <summary>By how much each further view without finality lengthens the timers, percent.</summary>
    public ulong GrowthPercent { get; init; } = 25;

    /// <summary>
    /// The longest that growth makes a timer, as a multiple. A cap is safe here: certificates bring views
    /// together, not long waits.
    /// </summary>
    public ulong GrowthCap { get; init; } = 8;

    /// <summary>Timers for a network where a message takes at most Δ, processing included.</summary>
    public static ConsensusTimers FromDelta(ulong deltaMs, ulong heartbeatMs) =>
        new(2 * deltaMs, 3 * deltaMs, 2 * deltaMs, (8 * deltaMs) + (2 * heartbeatMs), heartbeatMs);

    /// <summary>Checks the relations between the timers.</summary>
    /// <exception cref="ArgumentException">A relation does not hold; the message says which.</exception>
    public void Validate()
    {
        Require(LeaderMs > 0 && RetryMs > 0, "the leader timeout and the retry interval are positive");
        Require(CertifyMs > LeaderMs, "the certification timeout is longer than the leader timeout");
        Require(SkipMs > CertifyMs + HeartbeatMs, "the skip timeout is longer than a whole view may take");
        Require(SkipMs > RetryMs, "the skip timeout is longer than the retry interval");
        Require(GrowthPercent is > 0 and <= 100, "growth is 1 to 100 percent a view");
        Require(GrowthCap is >= 1 and <= 64, "the growth cap is 1 to 64");
    }

    /// <summary>
    /// <paramref name="baseMs"/> lengthened for <paramref name="viewsWithoutFinality"/>: the same on every
    /// node that knows the same last final view, and back to the base with the next finality.
    /// </summary>
    public ulong Grown(ulong baseMs, ulong viewsWithoutFinality)
    {
        ulong steps = viewsWithoutFinality > FreeViews ? viewsWithoutFinality - FreeViews : 0;
        ulong percent = 100;
        for (ulong i = 0; i < steps && percent < 100 * GrowthCap; i++)
        {
            percent += Math.Max(1, percent * GrowthPercent / 100);
        }

        return baseMs * Math.Min(percent, 100 * GrowthCap) / 100;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ArgumentException("Consensus timers: " + what + ".");
        }
    }
}
