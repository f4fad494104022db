// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution.Assets;

/// <summary>Creating and destroying units: the only two ways in which a supply changes.</summary>
internal static class SupplyRules
{
    public static Rejection? Issue(Session session, Address maker, IssueUnits operation)
    {
        if (AssetRules.Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        if (asset.Paused)
        {
            return new Rejection(
                RejectionCode.AssetPaused,
                $"{operation.Asset} is paused: nothing is issued until it resumes.");
        }

        if (TransferRules.CheckReceiver(session.Read, operation.To, tag: 0) is { } receiver)
        {
            return receiver;
        }

        Amount supply = session.Read.Supply(operation.Asset);
        if (!supply.TryAdd(operation.Amount, out Amount supplyAfter) || supplyAfter > asset.Cap)
        {
            return new Rejection(
                RejectionCode.SupplyCapExceeded,
                $"{supply} of at most {asset.Cap} atomic units of {operation.Asset} are outstanding; "
                + $"{operation.Amount} more would pass the cap.");
        }

        BalanceCell target = session.State.Balance(operation.To, operation.Asset);
        Amount balanceAfter = target.Amount + operation.Amount;
        session.State.Put(target, balanceAfter);
        session.State.PutSupply(operation.Asset, supplyAfter);
        session.Emit(
            new UnitsIssued(operation.Asset, operation.To, operation.Amount, balanceAfter, supplyAfter));
        return null;
    }

    /// <summary>Possible while paused: a redemption must not wait for a halted market.</summary>
    public static Rejection? Burn(Session session, Address maker, BurnUnits operation)
    {
        if (AssetRules.Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        if (session.Read.Account(operation.From) is not { } account)
        {
            return new Rejection(
                RejectionCode.AccountUnknown, $"{operation.From} is not in the register of accounts.");
        }

        if (account.Institution != asset.Definition.Issuer || account.Kind == AccountKind.BridgeEscrow)
        {
            return new Rejection(
                RejectionCode.NotRedeemable,
                $"{operation.From} is not an account of the issuer {asset.Definition.Issuer}: "
                + "only units that came back to it are destroyed.");
        }

        if (account.Freeze != FreezeMode.None)
        {
            return new Rejection(
                RejectionCode.AccountFrozen, $"{operation.From} is frozen by {account.LegalReference}.");
        }

        BalanceCell source = session.State.Balance(operation.From, operation.Asset);
        if (!source.Amount.TrySubtract(operation.Amount, out Amount balanceAfter))
        {
            return new Rejection(
                RejectionCode.InsufficientAvailable,
                $"{operation.From} has {source.Amount} atomic units of {operation.Asset}; {operation.Amount} "
                + "were to be destroyed.");
        }

        Amount supplyAfter = session.Read.Supply(operation.Asset) - operation.Amount;
        session.State.Put(source, balanceAfter);
        session.State.PutSupply(operation.Asset, supplyAfter);
        session.Emit(
            new UnitsBurned(operation.Asset, operation.From, operation.Amount, balanceAfter, supplyAfter));
        return null;
    }
}
