// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Verbs;

/// <summary>Operations on assets, as they are typed.</summary>
internal static class AssetVerbs
{
    /// <summary>A new one of each.</summary>
    public static IEnumerable<Verb> All() =>
        [CreateAssetVerb.Make(), Issue(), Burn(), Pause(), Resume(), SetCap(), Document()];

    private static Verb Issue()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> amount =
            Inputs.Required("--amount", "N", "How much, in whole units: 1250.50 or 1,250.50.");
        Option<string> to = Inputs.Required("--to", "ACCOUNT", "Who gets the units.");
        Option<bool> atomic = Inputs.Atomic();
        return Verb.Privileged(
            "issue", "Issues units of an asset, within its authorised amount.",
            "GOV-BOND-2031 --amount 500,000 --to treasury",
            [symbol, amount, to, atomic],
            async (session, _, token) =>
            {
                AssetId asset = Inputs.Asset(session.Value(symbol));
                Address receiver = session.Addresses.Resolve(session.Value(to));
                return new IssueUnits(
                    asset, receiver,
                    await Inputs.AmountAsync(
                        session, session.Value(amount), asset, session.Value(atomic), token));
            });
    }

    private static Verb Burn()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> amount = Inputs.Required("--amount", "N", "How much, in whole units.");
        Option<string> from =
            Inputs.Required("--account", "ACCOUNT", "The issuer's account that holds the units.");
        Option<bool> atomic = Inputs.Atomic();
        return Verb.Privileged(
            "burn", "Destroys redeemed units that stand in an account of the issuer.",
            "GOV-BOND-2031 --amount 1,000 --account treasury --reason \"redeemed 2027-06-30\"",
            [symbol, amount, from, atomic],
            async (session, reason, token) =>
            {
                AssetId asset = Inputs.Asset(session.Value(symbol));
                Address holder = session.Addresses.Resolve(session.Value(from));
                return new BurnUnits(
                    asset, holder,
                    await Inputs.AmountAsync(
                        session, session.Value(amount), asset, session.Value(atomic), token), reason);
            });
    }

    private static Verb Pause()
    {
        Argument<string> symbol = Inputs.Symbol();
        return Verb.Privileged(
            "pause", "Stops transfers and issuance of an asset.", "GOV-BOND-2031 --reason \"order 12/2027\"",
            [symbol],
            (session, reason, _) => Task.FromResult<PrivilegedOperation>(
                new PauseAsset(Inputs.Asset(session.Value(symbol)), reason)));
    }

    private static Verb Resume()
    {
        Argument<string> symbol = Inputs.Symbol();
        return Verb.Privileged(
            "resume", "Lifts a pause.", "GOV-BOND-2031 --reason \"order 12/2027 lifted\"", [symbol],
            (session, reason, _) => Task.FromResult<PrivilegedOperation>(
                new ResumeAsset(Inputs.Asset(session.Value(symbol)), reason)));
    }

    private static Verb SetCap()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> cap = Inputs.Required("--cap", "N", "The authorised amount, in whole units.");
        Option<bool> atomic = Inputs.Atomic();
        return Verb.Privileged(
            "set-cap", "Changes the authorised amount; never below what is outstanding.",
            "GOV-BOND-2031 --cap 4,000,000", [symbol, cap, atomic],
            async (session, _, token) =>
            {
                AssetId asset = Inputs.Asset(session.Value(symbol));
                return new SetAssetCap(
                    asset, await Inputs.AmountAsync(
                        session, session.Value(cap), asset, session.Value(atomic), token));
            });
    }

    private static Verb Document()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> title = Inputs.Required("--title", "TEXT", "What the document is.");
        Option<string> uri = Inputs.Required("--uri", "URI", "Where it is published.");
        Option<string?> file =
            Inputs.Optional("--file", "FILE", "The document; its SHA-256 is recorded, not its bytes.");
        Option<string?> hash =
            Inputs.Optional("--hash", "HASH", "Its SHA-256, instead of the file or to check it.");
        return Verb.Privileged(
            "document", "Attaches a document to an asset, by its hash.",
            "GOV-BOND-2031 --title \"Offering circular\" --file circular.pdf "
                + "--uri https://mof.example/circular.pdf",
            [symbol, title, uri, file, hash],
            (session, _, _) =>
            {
                Hash256 computed = Inputs.DocumentHash(session, session.Value(hash), session.Value(file));
                return computed.IsZero
                    ? throw CliException.Usage(
                        "Nothing says which document.", next: "Pass --file FILE or --hash HASH.")
                    : Task.FromResult<PrivilegedOperation>(new AttachDocument(
                        Inputs.Asset(session.Value(symbol)),
                        new AssetDocument(session.Value(title), computed, session.Value(uri))));
            });
    }
}
