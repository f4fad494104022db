// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Commands;

/// <summary>tl tx sign: the step that has the key, and needs no network.</summary>
internal static class TxSignCommand
{
    private const int PhraseDigits = 8;

    public static TlCommand Build()
    {
        var file = new Argument<string>("file") { Description = "A file of tl tx build; '-' for stdin." };
        Option<string?> output = Inputs.Optional("--out", "FILE", "Where to write it (default: stdout).");
        Option<string?> external = Inputs.Optional(
            "--signature", "HEX",
            "A signature made elsewhere (hardware wallet, custody), to check and put in.");
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Do not ask for confirmation. Refused where the context is production.",
        };
        Option<string?> confirm =
            Inputs.Optional("--confirm-digest", "HASH", "Confirm in a script exactly this digest.");
        Option<string?> genesis = Inputs.Genesis();
        return new TlCommand(
            "sign", "Shows what the body says, and signs it. Needs no network.",
            "tl tx sign u.json --from treasury --out s.json",
            "tl tx sign u.json --from keys/treasury.json --confirm-digest 41aa... > s.json",
            "tl tx sign u.json --from keys/treasury.json --genesis 9f3c... --yes > s.json",
            "tl tx sign u.json --signature 5d3e... > s.json")
        {
            file, genesis, output, external, yes, confirm,
        }.Does(async (session, token) =>
        {
            OfflineDocument document = OfflineDocument.Load(session, session.Value(file));
            bool vouched = document.RequireNetwork(
                session, session.Value(genesis) is { } named ? Inputs.Hash(named, "--genesis") : null);
            foreach ((string label, string value) in document.Lines(session.Addresses, vouched).SkipLast(1))
            {
                session.Talk.Line(label, value);
            }

            byte[] signature = session.Value(external) is { } hex
                ? Signature(hex)
                : Sign(session, document, vouched, session.Value(yes), session.Value(confirm));
            OfflineDocument signed = document with { Signature = signature };
            RequireSigned(signed);
            session.Talk.Line(
                "signed", "yes, by " + session.Addresses.NameAndAddress(document.Transaction.Sender));
            await TxBuildCommand.WriteAsync(session, signed, session.Value(output), token);
        });
    }

    /// <summary>Requires a right signature of the sender.</summary>
    public static void RequireSigned(OfflineDocument document)
    {
        if (document.Signature is not { } signature)
        {
            throw new CliException(
                "NOT_SIGNED", ExitCode.Auth, "The transaction is not signed.",
                next: "tl tx sign FILE --from KEY");
        }

        if (Secp256k1Scheme.IsHighS(signature))
        {
            throw RpcFailure.Refused(
                RejectionCodes.Name(RejectionCode.HighS),
                "The signature's s is in the upper half of the order; the ledger takes only the lower.");
        }

        bool recovered = new Secp256k1Scheme().TryRecover(document.Digest, signature, out Address signer);
        if (!recovered || signer != document.Transaction.Sender)
        {
            throw RpcFailure.Refused(
                RejectionCodes.Name(RejectionCode.BadSignature),
                recovered
                    ? $"The signature is of {Eip55.Format(signer)}, "
                        + $"not of the sender {Eip55.Format(document.Transaction.Sender)}."
                    : "The signature is malformed.");
        }
    }

    private static byte[] Sign(
        Session session, OfflineDocument document, bool vouched, bool yes, string? confirmDigest)
    {
        Hash256 digest = document.Digest;
        bool assumed = yes || session.Environment.Variable("TL_YES") == "1";
        if (!vouched && assumed && confirmDigest is null)
        {
            // Nobody looks, and nothing but the file says which network it is for.
            throw new CliException(
                "NETWORK_NOT_PINNED", ExitCode.Auth,
                "Nothing but the file says which network it is for; nothing was signed.",
                "Without a context, --yes would trust the genesis hash of whoever made the file.",
                "tl tx sign FILE --from KEY --yes --genesis HASH");
        }

        string amounts = document.Amounts();
        string what = amounts.Length == 0 ? "Sign this transaction." : $"Sign this transaction of {amounts}.";
        Confirmation.Require(
            session, what, digest.ToString()[..PhraseDigits], digest, yes, confirmDigest);
        using PrivateKey key = TransactionFlow.OpenKey(session, document.Transaction.Sender);
        return key.Sign(digest);
    }

    /// <summary>A signature that was made elsewhere.</summary>
    internal static byte[] Signature(string hex)
    {
        byte[] signature = new byte[Limits.SignatureBytes];
        return Hex.TryParse(hex, signature)
            ? signature
            : throw RpcFailure.Refused(
                RejectionCodes.Name(RejectionCode.BadSignature),
                $"--signature is not {Limits.SignatureBytes} bytes in hexadecimal (r, s, v).");
    }
}
