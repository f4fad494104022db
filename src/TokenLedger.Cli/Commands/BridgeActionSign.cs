// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Commands;

/// <summary>The steps of tl bridge action that need no network: show, sign, join.</summary>
internal static class BridgeActionSign
{
    public const string Example = "tl bridge action sign a.json --from cold-1.json";

    private const int PhraseDigits = 8;

    public static IEnumerable<TlCommand> All() => [Show(), Sign(), Join()];

    private static TlCommand Show()
    {
        Argument<string> file = BridgeActionCommand.FileArgument();
        Option<string?> deployment = Deployment();
        var typed = new Option<bool>("--typed-data")
        {
            Description = "Print EIP-712 typed data for an external signer (hardware wallet, cast, ethers).",
        };
        return new TlCommand(
            "show", "Checks a file, and says what it asks for, who signed it and who is missing. Needs no "
                + "network.",
            "tl bridge action show a.json", "tl bridge action show a.json --deployment deployment.json")
        {
            file, deployment, typed,
        }.Does((session, _) =>
        {
            var document = ActionDocument.Load(session, session.Value(file));
            bool vouched = Vouched(session, document, session.Value(deployment));
            if (session.Value(typed))
            {
                (TypedData types, object[] message) = document.Action.Typed(document.Place);
                session.Output.Raw(types.ToJson(message) + "\n");
                return Task.CompletedTask;
            }

            session.Output.Detail(
                document.ToShownJson(), [.. document.Lines(session.Addresses, vouched)]);
            return Task.CompletedTask;
        });
    }

    private static TlCommand Sign()
    {
        Argument<string> file = BridgeActionCommand.FileArgument();
        Option<string?> deployment = Deployment();
        Option<string?> output = BridgeActionCommand.OutOption("the file itself");
        Option<string?> external = Inputs.Optional(
            "--signature", "HEX",
            "A signature made elsewhere (hardware wallet, custody), to check and put in.");
        Option<bool> yes = Yes();
        Option<string?> confirm = ConfirmDigest();
        return new TlCommand(
            "sign", "Shows what a file asks for, and signs it. Needs no network.", Example,
            "tl bridge action sign a.json --from cold-1.json --deployment deployment.json --out b.json")
        {
            file, deployment, output, external, yes, confirm,
        }.Does(async (session, token) =>
        {
            var document = ActionDocument.Load(session, session.Value(file));
            bool vouched = Vouched(session, document, session.Value(deployment));
            foreach ((string label, string value) in document.Lines(session.Addresses, vouched))
            {
                session.Talk.Line(label, value);
            }

            byte[] signature = session.Value(external) is { } hex
                ? TxSignCommand.Signature(hex)
                : SignWith(session, document, vouched, session.Value(yes), session.Value(confirm));
            await BridgeActionCommand.WriteAsync(
                session, document.With(signature), session.Value(output) ?? session.Value(file),
                wasShown: true, token);
        });
    }

    private static TlCommand Join()
    {
        Argument<string[]> files = FilesArgument();
        Option<string?> output = BridgeActionCommand.OutOption("stdout");
        return new TlCommand(
            "join", "Puts together the signatures of copies that were signed apart. Needs no network.",
            "tl bridge action join a.json b.json c.json --out all.json")
        {
            files, output,
        }.Does((session, token) => BridgeActionCommand.WriteAsync(
            session, ActionDocument.Join(session, session.Value(files)), session.Value(output),
            wasShown: false, token));
    }

    public static Argument<string[]> FilesArgument() => new("files")
    {
        Description = "Files of tl bridge action: one, or copies of it that were signed apart.",
        Arity = new ArgumentArity(1, Limits.Validators),
    };

    public static Option<bool> Yes() => new("--yes", "-y")
    {
        Description = "Do not ask for confirmation. Refused where the context is production.",
    };

    public static Option<string?> ConfirmDigest() =>
        Inputs.Optional("--confirm-digest", "HASH", "Confirm in a script exactly this digest.");

    private static Option<string?> Deployment() => Inputs.Optional(
        "--deployment", "FILE",
        "Require that the file is for these contracts: what deploy.sh wrote, as you had it before.");

    /// <summary>Whether anything but the file says which contracts it is for. A context only says which
    /// ledger: a stranger's contracts may name it too.</summary>
    /// <exception cref="CliException">It is for others.</exception>
    private static bool Vouched(Session session, ActionDocument document, string? deployment)
    {
        if (deployment is not null)
        {
            DeploymentFile.Load(session, deployment).Require(document.Place);
        }

        if (session.Context?.GenesisHash is { } genesis && genesis != document.Place.LedgerId)
        {
            throw new CliException(
                "WRONG_NETWORK", ExitCode.VerificationFailed,
                "The action is for the bridge of another ledger than the context's.",
                $"Action: {document.Place.LedgerId}. Context: {genesis}. Nothing was signed or sent.",
                "Name the context that is meant: --context FILE|NAME");
        }

        return deployment is not null;
    }

    private static byte[] SignWith(
        Session session, ActionDocument document, bool vouched, bool yes, string? confirmDigest)
    {
        Address signer = Signer.AddressOf(session, session.From);
        document.RequireMember(signer);
        document.RequireUnsigned(signer);
        bool assumed = yes || session.Environment.Variable("TL_YES") == "1";
        if (!vouched && assumed && confirmDigest is null)
        {
            // Nobody looks, and nothing but the file says which contracts it is for.
            throw new CliException(
                "NETWORK_NOT_PINNED", ExitCode.Auth,
                "Nothing but the file says which contracts it is for; nothing was signed.",
                "--yes would trust the addresses of whoever made the file.",
                "tl bridge action sign FILE --from KEY --yes --deployment FILE");
        }

        Hash256 digest = document.Digest;
        Confirmation.Require(
            session, $"Sign this: {document.Action.Words(session.Addresses)}.",
            digest.ToString()[..PhraseDigits], digest, yes, confirmDigest);
        using PrivateKey key = Signer.Open(session, session.From);
        return key.Sign(digest);
    }
}
