// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;
using Operation = TokenLedger.Core.Ledger.Operation;

namespace TokenLedger.Cli.Commands;

/// <summary>tl account: the register, balances, freezes, officers.</summary>
internal static class AccountCommand
{
    public const string Name = "account";
    public const string About = "Accounts: the register, balances, history; freeze, unfreeze; officers.";

    private const int DefaultHistory = 50;

    public static TlCommand Build()
    {
        var command =
            new TlCommand(Name, About, "tl account show exchange-1", "tl account balance exchange-1")
        {
            Create(), Show(), BalanceCommand(), History(), AccountTagCommands.Address(),
            AccountTagCommands.Require(),
        };
        foreach (Verb verb in AccountVerbs.Proposed())
        {
            command.Add(verb.ProposeCommand(Name));
        }

        return command;
    }

    private static TlCommand Create()
    {
        var account = new Argument<string?>("account")
        {
            Description = "An address or label; not with --file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> file = Inputs.Optional("--file", "FILE", "A file with one address or label a line.");
        Option<string?> kind = Inputs.Optional(
            "--kind", Inputs.Choices<Core.Ledger.AccountKind>(), "Whose it is (default: citizen).");
        Option<string?> institution =
            Inputs.Optional("--institution", "INSTITUTION", "The owner, unless it is a citizen's.");
        Option<int> lanes = TransferCommand.LanesOption();
        var write = new WriteOptions();
        var command = new TlCommand(
            "create", "Enters accounts in the register; registrars only. 100 fit a transaction.",
            "tl account create 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --from exchange-1-registrar",
            "tl account create --file citizens.txt --lanes 4 --from ministry-registrar")
        {
            account, file, kind, institution, lanes,
        };
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            string[] named = Named(session, session.Value(account), session.Value(file));
            ImmutableArray<Operation> operations =
            [
                .. named.Select(
                    n => OtherVerbs.RegisterOf(session, n, session.Value(kind), session.Value(institution))),
            ];
            WriteRequest request = write.Read(session);
            if (operations.Length > 1)
            {
                await new BatchFlow(session, request).RunAsync(operations, session.Value(lanes), null, token);
            }
            else
            {
                await SingleFlow.RunAsync(session, new TransactionFlow(session, request), operations, token);
            }
        });
    }

    private static TlCommand Show()
    {
        Argument<string> account = Inputs.Account();
        return new TlCommand(
            "show", "Shows an account's kind, owner and freeze.", "tl account show exchange-1") { account }
            .Does(async (session, token) =>
            {
                ByteString address = Bytes(session, session.Value(account));
                GetAccountResponse response = await session.Connection.ReadAsync(
                    (node, call) => node.Queries.GetAccountAsync(
                        new GetAccountRequest { Account = address }, call), token);
                Account found = response.Account;
                bool free = found.Freeze == FreezeMode.Unspecified;
                session.Output.Detail(
                    new JsonObject
                    {
                        ["account"] = AddressBook.Text(found.Account_),
                        ["kind"] = OperationView.Snake(found.Kind.ToString()),
                        ["institution"] = AddressBook.Text(found.Institution),
                        ["institutionName"] = found.InstitutionName,
                        ["registrar"] = AddressBook.Text(found.Registrar),
                        ["frozen"] = !free,
                        ["freeze"] = free ? "none" : OperationView.Snake(found.Freeze.ToString()),
                        ["legalReference"] = found.LegalReference,
                        ["tagRequired"] = found.TagRequired,
                        ["asOfHeight"] = response.AsOfHeight,
                    },
                    ("account", session.Addresses.NameAndAddress(found.Account_)),
                    ("kind", OperationView.Snake(found.Kind.ToString())),
                    ("owner", found.InstitutionName.Length > 0 ? found.InstitutionName : "(a citizen)"),
                    ("frozen", free ? "no" : "YES: may not " + Forbidden(found.Freeze)),
                    ("order", found.LegalReference),
                    ("tag", found.TagRequired ? "required: nothing comes to it without" : "not required"),
                    ("as of", $"height {response.AsOfHeight}"));
            });
    }

    private static TlCommand BalanceCommand()
    {
        Argument<string> account = Inputs.Account();
        Option<string?> asset = Inputs.Optional("--asset", "SYMBOL", "Only this asset.");
        var height = new Option<ulong?>("--at")
        { Description = "How it was after the block of this height; with --asset.", HelpName = "HEIGHT" };
        Option<int> limit = Paging.LimitOption(0);
        return new TlCommand(
            "balance", "Shows what an account holds.",
            "tl account balance exchange-1", "tl account balance exchange-1 --asset GOV-BOND-2031 -o json",
            "tl account balance exchange-1 --asset GOV-BOND-2031 --at 884213")
            { account, asset, height, limit }
            .Does(async (session, token) =>
            {
                ByteString address = Bytes(session, session.Value(account));
                IReadOnlyList<Balance> balances = session.Value(asset) is { } symbol
                    ? [await OneAsync(
                        session, address, Inputs.Asset(symbol).ToString(), session.Value(height), token)]
                    : session.Value(height) is not null ? throw CliException.Usage("--at needs --asset.")
                    : await AllAsync(session, address, session.Value(limit), token);
                session.Output.List(
                    balances,
                    BalanceView.ToJson,
                    new Column<Balance>("asset", b => b.Asset),
                    new Column<Balance>("amount", BalanceView.Show, Right: true));
            });
    }

    private static TlCommand History()
    {
        Argument<string> account = Inputs.Account();
        Option<int> limit = Paging.LimitOption(DefaultHistory);
        return new TlCommand(
            "history", "Lists what happened to an account, newest first.",
            "tl account history exchange-1 --limit 20")
        {
            account, limit,
        }.Does(async (session, token) =>
        {
            ByteString address = Bytes(session, session.Value(account));
            List<Event> events = await Paging.ReadAsync(session, session.Value(limit), async (size, page) =>
            {
                var request = new ListHistoryRequest { Account = address, PageSize = size, PageToken = page };
                ListHistoryResponse r = await session.Connection.ReadAsync(
                    (node, call) => node.Queries.ListHistoryAsync(request, call), token);
                return new Page<Event>(r.Events, r.NextPageToken, r.AsOfHeight);
            });
            var decimals = new Decimals();
            if (session.Output.IsTable)
            {
                await decimals.LearnAsync(session, EventView.AssetsOf(events), token);
            }

            session.Output.List(
                events,
                EventView.ToJson,
                new Column<Event>(
                    "height", e => e.Height.ToString(CultureInfo.InvariantCulture), Right: true),
                new Column<Event>("time (UTC)", e => Times.Human(e.TimeMs)),
                new Column<Event>("what", e => EventView.Line(e, session.Addresses, decimals)));
        });
    }

    private static async Task<Balance> OneAsync(
        Session session, ByteString account, string asset, ulong? at, CancellationToken token)
    {
        var request = new GetBalanceRequest { Account = account, Asset = asset };
        if (at is { } height)
        {
            request.AtHeight = height;
        }

        GetBalanceResponse r = await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetBalanceAsync(request, call), token);
        session.Talk.Say($"as of height {r.AsOfHeight}");
        return new Balance { Account = account, Asset = asset, Amount = r.Amount, Decimals = r.Decimals };
    }

    private static async Task<IReadOnlyList<Balance>> AllAsync(
        Session session, ByteString account, int limit, CancellationToken token) =>
        await Paging.ReadAsync(session, limit, async (size, page) =>
        {
            var request = new ListBalancesRequest { Account = account, PageSize = size, PageToken = page };
            ListBalancesResponse r = await session.Connection.ReadAsync(
                (node, call) => node.Queries.ListBalancesAsync(request, call), token);
            return new Page<Balance>(r.Balances, r.NextPageToken, r.AsOfHeight);
        });

    private static string[] Named(Session session, string? account, string? file)
    {
        if ((account is null) == (file is null))
        {
            throw CliException.Usage("Name one account, or a --file of them.");
        }

        return file is null
            ? [account!]
            : [.. InputFile.Lines(session, file).Select(l => l.Text)];
    }

    private static string Forbidden(FreezeMode mode) => mode == FreezeMode.Send ? "send" : "send or receive";

    private static ByteString Bytes(Session session, string account) =>
        ByteString.CopyFrom(session.Addresses.Resolve(account).ToArray());
}
