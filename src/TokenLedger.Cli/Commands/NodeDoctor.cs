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
    /// <summary>Free space at which an operator should begin to think about the disk.</summary>
    private const ulong EnoughPercent = 20;

    private const string Pass = "PASS";
    private const string Warn = "WARN";
    private const string Fail = "FAIL";

    private sealed record Check(string What, string Result, string Detail);

    public static TlCommand Build()
    {
        var local = new LocalNodeOptions();
        return new TlCommand(
            "doctor", "Looks at the node on this machine through its socket. Exit 1 when something is amiss.",
            "tl node doctor --node-config network/.devnet/net/node-1/node.json")
            { local.Config, local.Socket }
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
                        ["check"] = check.What,
                        ["result"] = check.Result,
                        ["detail"] = check.Detail,
                    },
                    new Column<Check>("check", check => check.What),
                    new Column<Check>("result", check => check.Result),
                    new Column<Check>("detail", check => check.Detail));
                return checks.All(check => check.Result != Fail) ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    private static IEnumerable<Check> Checks(GetNodeStateResponse state)
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        string role = state.Validator ? "validator" : "observer";
        yield return new Check("answers", Pass, $"{state.Name}, {role}");
        yield return new Check(
            "finality", state.Finalizing ? Pass : Fail,
            state.Finalizing ? string.Create(c, $"height {state.Height}") : state.Diagnosis);
        bool takes = state.Refusal.Length == 0;
        yield return new Check("transactions", takes ? Pass : Fail, takes ? "taken" : state.Refusal);
        ulong percent = state.DiskFreeBytes / ((state.DiskTotalBytes / 100) + 1);
        yield return new Check(
            "disk", percent >= EnoughPercent ? Pass : Warn,
            string.Create(c, $"{state.DiskFreeBytes >> 20} MiB, {percent} %, free at {state.DataDirectory}"));
    }
}
