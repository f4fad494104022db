// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution.Accounts;

/// <summary>Freezing by legal order, and lifting it.</summary>
internal static class FreezeRules
{
    /// <summary>A second order on a frozen account replaces the first.</summary>
    public static Rejection? Freeze(Session session, FreezeAccount operation)
    {
        if (session.Read.Account(operation.Account) is not { } account)
        {
            return Unknown(operation.Account);
        }

        if (account.Kind == AccountKind.BridgeEscrow)
        {
            return new Rejection(
                RejectionCode.BridgeEscrowAccount,
                $"{operation.Account} holds what is locked for another chain: pause the bridge instead.");
        }

        session.State.PutAccount(
            operation.Account,
            account with { Freeze = operation.Mode, LegalReference = operation.LegalReference });
        session.Emit(new AccountFrozen(
            operation.Account, operation.Mode, operation.LegalReference, operation.DocumentHash));
        return null;
    }

    public static Rejection? Unfreeze(Session session, UnfreezeAccount operation)
    {
        if (session.Read.Account(operation.Account) is not { } account)
        {
            return Unknown(operation.Account);
        }

        if (account.Freeze == FreezeMode.None)
        {
            return new Rejection(RejectionCode.AccountNotFrozen, $"{operation.Account} is not frozen.");
        }

        session.State.PutAccount(
            operation.Account, account with { Freeze = FreezeMode.None, LegalReference = "" });
        session.Emit(new AccountUnfrozen(operation.Account, operation.LegalReference));
        return null;
    }

    private static Rejection Unknown(in Address account) =>
        new(RejectionCode.AccountUnknown, $"{account} is not in the register of accounts.");
}
