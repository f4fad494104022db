// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;

namespace TokenLedger.Explorer.Pages;

/// <summary>What there is to say of an account.</summary>
internal static class AccountWords
{
    /// <summary>Whose it is, and whether it is frozen.</summary>
    public static IEnumerable<Markup> Lead(Wording say, AccountRow? account, OfficerRow? officer)
    {
        if (officer is not null)
        {
            yield return say.Say(
                Phrases.AccountOfficer, ("name", Markup.Name(officer.Name)),
                ("institution", say.Institution(officer.Institution)),
                ("duties", Markup.Text(Names.Of(officer.Duties, say.Language))));
        }

        if (account is null)
        {
            yield break;
        }

        Markup kind = Markup.Text(say.Texts[Names.Of(account.Kind)]);
        yield return account.RegisteredAt.Value == 0
            ? say.Say(Phrases.AccountLeadGenesis, ("kind", kind))
            : say.Say(
                Phrases.AccountLead, ("kind", kind), ("time", say.Time(account.Registered)),
                ("registrar", say.Institution(account.Registrar)));
        if (!account.Institution.IsZero)
        {
            yield return say.Say(Phrases.AccountOf, ("institution", say.Institution(account.Institution)));
        }
        else if (account.Kind == AccountKind.Citizen)
        {
            yield return Markup.Text(say.Texts[Phrases.AccountNoName]);
        }

        if (account.TagRequired)
        {
            yield return Markup.Text(say.Texts[Phrases.AccountTagRequired]);
        }

        if (account.Freeze != FreezeMode.None)
        {
            yield return say.Say(
                Phrases.AccountIsFrozen, ("height", say.Block(account.FrozenAt)),
                ("mode", Markup.Text(say.Texts[Names.Of(account.Freeze)])),
                ("reference", Wording.Quote(account.LegalReference)));
        }
    }

    /// <summary>A movement as a row of a table.</summary>
    public static IReadOnlyList<Markup> Row(Wording say, PostingRow row)
    {
        Markup what = row.Kind switch
        {
            PostingKind.Issued => Markup.Text(say.Texts[Phrases.MoveIssued]),
            PostingKind.Burned => Markup.Text(say.Texts[Phrases.MoveBurned]),
            PostingKind.Sent => say.Say(Phrases.MoveSent, ("account", say.Account(row.Counterparty))),
            _ => say.Say(Phrases.MoveReceived, ("account", say.Account(row.Counterparty))),
        };
        bool comes = row.Kind is PostingKind.Issued or PostingKind.Received;
        return
        [
            Markup.Link(SitePaths.Event(row.Place, say.Language), say.Time(row.Time)),
            say.Asset(row.Asset),
            say.Signed(comes, row.Amount, row.Asset),
            what,
            say.Exact(row.BalanceAfter, row.Asset),
        ];
    }
}
