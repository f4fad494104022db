// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol.Admin.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node doctor: what is well with the node on this machine, and what is not.</summary>
internal static class NodeDoctor
{
    private sealed record Check(string What, bool Well, string Detail);

    public static TlCommand Build()
    {
        var local = new LocalNodeOptions();
        return new TlCommand(
            "doctor", "Looks at the node on this machine through its socket. Exit 1 when something is amiss.",
            "tl node doctor --node-config net/node-1/node.json") { local.Config, local.Socket }
            .DoesWithExit(async (session, token) =>
            {
                using LocalNode node = LocalNode.Open(session, local);
                GetNodeStateResponse state;
                try
                {
                    state = await node.Calls.GetNodeStateAsync(
                        new GetNodeStateRequest(),
                        deadline: (session.Now + session.Timeout).UtcDateTime, cancellationToken: token);
                }
                catch (RpcException e) when (!token.IsCancellationRequested)
                {
                    throw node.Explain(e);
                }

                Check[] checks = [.. Checks(state)];
                session.Output.List(
                    checks,
                    check => new JsonObject
                    {
                        ["check"] = check.What, ["well"] = check.Well, ["detail"] = check.Detail,
                    },
                    new Column<Check>("check", check => check.What),
                    new Column<Check>("result", check => check.Well ? "PASS" : "FAIL"),
                    new Column<Check>("detail", check => check.Detail));
                return checks.All(check => check.Well) ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    private static IEnumerable<Check> Checks(GetNodeStateResponse state)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        string role = state.Validator ? "validator" : "observer";
        yield return new Check("answers", true, $"{state.Name}, {role}");
        yield return new Check(
            "finality", state.Finalizing,
            state.Finalizing ? string.Create(c, $"height {state.Height}") : state.Diagnosis);
        yield return new Check(
            "transactions", state.Refusal.Length == 0, state.Refusal.Length == 0 ? "taken" : state.Refusal);
        ulong percent = state.DiskTotalBytes == 0 ? 0 : state.DiskFreeBytes / (state.DiskTotalBytes / 100 + 1);
        yield return new Check(
            "disk", percent >= 20,
            string.Create(c, $"{state.DiskFreeBytes >> 20} MiB, {percent} %, free at {state.DataDirectory}"));
    }
}
