// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Exchange;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cli.Commands;

/// <summary>tl exchange: deposits, withdrawals and the day's closing of an exchange or custodian.</summary>
internal static class ExchangeCommand
{
    public const string Name = "exchange";
    public const string About = "Exchanges: watch and return deposits, withdraw, reconcile, statements.";

    private const ulong DayMs = 24UL * 3600 * 1000;

    public static TlCommand Build() => new(
        Name, About, "tl exchange deposits watch --account exchange-1 --state deposits.json -o ndjson")
    {
        Deposits(), Withdraw(), Reconcile(), StatementCommand(),
    };

    private static TlCommand Deposits() => new(
        "deposits", "Follow what comes in, and send back what nobody can be found for.",
        "tl exchange deposits watch --account exchange-1 --state deposits.json -o ndjson",
        "tl exchange deposits return 812/3 --from exchange-1")
    {
        Watch(), Return(),
    };

    private static TlCommand Watch()
    {
        Option<string> account = Inputs.Required("--account", "ACCOUNT", "Whose deposits.");
        Option<string?> state = Inputs.Optional(
            "--state", "FILE", "Where it keeps how far it has come; made when it is not there.");
        Option<string?> from = Inputs.Optional(
            "--from-cursor", "CURSOR", "Begin after this cursor, not the file's (@last: the file's).");
        var ack = new Option<bool>("--ack")
        { Description = "Go on only when a deposit's id has come in on standard input." };
        var once = new Option<bool>("--once")
        { Description = "End when everything was shown that is final now." };
        Option<int> limit = Paging.LimitOption(0);
        return new TlCommand(
            "watch",
            "Prints deposits, each at least once and always under the same id, until Ctrl-C, --limit or "
                + "--once. Killed anywhere, the next run with the same --state leaves none out. Each is "
                + "proved against the context's genesis hash before it is printed; exit 9 when one is not "
                + "as the validators signed it.",
            "tl exchange deposits watch --account exchange-1 --state deposits.json -o ndjson",
            "tl exchange deposits watch --account exchange-1 --state deposits.json --once")
            { account, state, from, ack, once, limit }
            .Does((session, token) => new DepositWatch(session, new WatchRequest(
                session.Addresses.Resolve(session.Value(account)),
                session.Value(state) is { } file ? session.Environment.FullPath(file) : null,
                session.Value(from) is { } cursor && cursor != "@last" ? cursor : null,
                session.Value(ack), session.Value(once), session.Value(limit))).RunAsync(token));
    }

    private static TlCommand Return()
    {
        var id = new Argument<string>("id") { Description = "The deposit's id: HEIGHT/INDEX." };
        Option<string?> journal = Journal();
        var write = new WriteOptions();
        var command = new TlCommand(
            "return",
            "Sends a deposit back to whom it came from, with the tag that its sender asked for; once, "
                + "however often it is run. The deposit is proved first. What became of an earlier run is "
                + "asked of the node: only what moved nothing and never will is signed anew. Exit 7 while "
                + "nothing tells.",
            "tl exchange deposits return 812/3 --from exchange-1") { id, journal };
        write.AddTo(command, write.RequestId);
        return command.Does(async (session, token) =>
        {
            (ulong height, uint index) = DepositId.Parse(session.Value(id));
            DepositReturn.Step step = await new DepositReturn(
                session, write.Read(session), session.Value(journal)).NextAsync(height, index, token);
            await SendAsync(session, step.Request, step.Payment, step.Transfer, token);
        });
    }

    private static TlCommand Withdraw()
    {
        Verb verb = OtherVerbs.Transfer("withdraw");
        Option<string?> journal = Journal();
        var write = new WriteOptions();
        TlCommand command = verb.Command(
            "Pays once under a request id: whoever runs it again under the same id gets the same answer, and "
                + "nothing is paid twice. Exit 7 while nothing tells the outcome: run it again.",
            $"tl exchange withdraw {verb.Example} --request-id 1c9f03f2-57a4-4f7e-8a43-5a0f6f1e7c1a "
                + "--from treasury");
        command.Add(journal);
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            if (session.Value(write.RequestId) is null)
            {
                throw CliException.Usage(
                    "A withdrawal needs a --request-id of your own.",
                    "Without one, nothing would tell the second try from a second payment.",
                    "Pass --request-id UUID, and keep it with the withdrawal in your book.");
            }

            var transfer = (Transfer)await verb.Read(session, token);
            WriteRequest request = write.Read(session);
            await SendAsync(
                session, request, new Withdrawal(session, request, session.Value(journal)), transfer, token);
        });
    }

    private static TlCommand Reconcile()
    {
        Option<string> account = Inputs.Required("--account", "ACCOUNT", "Whose balance.");
        Option<string> book = Inputs.Required(
            "--book", "FILE", "Your own book: CSV of asset,amount, or a JSON object a line; '-' for stdin.");
        var at = new Option<ulong?>("--at")
        { Description = "As it was after the block of this height (default: now).", HelpName = "HEIGHT" };
        Option<bool> atomic = Inputs.Atomic();
        return new TlCommand(
            "reconcile",
            "Compares the ledger with your own book, asset by asset; lines of one asset add up. Exit 9 when "
                + "they differ. Amounts of JSON count atomic units.",
            "tl exchange reconcile --account exchange-1 --book book.csv --at 884213")
            { account, book, at, atomic }
            .Does(async (session, token) => await new Reconciliation(
                session, session.Addresses.Resolve(session.Value(account))).RunAsync(
                    await OwnBook.ReadAsync(session, session.Value(book), session.Value(atomic), token),
                    session.Value(at), token));
    }

    private static TlCommand StatementCommand()
    {
        Option<string> account = Inputs.Required("--account", "ACCOUNT", "Whose statement.");
        Option<string?> asset = Inputs.Optional("--asset", "SYMBOL", "Only this asset.");
        Option<string?> since = Inputs.Optional("--since", "DAY", "From this day on, UTC (default: all).");
        Option<string?> until = Inputs.Optional(
            "--until", "DAY", "To the end of this day, UTC (default: now).");
        return new TlCommand(
            "statement",
            "Lists what changed an account's units in a period, oldest first, with the balance after each. "
                + "Exit 9 when an entry does not follow from the one before it; what a node leaves out at "
                + "either end, tl exchange reconcile shows.",
            "tl exchange statement --account exchange-1 --since 2027-06-01 --until 2027-06-30")
            { account, asset, since, until }
            .Does((session, token) => new Statement(
                session, session.Addresses.Resolve(session.Value(account)),
                session.Value(asset) is { } symbol ? Inputs.Asset(symbol).ToString() : null).RunAsync(
                    Inputs.Day(session.Value(since), "--since").Value,
                    session.Value(until) is { } day
                        ? Inputs.Day(day, "--until").Value + DayMs
                        : ulong.MaxValue,
                    token));
    }

    private static Option<string?> Journal() => Inputs.Optional(
        "--journal", "FOLDER", "Where signed payments are kept (default: beside the contexts).");

    private static async Task SendAsync(
        Session session, WriteRequest request, Withdrawal payment, Transfer transfer, CancellationToken token)
    {
        Action<Hash256>? confirm = session.Context is { Production: true }
            ? await TransferCommand.ConfirmAsync(session, request, transfer, token)
            : null;
        TransactionStatus? status = await payment.RunAsync(transfer, confirm, token);
        if (status is not null)
        {
            await SingleFlow.ShowAsync(session, status, token);
        }
    }
}
