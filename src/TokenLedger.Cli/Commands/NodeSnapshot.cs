// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Protocol.Admin.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node snapshot: the state of the node on this machine, as a file that a new node starts
/// from.</summary>
internal static class NodeSnapshot
{
    public static TlCommand Build()
    {
        var local = new LocalNodeOptions();
        Option<string> to = Inputs.Required("--to", "FILE", "The snapshot's file: it must not be there.");
        return new TlCommand(
            "snapshot",
            "Writes the state at the next final block into a file, from which a new node can start.",
            "tl node snapshot --node-config network/.devnet/net/node-1/node.json --to state.snapshot")
            { local.Config, local.Socket, to }
            .Does(async (session, token) =>
            {
                string file = session.Environment.FullPath(session.Value(to)!);
                if (File.Exists(file))
                {
                    throw CliException.Usage($"{file} is there already.", next: "Name another file.");
                }

                using LocalNode node = LocalNode.Open(session, local);
                WriteSnapshotResponse written;
                try
                {
                    written = await node.Snapshots.WriteSnapshotAsync(
                        new WriteSnapshotRequest(),
                        deadline: (session.Now + session.Timeout).UtcDateTime, cancellationToken: token);
                }
                catch (RpcException e) when (!token.IsCancellationRequested)
                {
                    throw node.Explain(e);
                }

                File.Copy(written.Path, file);
                Show(session, written, file);
                session.Talk.Say(
                    $"A new node starts from it: tokenledger-node --config node.json --from-snapshot {file}");
            });
    }

    private static void Show(Session session, WriteSnapshotResponse written, string file)
    {
        string height = written.Height.ToString(CultureInfo.InvariantCulture);
        var block = new Hash256(written.BlockHash.Span);
        var root = new Hash256(written.StateRoot.Span);
        session.Output.Detail(
            new JsonObject
            {
                ["file"] = file,
                ["height"] = written.Height,
                ["blockHash"] = block.ToString(),
                ["stateRoot"] = root.ToString(),
                ["bytes"] = written.Bytes,
            },
            [
                ("file", file), ("height", height), ("block hash", block.ToString()),
                ("state root", root.ToString()),
                ("bytes", written.Bytes.ToString(CultureInfo.InvariantCulture)),
            ]);
    }
}
