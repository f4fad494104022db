// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// How many transactions this node's next block may hold, so that a view stays far shorter than its timers.
/// A block that the slowest of a quorum cannot execute in time is nullified, its work lost, and the next is
/// larger still; smaller blocks cost little and are final sooner. One thread.
/// </summary>
/// <param name="target">How long a view that this node leads may take, building included.</param>
internal sealed class BlockPace(TimeSpan target)
{
    /// <summary>Room for progress whatever happens.</summary>
    internal const int Least = 8;

    /// <summary>Where it begins: a few hundredths of a second on any machine.</summary>
    internal const int First = 512;

    /// <summary>The most transactions of the next block.</summary>
    public int Transactions { get; private set; } = First;

    /// <summary>A block was certified.</summary>
    /// <param name="took">From the start of building until the view was left.</param>
    /// <param name="transactions">How many it held.</param>
    public void Certified(TimeSpan took, int transactions)
    {
        if (took > target)
        {
            // In proportion, but at most by half: one slow view may be an accident.
            double share = Math.Max(0.5, target / took);
            Limit((int)(Transactions * share));
        }
        else if (transactions >= Transactions && took < target * 0.75)
        {
            Limit(Transactions + (Transactions / 4));
        }
    }

    /// <summary>A block was built in vain: its view was left without it.</summary>
    public void Nullified() => Limit(Transactions / 2);

    private void Limit(int transactions) =>
        Transactions = Math.Clamp(transactions, Least, Limits.TransactionsPerBlock);
}
