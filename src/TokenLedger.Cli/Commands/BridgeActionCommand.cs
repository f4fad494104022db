// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge action: what guardians, cold and hot keys do on the chain abroad.</summary>
internal static class BridgeActionCommand
{
    public const string Rpc = "--rpc http://127.0.0.1:8545";
    public const string Abroad = "--deployment deployment.json " + Rpc;

    public static TlCommand Build()
    {
        var command = new TlCommand(
            "action", "Acts of officers on the contracts abroad: stop, lift, recover, propose, cancel.",
            BridgeActionSend.PauseExample, BridgeActionBuild.UnpauseExample, BridgeActionSign.Example,
            BridgeActionSend.Example);
        TlCommand[] all =
        [
            .. BridgeActionBuild.All(), .. BridgeActionSign.All(), .. BridgeActionSend.All(),
            .. BridgeActionDirect.All(),
        ];
        foreach (TlCommand one in all)
        {
            command.Add(one);
        }

        return command;
    }

    public static Option<string> RpcOption() => Inputs.Required(
        "--rpc", "URL", "A node of the chain abroad; @FILE for a file whose first line it is.");

    public static Option<string> DeploymentOption() => Inputs.Required(
        "--deployment", "FILE", "Where the contracts are: what src/contracts/deploy.sh wrote.");

    public static Argument<string> FileArgument() => new("file")
    { Description = "A file of tl bridge action; '-' for stdin." };

    public static Option<string?> OutOption(string otherwise) =>
        Inputs.Optional("--out", "FILE", $"Where to write it (default: {otherwise}).");

    /// <summary>Writes a document; it is JSON in every form, so that the next step can read it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="document">The document.</param>
    /// <param name="file">Where; stdout when it is null or '-'.</param>
    /// <param name="wasShown">True when what it asks for was shown already.</param>
    /// <param name="token">Ends it.</param>
    public static async Task WriteAsync(
        Session session, ActionDocument document, string? file, bool wasShown, CancellationToken token)
    {
        string text = JsonText.Indented(document.ToJson()) + "\n";
        if (file is null or "-")
        {
            session.Output.Raw(text);
            return;
        }

        // Signatures that others gave are not lost to a full disk.
        string path = session.Environment.FullPath(file);
        await File.WriteAllTextAsync(path + ".new", text, token);
        File.Move(path + ".new", path, overwrite: true);
        session.Output.Detail(
            document.ToShownJson(),
            [
                .. wasShown ? [] : document.Lines(session.Addresses, vouched: true),
                .. wasShown ? [("signatures", document.Count)] : ((string, string)[])[],
                ("file", path),
            ]);
    }

    /// <summary>Opens the deployment's contracts on the chain, and reads what they hold.</summary>
    public static async Task<(ChainAbroad Chain, OfficerState State)> OpenAsync(
        Session session, string rpc, DeploymentFile deployment, CancellationToken token)
    {
        var chain = ChainAbroad.Open(session, rpc, token);
        try
        {
            await chain.RequireChainAsync(deployment.ChainId);
            await chain.RequireCodeAsync(deployment);
            return (chain, await chain.StateAsync(deployment.Contracts, deployment.LedgerId));
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    public static CliException TooEarly(string what, ulong from, OfficerState state) => new(
        "TOO_EARLY", ExitCode.Conflict, $"{what} not before {OfficerState.Time(from)}; nothing was sent.",
        $"On the chain it is {OfficerState.Time(state.BlockSeconds)}.", "Wait, and run it again.");

    public static CliException WrongSet(string what, string why) => new(
        "WRONG_SET", ExitCode.VerificationFailed, what, why,
        "Take the file that is kept with the deployment: tl bridge action status --help");
}
