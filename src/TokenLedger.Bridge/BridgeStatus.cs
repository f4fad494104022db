// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge;

/// <summary>How a validator's bridge is doing on one lane. Immutable.</summary>
/// <param name="ChainId">The lane.</param>
/// <param name="Signer">The key that signs and observes.</param>
/// <param name="Sender">The key that pays abroad.</param>
/// <param name="Final">The last final block abroad that was read; null before the first.</param>
/// <param name="Backing">Both sides compared at that block.</param>
/// <param name="OpenSends">Transactions abroad that are not final.</param>
/// <param name="Halt">Why this validator's bridge does nothing until an operator decides; empty when it
/// works.</param>
/// <param name="Note">What stands in its way now; empty when nothing does.</param>
public sealed record BridgeStatus(
    ulong ChainId,
    Address Signer,
    Address Sender,
    RemoteHead? Final,
    ImmutableArray<Backing> Backing,
    int OpenSends,
    string Halt,
    string Note)
{
    /// <summary>What keeps signed messages from being carried abroad; empty when nothing does. Neither
    /// signing nor comparing needs it.</summary>
    public string SendNote { get; init; } = "";

    /// <summary>Of the locks without an end, those that the bridge abroad refused to mint, as it did
    /// last.</summary>
    public ImmutableSortedDictionary<ulong, MintRefusal> Refusals { get; init; } =
        ImmutableSortedDictionary<ulong, MintRefusal>.Empty;

    /// <summary>What stands still on the ledger.</summary>
    public BridgeStops Stops { get; init; }

    /// <summary>The change of signers abroad that it saw and the ledger has not decided; null for
    /// none.</summary>
    public RotationObserved? Rotated { get; init; }

    /// <summary>How long ago the newest final block was made, by this clock; null before the first, and no
    /// less than zero.</summary>
    public TimeSpan? FinalAge(DateTimeOffset now)
    {
        if (Final is null)
        {
            return null;
        }

        TimeSpan age = now - DateTimeOffset.UnixEpoch
            - TimeSpan.FromSeconds(Math.Min(Final.TimeSeconds, MostSeconds));
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>The last second that there is a date for.</summary>
    private const ulong MostSeconds = 253_402_300_799;
}
