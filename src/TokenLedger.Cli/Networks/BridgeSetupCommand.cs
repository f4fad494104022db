// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;

namespace TokenLedger.Cli.Networks;

/// <summary>tl devnet bridge-plan and bridge-attach, which network/devnet.sh up --bridge runs.</summary>
internal static class BridgeSetupCommand
{
    private const string Folder = "/tmp/net";

    public static TlCommand Plan()
    {
        Option<string> folder = Inputs.Required("--folder", "FOLDER", "The network's folder.");
        Option<string> url = Inputs.Required("--rpc-url", "URL", "Where the chain answers.");
        Option<string> assets = Inputs.Required("--assets", "LIST", "Symbols, joined by commas.");
        return new TlCommand(
            "bridge-plan", "Writes what the contracts abroad are deployed with, as JSON.",
            $"tl devnet bridge-plan --folder {Folder} --rpc-url http://127.0.0.1:8545 --assets GOV-BOND-2031")
        {
            folder, url, assets,
        }.Does((session, _) =>
        {
            BridgeSetup setup = Open(session, session.Value(folder));
            JsonObject plan = Guard(() => setup.Plan(
                session.Value(url), session.Value(assets).Split(',', StringSplitOptions.TrimEntries)));
            session.Output.Raw(JsonText.Indented(plan) + "\n");
            return Task.CompletedTask;
        });
    }

    public static TlCommand Attach()
    {
        Option<string> folder = Inputs.Required("--folder", "FOLDER", "The network's folder.");
        Option<string> deployment = Inputs.Required("--deployment", "FILE", "What deploy.sh wrote.");
        Option<string> endpoint = Inputs.Required("--endpoint", "URL", "Where the chain answers.");
        Option<string> origin = Inputs.Required("--origin", "HASH", "Hash of the chain's first block.");
        return new TlCommand(
            "bridge-attach",
            "Writes each validator's part in the bridge into its node.json, and the lane's terms to stdout.",
            $"tl devnet bridge-attach --folder {Folder} --deployment deployment.json "
                + "--endpoint http://127.0.0.1:8545 --origin 41aa...")
        {
            folder, deployment, endpoint, origin,
        }.Does((session, _) =>
        {
            BridgeSetup setup = Open(session, session.Value(folder));
            string path = session.Environment.FullPath(session.Value(deployment));
            string hash = session.Value(origin);
            JsonObject lane = Guard(() => setup.Attach(
                JsonInput.Object(File.ReadAllText(path)), session.Value(endpoint),
                Inputs.Hash(hash.StartsWith("0x", StringComparison.Ordinal) ? hash[2..] : hash, "--origin")));
            session.Output.Raw(JsonText.Indented(lane) + "\n");
            return Task.CompletedTask;
        });
    }

    private static BridgeSetup Open(Session session, string folder) =>
        Guard(() => new BridgeSetup(session.Environment.FullPath(folder)));

    private static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or JsonException or NetworkCreationException)
        {
            throw new CliException(
                "BRIDGE_NOT_ATTACHED", ExitCode.Failed, e.Message,
                next: "Check that the folder is a network's, and that the contracts are deployed.");
        }
    }
}
