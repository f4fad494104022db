// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Consensus;

/// <summary>Where consensus stands, for status pages and stall diagnosis. Immutable.</summary>
/// <param name="View">The current view.</param>
/// <param name="Leader">Index of its leader.</param>
/// <param name="LastFinalizedView">The last final view known here.</param>
/// <param name="CertifiedView">The highest view whose block is certified or final here.</param>
/// <param name="ViewsKept">Views of which anything is in memory.</param>
/// <param name="SilenceMs">For each validator, how long ago it was last heard, in ms; 0 for this
/// node.</param>
public sealed record ConsensusStatus(
    View View,
    int Leader,
    View LastFinalizedView,
    View CertifiedView,
    int ViewsKept,
    ImmutableArray<ulong> SilenceMs)
{
    /// <summary>Why this validator signs nothing; none when it does, and for an observer.</summary>
    public GuardDoubt Doubt { get; init; }
}
