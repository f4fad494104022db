// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace TokenLedger.Cli.Networks;

/// <summary>tl devnet: creates a development network. network/devnet.sh runs one.</summary>
internal static class DevnetCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Build() => new("devnet", "Create a development network; network/devnet.sh runs it.")
    {
        Create(),
    };

    private static Command Create()
    {
        var template = new Option<string>("--template")
        {
            Description = "Folder with network.json, portfolio.json and the documents that they name.",
            Required = true,
        };
        var output = new Option<string>("--output")
        {
            Description = "Folder to create. It must not exist.",
            Required = true,
        };
        var validators = new Option<int>("--validators")
        {
            Description = "How many validators.",
            DefaultValueFactory = static _ => 4,
        };
        var basePort = new Option<int>("--base-port")
        {
            Description = "Validator i listens on this + 100·i + 1 (peers), + 2 (API) and + 3 (operations).",
            DefaultValueFactory = static _ => 7000,
        };
        const string Description = "Create keys, certificates, genesis and configuration.\n\n"
            + "Example: tl devnet create --template genesis/devnet --output /tmp/net --validators 4";
        var command = new Command("create", Description)
        {
            template, output, validators, basePort,
        };
        command.SetAction(parsed => Run(parsed.InvocationConfiguration, new NetworkOptions(
            parsed.GetRequiredValue(template),
            parsed.GetRequiredValue(output),
            parsed.GetValue(validators),
            parsed.GetValue(basePort))));
        return command;
    }

    private static int Run(InvocationConfiguration streams, NetworkOptions options)
    {
        try
        {
            CreatedNetwork network = new NetworkBuilder(TimeProvider.System).Create(options);
            streams.Output.WriteLine($"folder        {network.Folder}");
            streams.Output.WriteLine($"validators    {network.Validators}");
            streams.Output.WriteLine($"chain id      {network.ChainId}");
            streams.Output.WriteLine($"genesis hash  {network.GenesisHash}");
            return 0;
        }
        catch (NetworkCreationException e)
        {
            streams.Error.WriteLine($"error: {e.Message}");
            return 1;
        }
    }
}
