// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;

namespace TokenLedger.Cli.Abroad;

/// <summary>What officers must know of the contracts, after one block.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="BlockSeconds">Its time, in seconds since 1970.</param>
/// <param name="LedgerId">The ledger that the contracts are for.</param>
/// <param name="Epoch">The hot set's epoch.</param>
/// <param name="HotSetHash">The hot set's hash, with its epoch.</param>
/// <param name="ColdSetHash">The cold set's hash, with epoch 0.</param>
/// <param name="BridgeNonce">Actions that the bridge has done.</param>
/// <param name="GovernorNonce">Actions that the governor has done.</param>
/// <param name="RecoveryNonce">Recoveries that were begun.</param>
/// <param name="MintPaused">Whether minting is paused.</param>
/// <param name="BurnPaused">Whether burning is paused.</param>
/// <param name="Recovery">What is under way.</param>
/// <param name="Timelock">The governor's timelock.</param>
internal sealed record OfficerState(
    ulong Block,
    ulong BlockSeconds,
    Hash256 LedgerId,
    ulong Epoch,
    Hash256 HotSetHash,
    Hash256 ColdSetHash,
    ulong BridgeNonce,
    ulong GovernorNonce,
    ulong RecoveryNonce,
    bool MintPaused,
    bool BurnPaused,
    RecoveryState Recovery,
    Address Timelock)
{
    /// <summary>A moment abroad for people.</summary>
    public static string Time(ulong seconds) => seconds > MaxSeconds
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s after 1970")
        : DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    // The end of the year 9999.
    private const ulong MaxSeconds = 253_402_300_799;
}

/// <summary>The replacement of the hot set that is under way.</summary>
/// <param name="NewEpoch">Its epoch; 0 when nothing is under way.</param>
/// <param name="ReadyAt">Seconds since 1970 from when on it can be finished.</param>
/// <param name="NewSetHash">The new set's hash.</param>
internal sealed record RecoveryState(ulong NewEpoch, ulong ReadyAt, Hash256 NewSetHash);
