// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Protocol.Admin.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge reset: the bridge of the node here begins anew after its operator looked into why it
/// halted.</summary>
internal static class BridgeReset
{
    public static TlCommand Build()
    {
        var local = new LocalNodeOptions();
        System.CommandLine.Option<ulong?> chain = BridgeVerbs.Chain();
        return new TlCommand(
            "reset",
            "Lets the bridge of the node here read its chain anew, also after it halted. It forgets what it "
                + "has read, and keeps what it has sent.",
            "tl bridge reset --node-config network/.devnet/net/node-1/node.json")
            { local.Config, local.Socket, chain }
            .Does(async (session, token) =>
            {
                using LocalNode node = LocalNode.Open(session, local);
                try
                {
                    await node.Calls.ResetBridgeAsync(
                        new ResetBridgeRequest { ChainId = session.Value(chain) ?? 0 },
                        deadline: (session.Now + session.Timeout).UtcDateTime, cancellationToken: token);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
                {
                    throw new CliException(
                        "BRIDGE_LANE_UNKNOWN", ExitCode.NotFound, e.Status.Detail,
                        "Which chains a node looks at stands in its configuration, under bridge.lanes.",
                        "tl bridge status");
                }
                catch (RpcException e) when (!token.IsCancellationRequested)
                {
                    throw node.Explain(e);
                }

                session.Output.Detail(
                    new JsonObject { ["reset"] = true }, ("reset", "the bridge reads its chain anew"));
            });
    }
}
