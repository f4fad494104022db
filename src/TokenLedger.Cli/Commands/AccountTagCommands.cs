// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Commands;

/// <summary>tl account address, require-tag: whom an account keeps units for.</summary>
internal static class AccountTagCommands
{
    /// <summary>A tagged address from its parts, or its parts from a tagged address.</summary>
    public static TlCommand Address()
    {
        var account = new Argument<string>("account")
        { Description = "An address or label, with --tag; or a tagged address, to take it apart." };
        Option<ulong> tag = Inputs.Tag("--tag", "Whom the account keeps units for: your own number.");
        return new TlCommand(
            "address",
            "Writes an account and a tag as one text with a checksum, or takes such a text apart. Needs no "
                + "network.",
            "tl account address exchange-1 --tag 7421") { account, tag }
            .Does((session, _) =>
            {
                (Core.Address named, ulong number) = Inputs.Receiver(
                    session, session.Value(account), session.Value(tag));
                if (number == 0)
                {
                    throw CliException.Usage(
                        "Nothing says which tag.", "An account alone is written as its address.",
                        "tl account address ACCOUNT --tag N");
                }

                string text = new TaggedAddress(named, number).ToString();
                session.Output.Detail(
                    new JsonObject
                    {
                        ["address"] = text,
                        ["account"] = Eip55.Format(named),
                        ["tag"] = number.ToString(CultureInfo.InvariantCulture),
                    },
                    ("address", text),
                    ("account", session.Addresses.NameAndAddress(named)),
                    ("tag", number.ToString(CultureInfo.InvariantCulture)));
                return Task.CompletedTask;
            });
    }

    public static TlCommand Require()
    {
        Verb verb = OtherVerbs.RequireTag();
        var write = new WriteOptions();
        TlCommand command = verb.Command(
            verb.Description,
            $"tl account require-tag {verb.Example} --from {verb.ExampleSigner}",
            $"tl account require-tag {verb.Example} --off --from {verb.ExampleSigner}");
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            Operation operation = await verb.Read(session, token);
            await SingleFlow.RunAsync(
                session, new TransactionFlow(session, write.Read(session)), [operation], token);
        });
    }
}
