// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution.Transfers;

/// <summary>Moving units between accounts.</summary>
internal static class TransferRules
{
    public static Rejection? Apply(Session session, Transfer transfer)
    {
        LedgerState state = session.State;
        Address from = session.Sender;
        if (from == transfer.To)
        {
            return new Rejection(RejectionCode.SelfTransfer, $"Sender and receiver are both {from}.");
        }

        if (state.Asset(transfer.Asset) is not { } asset)
        {
            return new Rejection(RejectionCode.AssetUnknown, $"There is no asset {transfer.Asset}.");
        }

        if (asset.Paused)
        {
            return new Rejection(
                RejectionCode.AssetPaused, $"{transfer.Asset} is paused: nothing moves until it resumes.");
        }

        if (CheckSender(state, from) is { } sender)
        {
            return sender;
        }

        if (CheckReceiver(session.Read, transfer.To) is { } receiver)
        {
            return receiver;
        }

        return Move(session, transfer.Asset, from, transfer.To, transfer.Amount);
    }

    /// <summary>Moves units whatever the parties' standing: two balances and the event.</summary>
    /// <returns>Why not: the source has less. Nothing has changed then.</returns>
    public static Rejection? Move(
        Session session, in AssetId asset, in Address from, in Address to, Amount amount)
    {
        LedgerState state = session.State;
        BalanceCell source = state.Balance(from, asset);
        if (!source.Amount.TrySubtract(amount, out Amount fromAfter))
        {
            return new Rejection(
                RejectionCode.InsufficientAvailable,
                $"{from} has {source.Amount} atomic units of {asset} available; the transfer "
                + $"needs {amount}.");
        }

        // All balances together are the supply, so no sum of two can leave 128 bits.
        BalanceCell target = state.Balance(to, asset);
        Amount toAfter = target.Amount + amount;
        state.Put(source, fromAfter);
        state.Put(target, toAfter);
#if PLANTED
        if (!Planted.Is(PlantedBug.MissingEvent))
#endif
        session.Emit(new Transferred(asset, from, to, amount, fromAfter, toAfter));
        return null;
    }

    /// <summary>An account that may be credited: registered, and not frozen for receiving.</summary>
    public static Rejection? CheckReceiver(LedgerView read, in Address to)
    {
        if (read.Account(to) is not { } account)
        {
            return new Rejection(
                RejectionCode.ReceiverNotRegistered, $"{to} is not in the register of accounts.");
        }

        if (account.Kind == AccountKind.BridgeEscrow)
        {
            return new Rejection(
                RejectionCode.BridgeEscrowAccount,
                $"{to} holds what is locked for another chain: units come to it by locks only.");
        }

        return account.Freeze != FreezeMode.SendAndReceive
            ? null
            : new Rejection(
                RejectionCode.AccountFrozen,
                $"{to} can neither send nor receive: frozen by {account.LegalReference}.");
    }

    /// <summary>An account that may give: registered, and not frozen.</summary>
    public static Rejection? CheckSender(LedgerState state, in Address from)
    {
        if (state.Read.Account(from) is not { } account)
        {
            return new Rejection(
                RejectionCode.AccountUnknown, $"{from} is an officer's key: it holds no units.");
        }

        return account.Freeze == FreezeMode.None
            ? null
            : new Rejection(
                RejectionCode.AccountFrozen, $"{from} cannot send: frozen by {account.LegalReference}.");
    }
}
