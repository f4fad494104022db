// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution.Accounts;

/// <summary>Accounts that take units with a tag only.</summary>
internal static class TagRules
{
    public static Rejection? Apply(Session session, RequireTag operation)
    {
        LedgerView read = session.Read;
        if (read.Account(operation.Account) is not { } account)
        {
            return new Rejection(
                RejectionCode.AccountUnknown, $"{operation.Account} is not in the register of accounts.");
        }

        if (account.Kind == AccountKind.BridgeEscrow)
        {
            return new Rejection(
                RejectionCode.BridgeEscrowAccount,
                $"{operation.Account} holds what is locked for another chain: units come to it by locks "
                + "only.");
        }

        if (session.Sender != operation.Account && !IsRegistrar(read, session.Sender, account))
        {
            return new Rejection(
                RejectionCode.NotAuthorised,
                $"{session.Sender} is neither {operation.Account} nor its registrar.");
        }

        session.State.PutAccount(operation.Account, account with { TagRequired = operation.Required });
        session.Emit(new TagRequirementSet(operation.Account, operation.Required, session.Sender));
        return null;
    }

    /// <summary>Genesis entered some citizens' accounts: these have no registrar but themselves.</summary>
    private static bool IsRegistrar(LedgerView read, in Address key, AccountState account)
    {
        Address institution = account.Institution.IsZero ? account.Registrar : account.Institution;
        return Officers.Active(read, key, Duties.Registrar) is { } officer
            && officer.Institution == institution;
    }
}
