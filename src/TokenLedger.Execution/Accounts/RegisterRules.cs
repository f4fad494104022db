// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution.Accounts;

/// <summary>The register of accounts.</summary>
internal static class RegisterRules
{
    public static Rejection? Apply(Session session, RegisterAccount operation)
    {
        LedgerView read = session.Read;
        if (Officers.Active(read, session.Sender, Duties.Registrar) is not { } registrar)
        {
            return Officers.NotAuthorised(session.Sender, Duties.Registrar);
        }

        if (read.Account(operation.Account) is not null)
        {
            return new Rejection(RejectionCode.AccountExists, $"{operation.Account} is registered already.");
        }

        if (read.Officer(operation.Account) is not null || read.Institution(operation.Account) is not null)
        {
            return new Rejection(
                RejectionCode.KeyInUse,
                $"{operation.Account} is or was an officer's key, or names an institution.");
        }

        if (operation.Kind != AccountKind.Citizen && CheckOwner(read, registrar, operation) is { } rejection)
        {
            return rejection;
        }

        session.State.PutAccount(
            operation.Account,
            new AccountState(
                operation.Kind,
                operation.Institution,
                registrar.Institution,
                FreezeMode.None,
                LegalReference: ""));
        session.Emit(new AccountRegistered(
            operation.Account, operation.Kind, operation.Institution, registrar.Institution));
        return null;
    }

    /// <summary>True when an institution of this kind may own an account of that kind.</summary>
    public static bool Fits(AccountKind account, InstitutionKind owner) => account switch
    {
        AccountKind.Exchange => owner is InstitutionKind.Exchange or InstitutionKind.Custodian,
        AccountKind.Institution => owner is InstitutionKind.Ministry or InstitutionKind.Treasury
            or InstitutionKind.CentralBank or InstitutionKind.Regulator,
        _ => false,
    };

    private static Rejection? CheckOwner(LedgerView read, OfficerState registrar, RegisterAccount operation)
    {
        if (read.Institution(operation.Institution) is not { } owner)
        {
            return new Rejection(
                RejectionCode.InstitutionUnknown, $"There is no institution {operation.Institution}.");
        }

        if (operation.Institution != registrar.Institution)
        {
            return new Rejection(
                RejectionCode.NotAuthorised,
                $"An account of {owner.Name} is entered by its own registrar, not by one of "
                + $"{registrar.Institution}.");
        }

        return Fits(operation.Kind, owner.Kind)
            ? null
            : new Rejection(
                RejectionCode.InvalidField,
                $"A {Words.Of(owner.Kind)} owns no account of the kind '{Words.Of(operation.Kind)}'.");
    }
}
