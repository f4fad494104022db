// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Whom to ask: one peer after another, and for missed blocks one that has them. Thread-safe.
/// </summary>
/// <param name="book">What peers said of themselves.</param>
/// <param name="peers">Indices of those that can be asked.</param>
internal sealed class PeerChoice(PeerBook book, ImmutableArray<int> peers)
{
    /// <summary>Blocks that a peer may be ahead without being asked: they are under way.</summary>
    private const ulong Moment = 2;

    private int _next;

    /// <summary>The next in turn; null when there is nobody.</summary>
    public int? Rotate() => Next(peers);

    /// <summary>A peer that says it is more than a moment ahead; null when there is none.</summary>
    public int? Ahead(Height head)
    {
        ImmutableArray<PeerReport> reports = book.Reports();
        return Next([.. peers.Where(peer =>
            reports[peer].Age < NodeHealth.ReachableWithin
            && reports[peer].Height.Value > head.Value + Moment)]);
    }

    private int? Next(ImmutableArray<int> among) => among.IsEmpty
        ? null
        : among[(int)((uint)Interlocked.Increment(ref _next) % (uint)among.Length)];
}
