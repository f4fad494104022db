// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>What one machine is told at its start. Immutable.</summary>
/// <param name="Validators">The epoch's validators.</param>
/// <param name="GenesisHash">The network: every signature covers it.</param>
/// <param name="GenesisBlockHash">Hash of the genesis block, which is final in view 0.</param>
/// <param name="OwnIndex">This validator's index, or <see cref="Observer"/>.</param>
/// <param name="Timers">The timers.</param>
public sealed record ConsensusConfig(
    ValidatorSet Validators,
    Hash256 GenesisHash,
    Hash256 GenesisBlockHash,
    int OwnIndex,
    ConsensusTimers Timers)
{
    /// <summary>The own index of a node that follows certificates and never votes.</summary>
    public const int Observer = -1;

    /// <summary>
    /// Views below the last final one that stay in memory, to answer laggards and catch equivocators.
    /// </summary>
    public int RetentionViews { get; init; } = 64;

    /// <summary>
    /// Views behind the current one whose peers' votes stay in memory while nothing becomes final.
    /// Certificates and own flags stay for as long as the view is not final.
    /// </summary>
    public int VoteWindowViews { get; init; } = 256;

    /// <summary>
    /// Notarizations of views ahead of the current one that are kept while their blocks are certified.
    /// </summary>
    public int FutureNotarizations { get; init; } = 64;

    /// <summary>Checks every field against its range.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message says which.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(OwnIndex, Observer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(OwnIndex, Validators.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetentionViews, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(VoteWindowViews, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(FutureNotarizations, 1);
        Timers.Validate();
    }
}
