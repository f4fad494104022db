// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Commands;

/// <summary>tl transfer: moving units.</summary>
internal static class TransferCommand
{
    public const string Name = "transfer";
    public const string About = "Transfers: send, send many from a file, ask for the outcome.";

    private const int Columns = 3;

    public static TlCommand Build() => new(
        Name, About, "tl transfer send GOV-BOND-2031 --to exchange-1 --amount 1,250.50 --from treasury")
    {
        Send(), Batch(), TxCommand.StatusCommand(Name),
    };

    public static Option<int> LanesOption()
    {
        var lanes = new Option<int>("--lanes")
        {
            Description = $"Nonce lanes to use at once, 1 to {BatchFlow.MaxLanes} (default 4).",
            HelpName = "N",
            DefaultValueFactory = _ => 4,
        };
        lanes.Validators.Add(result =>
        {
            bool given = result.Tokens.Count == 1;
            if (
                given
                && (!int.TryParse(result.Tokens[0].Value, out int n) || n is < 1 or > BatchFlow.MaxLanes))
            {
                result.AddError($"--lanes is a number from 1 to {BatchFlow.MaxLanes}.");
            }
        });
        return lanes;
    }

    private static TlCommand Send()
    {
        Verb verb = OtherVerbs.Transfer("send");
        var write = new WriteOptions();
        TlCommand command = verb.Command(
            verb.Description,
            $"tl transfer send {verb.Example} --from treasury",
            $"tl transfer send {verb.Example} --from treasury --simulate");
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            WriteRequest request = write.Read(session);
            var transfer = (Transfer)await verb.Read(session, token);
            var flow = new TransactionFlow(session, request)
            {
                Confirm = session.Context is { Production: true }
                    ? await ConfirmAsync(session, request, transfer, token)
                    : null,
            };
            await SingleFlow.RunAsync(session, flow, [transfer], token);
        });
    }

    public static async Task<Action<Hash256>> ConfirmAsync(
        Session session, WriteRequest request, Transfer transfer, CancellationToken token)
    {
        string asset = transfer.Asset.ToString();
        int decimals = (await session.AssetProofs.RequireAsync(transfer.Asset, token)).Decimals;
        string what = $"Send {AmountText.Grouped(transfer.Amount, decimals)} {asset} "
            + $"({AmountText.Grouped(transfer.Amount, 0)} atomic; "
            + $"{AmountWords.Of(transfer.Amount, decimals)}; "
            + $"{AmountWords.OfByLakh(transfer.Amount, decimals)}) "
            + $"to {session.Addresses.NameAndAddress(transfer.To)}"
            + (transfer.Tag == 0 ? "." : $", tag {transfer.Tag}.");
        string phrase = $"{asset} {AmountText.Plain(transfer.Amount, decimals)}";
        return digest =>
            Confirmation.Require(session, what, phrase, digest, request.Yes, request.ConfirmDigest);
    }

    private static TlCommand Batch()
    {
        var file = new Argument<string>("file")
        {
            Description =
                "CSV with a heading: to,asset,amount; '-' for stdin. A tagged address may stand under to.",
        };
        Option<bool> atomic = Inputs.Atomic();
        Option<int> lanes = LanesOption();
        var write = new WriteOptions();
        var command = new TlCommand(
            "batch", "Sends every line of a CSV file; 100 fit a transaction, which applies all or none.",
            "tl transfer batch payout.csv --from treasury --lanes 4",
            "tl transfer batch payout.csv --from treasury --simulate") { file, atomic, lanes };
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            WriteRequest request = write.Read(session);
            ImmutableArray<Operation> transfers = await ReadCsvAsync(
                session, session.Value(file), session.Value(atomic), token);
            Action<Hash256>? confirm = session.Context is { Production: true }
                ? await BatchConfirmation.MakeAsync(session, request, transfers, token)
                : null;
            await new BatchFlow(session, request).RunAsync(transfers, session.Value(lanes), confirm, token);
        });
    }

    private static async Task<ImmutableArray<Operation>> ReadCsvAsync(
        Session session, string file, bool atomic, CancellationToken token)
    {
        IReadOnlyList<(int Number, string Text)> lines = InputFile.Lines(session, file);
        if (lines[0].Text != "to,asset,amount")
        {
            throw CliException.Usage($"{file} does not begin with the heading to,asset,amount.");
        }

        var rows = new List<(int Number, string[] Fields)>();
        foreach ((int number, string text) in lines.Skip(1))
        {
            string[] fields = AtLine(file, number, () => CsvLine.Split(text));
            rows.Add(fields.Length == Columns
                ? (number, fields)
                : throw CliException.Usage(
                    $"Line {number} of {file} has {fields.Length} fields, not {Columns}.",
                    next: "An amount with commas stands in quotes: \"1,250.50\""));
        }

        if (rows.Count == 0)
        {
            throw CliException.Usage(
                $"{file} has a heading and nothing under it.", "Nothing was sent.",
                "Write a line for each transfer: exchange-1,GOV-BOND-2031,\"1,250.50\"");
        }

        var decimals = new Decimals();
        if (!atomic)
        {
            foreach (string asset in rows.Select(r => r.Fields[1]).Distinct(StringComparer.Ordinal))
            {
                decimals.SetProved(
                    asset, (await session.AssetProofs.RequireAsync(Inputs.Asset(asset), token)).Decimals);
            }
        }

        return
        [
            .. rows.Select(r => AtLine(file, r.Number, () => Row(session, r.Fields, decimals, atomic))),
        ];
    }

    private static Transfer Row(Session session, string[] fields, Decimals decimals, bool atomic)
    {
        (Address to, ulong tag) = session.Addresses.ResolveTagged(fields[0]);
        return new Transfer(
            Inputs.Asset(fields[1]), to,
            AmountText.Parse(fields[2], decimals.Of(fields[1]) ?? 0, atomic), tag);
    }

    private static T AtLine<T>(string file, int number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CliException e)
        {
            throw new CliException(
                e.Code, e.Exit, $"Line {number} of {file}: {e.Message}", e.Why, "Nothing was sent. "
                    + e.Next);
        }
    }
}
