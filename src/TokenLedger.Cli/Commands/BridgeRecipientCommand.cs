// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge recipient: the 32 bytes by which a burn abroad names an account here. Needs no
/// network.</summary>
internal static class BridgeRecipientCommand
{
    public static TlCommand Build()
    {
        var account = new Argument<string?>("account")
        {
            Description = "Who gets the units: an address, or a label of the context.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var tag = new Option<ulong>("--tag")
        { HelpName = "N", Description = "A number for the receiver, e.g. of a deposit (default: 0)." };
        Option<string?> decode = Inputs.Optional(
            "--decode", "0x...", "The other way: whom 32 bytes name.");
        return new TlCommand(
            "recipient",
            "Prints the 32 bytes that name an account to the bridge abroad: what burn(token, amount, "
                + "ledgerRecipient) takes last. Nobody is asked whether the account is registered.",
            "tl bridge recipient exchange-1", "tl bridge recipient exchange-1 --tag 4711 -o json",
            "tl bridge recipient --decode "
                + "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed000000000000126700000000")
            { account, tag, decode }
            .Does((session, _) =>
            {
                switch (session.Value(account), session.Value(decode))
                {
                    case ({ } name, null):
                        Encoded(session, Account(session, name), session.Value(tag));
                        break;
                    case (null, { } text) when session.Value(tag) == 0:
                        Decoded(session, text);
                        break;
                    default:
                        throw CliException.Usage(
                            "An account, with or without --tag, or --decode by itself is needed.",
                            next: "tl bridge recipient exchange-1");
                }

                return Task.CompletedTask;
            });
    }

    /// <summary>For people the bytes alone, unbroken: they are there to be copied.</summary>
    private static void Encoded(Session session, Address account, ulong tag)
    {
        string bytes = "0x" + BridgeRecipient.Of(account, tag);
        if (!session.Output.IsTable)
        {
            session.Output.Write(ToJson(bytes, account, tag));
            return;
        }

        session.Talk.Say($"{session.Addresses.NameAndAddress(account)}, tag {tag}");
        session.Output.Raw(bytes + "\n");
    }

    private static void Decoded(Session session, string text)
    {
        (Address account, ulong tag) = Decode(text);
        session.Output.Detail(
            ToJson(text.ToLowerInvariant(), account, tag),
            ("account", session.Addresses.NameAndAddress(account)),
            ("tag", tag.ToString(CultureInfo.InvariantCulture)));
    }

    private static JsonObject ToJson(string bytes, Address account, ulong tag) => new()
    {
        ["recipient"] = bytes,
        ["account"] = Eip55.Format(account),
        ["tag"] = tag,
    };

    /// <summary>Units that are burned for the zero address could go to nobody.</summary>
    private static Address Account(Session session, string name) =>
        session.Addresses.Resolve(name) is { IsZero: false } account
            ? account
            : throw CliException.Usage(
                $"'{name}' is the zero address, which is nobody's.",
                "What is burned for it would be suspended until officers decide.");

    private static (Address Account, ulong Tag) Decode(string text)
    {
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            || !Hash256.TryParse(text[2..].ToLowerInvariant(), out Hash256 bytes))
        {
            throw CliException.Usage(
                $"--decode is '{text}', which is not 32 bytes.", next: "It is 0x and 64 hexadecimal digits.");
        }

        return BridgeRecipient.TryRead(bytes, out Address account, out ulong tag)
            ? (account, tag)
            : throw new CliException(
                "BRIDGE_RECIPIENT_INVALID", ExitCode.Usage, $"{text} names no account.",
                "20 bytes of account, not all zero, come first, then 8 of tag and 4 of zero. A burn with "
                    + "other bytes is suspended until officers name a receiver.",
                "tl bridge recipient ACCOUNT");
    }
}
