// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Bridge;

/// <summary>
/// Token buckets. They count thousandths of atomic units: a refill after some milliseconds loses nothing.
/// </summary>
public static class BridgeBuckets
{
    private const uint Scale = 1_000;

    /// <summary>Whole units that may pass at a moment.</summary>
    public static Amount AvailableAt(BridgeBucket bucket, BridgeRate rate, TimestampMs now) =>
        Available(Refill(bucket, rate, now));

    /// <summary>A bucket that nothing was taken from.</summary>
    public static BridgeBucket Full(BridgeRate rate, TimestampMs now) =>
        new(rate.Capacity.Units * Scale, now);

    /// <summary>As full as it is now: never above what the rate holds.</summary>
    public static BridgeBucket Refill(BridgeBucket bucket, BridgeRate rate, TimestampMs now)
    {
        UInt128 capacity = rate.Capacity.Units * Scale;
        UInt128 level = UInt128.Min(bucket.Thousandths, capacity);
        UInt128 room = capacity - level;

        // A unit a second is a thousandth a millisecond. Division instead of a product: it cannot overflow.
        ulong elapsed = now.Since(bucket.At);
        UInt128 perMs = rate.PerSecond.Units;
        bool filled = perMs != 0 && elapsed >= (room + perMs - 1) / perMs;
        return new BridgeBucket(filled ? capacity : level + (perMs * elapsed), now);
    }

    /// <summary>Takes an amount from a refilled bucket.</summary>
    /// <returns>False, with the bucket as it was, when it holds less.</returns>
    public static bool TryTake(ref BridgeBucket bucket, Amount amount)
    {
        if (amount.Units > bucket.Thousandths / Scale)
        {
            return false;
        }

        bucket = bucket with { Thousandths = bucket.Thousandths - (amount.Units * Scale) };
        return true;
    }

    /// <summary>
    /// Puts back into a refilled bucket what was taken and did not pass, less what came back by itself since:
    /// it is never fuller than if nothing had been taken.
    /// </summary>
    /// <param name="bucket">Refilled.</param>
    /// <param name="rate">Its rate.</param>
    /// <param name="amount">What was taken.</param>
    /// <param name="elapsedMs">How long ago.</param>
    public static BridgeBucket Return(BridgeBucket bucket, BridgeRate rate, Amount amount, ulong elapsedMs)
    {
        UInt128 capacity = rate.Capacity.Units * Scale;
        UInt128 taken = UInt128.Min(amount.Units, rate.Capacity.Units) * Scale;
        UInt128 perMs = rate.PerSecond.Units;
        bool isBack = perMs != 0 && elapsedMs >= (taken + perMs - 1) / perMs;
        UInt128 missing = isBack ? 0 : taken - (perMs * elapsedMs);
        return bucket with { Thousandths = UInt128.Min(capacity, bucket.Thousandths + missing) };
    }

    /// <summary>Whole units that a bucket holds.</summary>
    public static Amount Available(BridgeBucket bucket) => new(bucket.Thousandths / Scale);
}
