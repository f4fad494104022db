// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Verbs;

/// <summary>Operations on accounts and officers, as they are typed.</summary>
internal static class AccountVerbs
{
    /// <summary>Those that stand in a proposal; a new one of each.</summary>
    public static IEnumerable<Verb> Proposed() => [Freeze(), Unfreeze(), Grant(), Revoke()];

    private static Verb Freeze()
    {
        Argument<string> account = Inputs.Account();
        Option<string> order = Inputs.Required("--legal-reference", "TEXT", "The order's reference.");
        Option<string?> mode = Inputs.Optional(
            "--mode", Inputs.Choices<FreezeMode>(), "What the order forbids (default: send-and-receive).");
        Option<string?> file = Inputs.Optional("--file", "FILE", "The order; its SHA-256 is recorded.");
        Option<string?> hash = Inputs.Optional("--hash", "HASH", "The order's SHA-256, instead of the file.");
        return Verb.Privileged(
            "freeze", "Freezes an account by order of a court or regulator.",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --legal-reference \"Order 12/2027\"",
            [account, order, mode, file, hash],
            (session, _, _) => Task.FromResult<PrivilegedOperation>(new FreezeAccount(
                session.Addresses.Resolve(session.Value(account)),
                session.Value(mode) is { } text
                    ? Inputs.Choice<FreezeMode>(text, "--mode")
                    : FreezeMode.SendAndReceive,
                session.Value(order),
                Inputs.DocumentHash(session, session.Value(hash), session.Value(file)))),
            "regulator-maker-1");
    }

    private static Verb Unfreeze()
    {
        Argument<string> account = Inputs.Account();
        Option<string> order = Inputs.Required("--legal-reference", "TEXT", "What lifts the order.");
        return Verb.Privileged(
            "unfreeze", "Lifts a freeze.",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --legal-reference \"Order 19/2027\"",
            [account, order],
            (session, _, _) => Task.FromResult<PrivilegedOperation>(new UnfreezeAccount(
                session.Addresses.Resolve(session.Value(account)), session.Value(order))),
            "regulator-maker-1");
    }

    private static Verb Grant()
    {
        var officer = new Argument<string>("officer") { Description = "The officer's address or label." };
        Option<string> institution = Inputs.Required("--institution", "INSTITUTION", "Whose officer.");
        Option<string> duties =
            Inputs.Required("--duties", "LIST", "Of maker, checker, registrar; joined by commas.");
        Option<string> name = Inputs.Required("--office", "TEXT", "The office held; never a person's name.");
        return Verb.Privileged(
            "grant", "Gives a key duties in an institution.",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 --institution debt-office "
            + "--duties checker --office \"Director Debt\"",
            [officer, institution, duties, name],
            (session, _, _) => Task.FromResult<PrivilegedOperation>(new GrantOfficer(
                session.Addresses.Resolve(session.Value(institution)),
                session.Addresses.Resolve(session.Value(officer)),
                session.Value(duties).Split(',')
                    .Aggregate(Duties.None, (all, duty) => all | Inputs.Choice<Duties>(duty, "--duties")),
                session.Value(name))));
    }

    private static Verb Revoke()
    {
        var officer = new Argument<string>("officer") { Description = "The officer's address or label." };
        return Verb.Privileged(
            "revoke", "Ends an officer's duties.", "treasury-checker-2 --reason \"left office\"", [officer],
            (session, reason, _) => Task.FromResult<PrivilegedOperation>(new RevokeOfficer(
                session.Addresses.Resolve(session.Value(officer)), reason)));
    }
}
