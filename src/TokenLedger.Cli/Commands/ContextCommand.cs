// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl context: which networks this person knows.</summary>
internal static class ContextCommand
{
    public const string Name = "context";
    public const string About = "Networks that you know: endpoints, genesis, keys and labels.";

    private const int TypedDigits = 6;

    public static TlCommand Build() => new(Name, About, "tl context list", "tl context use devnet")
    {
        List(), Show(), Create(), Use(),
    };

    private static TlCommand List() => new TlCommand(
        "list", "Lists the saved contexts.", "tl context list", "tl context list -o json")
            .Does((session, _) =>
    {
        var store = new ContextStore(session.Environment);
        string? current = store.Current;
        session.Output.List(
            store.Names,
            name => new JsonObject { ["name"] = name, ["current"] = name == current },
            new Column<string>("name", name => name),
            new Column<string>("in use", name => name == current ? "yes" : ""));
        return Task.CompletedTask;
    });

    private static TlCommand Show() => new TlCommand(
        "show", "Shows the context that commands would use.", "tl context show", "tl context show -o json")
            .Does((session, _) =>
    {
        ContextFile context = session.Context ?? throw new CliException(
            "NO_CONTEXT", ExitCode.NotFound, "There is no context in use.", next: "tl context list");
        session.Output.Detail(
            JsonNode.Parse(context.ToJson())!.AsObject(),
            [
                ("name", context.Name),
                ("file", context.Path ?? "(options)"),
                ("network", context.Production ? "PRODUCTION" : "not production"),
                (
                    "chain id", context.ChainId == 0 ? "(not pinned)"
                    : context.ChainId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("genesis hash", context.GenesisHash?.ToString() ?? "(not pinned)"),
                .. context.Endpoints.Select(e => ("endpoint", ContextFile.Text(e))),
                ("authorities", context.CaFile ?? "(the system's)"),
                ("API key file", context.ApiKeyFile ?? "(none)"),
                ("keys", context.KeyDirectory ?? "(none)"),
                ("password file", context.PasswordFile ?? "(prompt)"),
                .. context.Labels.Select(l => ("label", $"{l.Key} {Eip55.Format(l.Value)}")),
            ]);
        return Task.CompletedTask;
    });

    private static TlCommand Create()
    {
        var name = new Argument<string>("name") { Description = "What to call it." };
        var endpoints = new Option<string[]>("--node")
        {
            Description = "A node's address; repeat it for more. (--endpoint adds one.)",
            HelpName = "URL",
        };
        var genesis = new Option<string?>("--genesis")
        {
            Description = "Genesis hash as published (in the Gazette); the node must have it.",
            HelpName = "HASH",
        };
        var keys = new Option<string?>("--key-directory")
        { Description = "Folder of keystores.", HelpName = "DIR" };
        var production = new Option<bool>("--production") { Description = "What is done there is for real." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a context of this name." };
        var use = new Option<bool>("--use") { Description = "Use it from now on." };
        var command = new TlCommand(
            "create",
            "Saves a context, after asking its nodes what network they are of.",
            "tl context create mof-prod --node https://ledger.example:7443 --genesis 9f3c... --use",
            "tl context create mof-prod --node https://ledger.example:7443 --ca mof-ca.pem --genesis 9f3c...",
            "tl context create devnet --node http://127.0.0.1:7101 --node http://127.0.0.1:7102 "
                + "--genesis 9f3c...")
        {
            name, endpoints, genesis, keys, production, overwrite, use,
        };
        return command.Does(async (session, token) =>
        {
            ImmutableArray<Uri> nodes = [.. (session.Value(endpoints) ?? []).Select(ContextFile.Endpoint)];
            string? ca = session.CaFile;
            if (nodes.IsEmpty)
            {
                nodes = session.Context?.Endpoints ?? [];
                ca ??= session.Context?.CaFile;
            }

            NetworkIdentity network = await IdentityAsync(session, nodes, ca, token);
            CheckGenesis(session, network, session.Value(genesis));
            string? folder = session.Value(keys);
            var context = new ContextFile
            {
                Name = session.Value(name),
                Endpoints = nodes,
                CaFile = ca,
                ChainId = network.ChainId,
                GenesisHash = network.GenesisHash,
                KeyDirectory = folder is null ? null : session.Environment.FullPath(folder),
                PasswordFile = session.PasswordFile is { } file ? session.Environment.FullPath(file) : null,
                Production = session.Value(production),
            };
            var store = new ContextStore(session.Environment);
            string path = store.Save(context, session.Value(overwrite));
            if (session.Value(use))
            {
                store.Use(context.Name);
            }

            session.Output.Detail(
                JsonNode.Parse(context.ToJson())!.AsObject(),
                ("saved", path),
                ("network", network.Name),
                ("chain id", network.ChainId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("genesis hash", network.GenesisHash.ToString()));
        });
    }

    private static TlCommand Use()
    {
        var name = new Argument<string>("name") { Description = "A saved context." };
        return new TlCommand("use", "Makes a saved context the one in use.", "tl context use devnet") { name }
            .Does((session, _) =>
            {
                new ContextStore(session.Environment).Use(session.Value(name));
                session.Talk.Say($"Using context {session.Value(name)}.");
                return Task.CompletedTask;
            });
    }

    private static async Task<NetworkIdentity> IdentityAsync(
        Session session, ImmutableArray<Uri> nodes, string? ca, CancellationToken token)
    {
        if (nodes.IsEmpty)
        {
            throw CliException.Usage("A context needs at least one node.", next: "Pass --node URL.");
        }

        using LedgerConnection connection = session.Connect(nodes, pinned: null, ca);
        return NetworkIdentity.Of(await connection.ReadAsync(
            (node, call) => node.Queries.GetNetworkAsync(new GetNetworkRequest(), call), token));
    }

    /// <summary>The hash is checked against one from elsewhere, by machine or by eye: a node's own word
    /// proves nothing.</summary>
    private static void CheckGenesis(Session session, NetworkIdentity network, string? published)
    {
        string found = network.GenesisHash.ToString();
        if (published is not null)
        {
            if (!Hash256.TryParse(published, out Hash256 expected))
            {
                throw CliException.Usage(
                    $"'{published}' is no genesis hash.", next: "It has 64 hexadecimal digits.");
            }

            if (expected != network.GenesisHash)
            {
                throw new CliException(
                    "WRONG_NETWORK", ExitCode.VerificationFailed, "The node is of another network.",
                    $"Its genesis hash is {found}, not {expected}.");
            }

            return;
        }

        if (!session.Environment.Terminal.Input)
        {
            throw new CliException(
                "NOT_CONFIRMED", ExitCode.NotConfirmed, "Nobody is there to compare the genesis hash.",
                $"The node says {found}.", "Pass --genesis HASH, as it was published.");
        }

        session.Talk.Insist(
            $"The node says: network {network.Name}, chain id {network.ChainId}, genesis hash");
        session.Talk.Insist("  " + found);
        session.Environment.Error.Write($"If it is the published one, type its last {TypedDigits} digits: ");
        session.Environment.Error.Flush();
        if (session.Environment.In.ReadLine()?.Trim() != found[^TypedDigits..])
        {
            throw new CliException(
                "NOT_CONFIRMED", ExitCode.NotConfirmed, "Not confirmed; nothing was saved.");
        }
    }
}
