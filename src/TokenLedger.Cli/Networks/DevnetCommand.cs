// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Networks;

/// <summary>tl devnet: creates a development network, which network/devnet.sh runs.</summary>
internal static class DevnetCommand
{
    public const string Name = "devnet";
    public const string About = "Development networks: create one; network/devnet.sh runs it.";

    private const string Example =
        "tl devnet create --template genesis/devnet --folder /tmp/net --validators 4 --base-port 7000";

    public static TlCommand Build() => new(Name, About, Example)
    {
        Create(), BridgeSetupCommand.Plan(), BridgeSetupCommand.Attach(),
    };

    private static TlCommand Create()
    {
        var template = new Option<string>("--template")
        {
            Description = "Folder with network.json, portfolio.json and the documents that they name.",
            HelpName = "FOLDER",
            Required = true,
        };
        var folder = new Option<string>("--folder")
        {
            Description = "Folder to create. It must not exist.",
            HelpName = "FOLDER",
            Required = true,
        };
        var validators = new Option<int>("--validators")
        {
            Description = "How many validators (default 4).",
            HelpName = "N",
            DefaultValueFactory = static _ => 4,
        };
        var basePort = new Option<int>("--base-port")
        {
            Description = "Validator i listens on this + 100·i + 1 (peers), + 2 (API), + 3 (operations).",
            HelpName = "PORT",
            DefaultValueFactory = static _ => 7000,
        };
        return new TlCommand("create", "Creates keys, certificates, genesis and configuration.", Example)
        {
            template, folder, validators, basePort,
        }.Does((session, _) =>
        {
            int count = session.Value(validators);
            int port = session.Value(basePort);
            if (NetworkOptions.Problem(count, port) is { } problem)
            {
                throw CliException.Usage(problem);
            }

            Show(session, Run(session, new NetworkOptions(
                session.Environment.FullPath(session.Value(template)),
                session.Environment.FullPath(session.Value(folder)),
                count,
                port)));
            return Task.CompletedTask;
        });
    }

    private static CreatedNetwork Run(Session session, NetworkOptions options)
    {
        try
        {
            return new NetworkBuilder(session.Environment.Time).Create(options);
        }
        catch (NetworkCreationException e)
        {
            throw new CliException("NETWORK_NOT_CREATED", ExitCode.Failed, e.Message,
                next: "Check that the --template is whole, and that the --folder is not there yet");
        }
    }

    private static void Show(Session session, CreatedNetwork network) => session.Output.Detail(
        new JsonObject
        {
            ["folder"] = network.Folder,
            ["validators"] = network.Validators,
            ["chainId"] = network.ChainId,
            ["genesisHash"] = network.GenesisHash.ToString(),
        },
        ("folder", network.Folder),
        ("validators", $"{network.Validators}"),
        ("chain id", $"{network.ChainId}"),
        ("genesis", network.GenesisHash.ToString()));
}
