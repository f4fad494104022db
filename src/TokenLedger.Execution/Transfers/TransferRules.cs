// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

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

        if (CheckAsset(state.Asset(transfer.Asset), transfer.Asset) is { } unusable)
        {
            return unusable;
        }

        if (CheckSender(state, from) is { } sender)
        {
            return sender;
        }

        if (CheckReceiver(session.Read, transfer.To, transfer.Tag) is { } receiver)
        {
            return receiver;
        }

        return Move(
            session, transfer.Asset, from, transfer.To, transfer.Amount, transfer.Tag, transfer.SourceTag);
    }

    /// <summary>An asset that is there, and moves.</summary>
    public static Rejection? CheckAsset(AssetState? asset, in AssetId id)
    {
        if (asset is null)
        {
            return new Rejection(RejectionCode.AssetUnknown, $"There is no asset {id}.");
        }

        return asset.Paused
            ? new Rejection(RejectionCode.AssetPaused, $"{id} is paused: nothing moves until it resumes.")
            : null;
    }

    /// <summary>Moves units whatever the parties' standing: two balances and the event.</summary>
    /// <returns>Why not: the source has less. Nothing has changed then.</returns>
    public static Rejection? Move(
        Session session, in AssetId asset, in Address from, in Address to, Amount amount, ulong tag = 0,
        ulong sourceTag = 0)
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
        session.Emit(new Transferred(asset, from, to, amount, fromAfter, toAfter, tag, sourceTag));
        return null;
    }

    /// <summary>An account that may be credited: registered, not frozen for receiving, and told whom for if
    /// it wants to know.</summary>
    public static Rejection? CheckReceiver(LedgerView read, in Address to, ulong tag)
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

        if (account.Freeze == FreezeMode.SendAndReceive)
        {
            return new Rejection(
                RejectionCode.AccountFrozen,
                $"{to} can neither send nor receive: frozen by {account.LegalReference}.");
        }

        return !account.TagRequired || tag != 0
            ? null
            : new Rejection(
                RejectionCode.TagRequired,
                $"{to} takes units with a tag only, which says whom they are for; ask for a tagged address.");
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
