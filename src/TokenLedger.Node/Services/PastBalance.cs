// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>What an account had of an asset after an earlier block.</summary>
/// <param name="Amount">Atomic units.</param>
/// <param name="Change">What made it so; null when that is not here, or there was nothing.</param>
internal readonly record struct PastBalance(Amount Amount, BalanceStep? Change)
{
    /// <summary>
    /// A balance at a height is what its last change up to there left. A node that began with a snapshot may
    /// not have that change: then it is what the first one after it found, or has not changed since.
    /// </summary>
    /// <param name="ledger">Of one moment, at this height or above.</param>
    /// <param name="begun">The height of the snapshot that the ledger began with; 0 for genesis.</param>
    /// <param name="account">Whose.</param>
    /// <param name="asset">Of what.</param>
    /// <param name="height">After which block.</param>
    public static PastBalance At(
        LedgerSnapshot ledger, Height begun, in Address account, in AssetId asset, Height height)
    {
        if (ledger.FindBalanceChange(account, asset, height) is { } last)
        {
            return new PastBalance(last.After, last);
        }

        if (begun.Value == 0)
        {
            return new PastBalance(Amount.Zero, null);
        }

        return new PastBalance(
            ledger.FindBalanceChangeAfter(account, asset, height)?.Before
                ?? new LedgerView(ledger.State).Balance(account, asset),
            null);
    }
}
