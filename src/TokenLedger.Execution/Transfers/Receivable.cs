// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution;

/// <summary>Whether units could come to an account, before anybody signs for it. Pure.</summary>
public static class Receivable
{
    /// <summary>What would stop a transfer on the receiver's side; the sender's is not asked about.</summary>
    /// <param name="read">The state to answer for.</param>
    /// <param name="asset">Units of what.</param>
    /// <param name="to">Who would get them.</param>
    /// <param name="amount">How many, in atomic units.</param>
    /// <param name="tag">The transfer's tag; 0 for none.</param>
    /// <returns>Null, or the first thing that is wrong, with the transfer's own code.</returns>
    public static Rejection? Check(LedgerView read, AssetId asset, Address to, Amount amount, ulong tag)
    {
        if (OperationShape.Check(new Transfer(asset, to, amount, tag)) is { } shape)
        {
            return shape;
        }

        if (TransferRules.CheckAsset(read.Asset(asset), asset) is { } unusable)
        {
            return unusable;
        }

        if (TransferRules.CheckReceiver(read, to, tag) is { } receiver)
        {
            return receiver;
        }

        Amount supply = read.Supply(asset);
        return amount <= supply
            ? null
            : new Rejection(
                RejectionCode.InsufficientAvailable,
                $"{supply} atomic units of {asset} are outstanding in all; nobody can send {amount}.");
    }
}
