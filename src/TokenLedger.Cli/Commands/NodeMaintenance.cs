// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node backup, restore, verify and verify-report: work on the ledger of the node here.</summary>
internal static class NodeMaintenance
{
    private const string Sample = "network/.devnet/net/node-1/node.json";

    public static TlCommand Backup()
    {
        Option<string> config = Config();
        Option<string> to = Inputs.Required("--to", "FOLDER", "The backup's folder: absent or empty.");
        Option<string?> passphrase = Passphrase("Encrypts it: a file whose first line is the passphrase.");
        Option<string?> program = NodeProgram.Option();
        return new TlCommand(
            "backup",
            "Backs up the ledger of the node here, running or stopped. What it voted is in no backup.",
            $"tl node backup --node-config {Sample} --to backup",
            $"tl node backup --node-config {Sample} --to backup-2 --passphrase-file passphrase.txt")
            { config, to, passphrase, program }
            .Does(async (session, token) =>
            {
                List<string> arguments =
                    ["backup", .. Path(session, "--config", session.Value(config)),
                        .. Path(session, "--to", session.Value(to)),
                        .. Path(session, "--passphrase-file", session.Value(passphrase))];
                JsonObject result = await NodeProgram.RunAsync(
                    session, session.Value(program), "Backing up", arguments, token);
                Show(
                    session, result, "backup", "height", "blockHash", "stateRoot", "files", "bytes",
                    "encrypted");
                session.Talk.Say("Keep a copy elsewhere. What it is good for: tl node restore");
            });
    }

    public static TlCommand Restore()
    {
        Option<string> config = Config();
        Option<string> backup = Inputs.Required("--backup", "FOLDER", "The backup.");
        Option<string?> to = Inputs.Optional(
            "--to", "FOLDER", "The data directory to restore into (default: node.json's).");
        Option<string?> passphrase = Passphrase("Opens an encrypted backup.");
        Option<string?> program = NodeProgram.Option();
        return new TlCommand(
            "restore",
            "Puts a backup's ledger into a stopped node that has none, once it is proved to be right.",
            $"tl node restore --node-config {Sample} --backup backup --to data")
            { config, backup, to, passphrase, program }
            .Does(async (session, token) =>
            {
                List<string> arguments =
                    ["restore", .. Path(session, "--config", session.Value(config)),
                        .. Path(session, "--backup", session.Value(backup)),
                        .. Path(session, "--to", session.Value(to)),
                        .. Path(session, "--passphrase-file", session.Value(passphrase))];
                JsonObject result = await NodeProgram.RunAsync(
                    session, session.Value(program), "Restoring", arguments, token);
                Show(session, result, "dataDirectory", "height", "blockHash", "stateRoot");
                session.Talk.Say("Start the node: it fetches what is newer from the others, and checks it.");
            });
    }

    public static TlCommand Verify()
    {
        Option<string> config = Config();
        Option<string?> backup = Inputs.Optional(
            "--backup", "FOLDER", "Verify this backup, not the node's ledger.");
        Option<string?> passphrase = Passphrase("Opens an encrypted backup.");
        Option<string?> report = Inputs.Optional(
            "--report", "FILE", "Write the report, signed with the key of --from.");
        Option<string?> program = NodeProgram.Option();
        return new TlCommand(
            "verify",
            "Executes the whole ledger again from genesis and compares every root. Exit 9 when one differs.",
            $"tl node verify --node-config {Sample}",
            $"tl node verify --node-config {Sample} --backup backup",
            $"tl node verify --node-config {Sample} --report report.json --from ministry-maker-1")
            { config, backup, passphrase, report, program }
            .Does(async (session, token) =>
            {
                // First, so that a wrong password is not found out after hours.
                using PrivateKey? key =
                    session.Value(report) is null ? null : Signer.Open(session, session.From);
                List<string> arguments =
                    ["verify", .. Path(session, "--config", session.Value(config)),
                        .. Path(session, "--backup", session.Value(backup)),
                        .. Path(session, "--passphrase-file", session.Value(passphrase))];
                JsonObject result = await NodeProgram.RunAsync(
                    session, session.Value(program), "Verifying", arguments, token);
                if (key is not null)
                {
                    string file = session.Environment.FullPath(session.Value(report)!);
                    await File.WriteAllTextAsync(file, SignedDocument.Sign(result, key), token);
                    session.Talk.Say($"Signed: {file}. Whoever gets it checks it by: tl node verify-report");
                }

                ShowReport(session, result);
                RequireHolds(result);
            });
    }

    public static TlCommand VerifyReport()
    {
        var file = new Argument<string>("file") { Description = "The report." };
        Option<string?> signer = Inputs.Optional("--signer", "ADDRESS", "Whom the report must be signed by.");
        return new TlCommand(
            "verify-report",
            "Checks offline who signed a verification's report, and that all holds. Exit 9 if not.",
            "tl node verify-report report.json --signer ministry-maker-1") { file, signer }
            .Does((session, _) =>
            {
                string path = session.Environment.FullPath(session.Value(file));
                if (!File.Exists(path))
                {
                    throw new CliException(
                        "FILE_NOT_FOUND", ExitCode.NotFound, $"There is no file {path}.",
                        next: "Check the path.");
                }

                if (SignedDocument.Open(File.ReadAllBytes(path)) is not var (document, address)
                    || JsonNode.Parse(document.GetRawText()) is not JsonObject report
                    || report["kind"]?.ToString() != "tokenledger-verification")
                {
                    throw Failed("REPORT_INVALID", "It is no report that the signer it names has signed.");
                }

                if (session.Value(signer) is { } wanted && session.Addresses.Resolve(wanted) != address)
                {
                    throw Failed("REPORT_SIGNER", $"{session.Addresses.NameAndAddress(address)} signed it.");
                }

                session.Talk.Say($"Signed by {session.Addresses.NameAndAddress(address)}.");
                ShowReport(session, report);
                RequireHolds(report);
                return Task.CompletedTask;
            });
    }

    private static Option<string> Config() =>
        Inputs.Required("--node-config", "FILE", "The node on this machine: its node.json.");

    private static Option<string?> Passphrase(string what) =>
        Inputs.Optional("--passphrase-file", "FILE", what);

    private static void RequireHolds(JsonObject report)
    {
        if (report["firstDifference"] is JsonObject first)
        {
            throw new CliException(
                "LEDGER_DIFFERS", ExitCode.VerificationFailed,
                $"The ledger does not hold, first at height {first["height"]}: {first["what"]}.",
                next: "Keep the files, and compare with another institution's node: tl node verify");
        }
    }

    private static void ShowReport(Session session, JsonObject report) => Show(
        session, report, "network", "holds", "height", "blockHash", "stateRoot", "blocks", "transactions",
        "events", "certificates", "signatures", "seconds");

    private static void Show(Session session, JsonObject result, params string[] fields) =>
        session.Output.Detail(
            result, [.. fields.Select(field => (Words(field), result[field]?.ToString() ?? ""))]);

    /// <summary>A JSON name as words: blockHash is "block hash".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select(
            c => char.IsAsciiLetterUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));

    private static string[] Path(Session session, string option, string? path) =>
        path is null ? [] : [option, session.Environment.FullPath(path)];

    private static CliException Failed(string code, string why) => new(
        code, ExitCode.VerificationFailed, "The report cannot be relied on.", why,
        "Ask the operator for the file as it was written.");
}
