// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol.Admin.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node scrub: whether the ledger of the node here was read lately, and what was found.</summary>
internal static class NodeScrub
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static TlCommand Build()
    {
        var local = new LocalNodeOptions();
        var now = new Option<bool>("--now")
        {
            Description = "Read everything now, and wait for it.",
        };
        return new TlCommand(
            "scrub", "What the scrub of the node here found, which reads the whole ledger again and again.",
            "tl node scrub --node-config network/.devnet/net/node-1/node.json",
            "tl node scrub --node-config network/.devnet/net/node-1/node.json --now")
            { local.Config, local.Socket, now }
            .Does(async (session, token) =>
            {
                using LocalNode node = LocalNode.Open(session, local);
                try
                {
                    ScrubResponse status = session.Value(now)
                        ? await WholePassAsync(session, node, token)
                        : await AskAsync(session, node, false, token);
                    Show(session, status);
                }
                catch (RpcException e) when (!token.IsCancellationRequested)
                {
                    throw node.Explain(e);
                }
            });
    }

    /// <summary>The pass under way began before it was asked for, so the one after it counts.</summary>
    private static async Task<ScrubResponse> WholePassAsync(
        Session session, LocalNode node, CancellationToken token)
    {
        ScrubResponse status = await AskAsync(session, node, true, token);
        ulong enough = status.Passes + (status.InPass ? 2UL : 1UL);
        string progress = "Reading the ledger";
        return await Progress.WhileAsync(session, () => progress, async () =>
        {
            while (status.Passes < enough)
            {
                await Task.Delay(Pause, session.Environment.Time, token);
                status = await AskAsync(session, node, false, token);
                progress = string.Create(
                    CultureInfo.InvariantCulture, $"Reading the ledger: {status.BlocksLeft} blocks left");
            }

            return status;
        });
    }

    private static async Task<ScrubResponse> AskAsync(
        Session session, LocalNode node, bool now, CancellationToken token) =>
        await node.Calls.ScrubAsync(
            new ScrubRequest { Now = now },
            deadline: (session.Now + session.Timeout).UtcDateTime, cancellationToken: token);

    private static void Show(Session session, ScrubResponse status)
    {
        string? finished = status.FinishedMs == 0
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds((long)status.FinishedMs)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        session.Output.Detail(
            new JsonObject
            {
                ["passes"] = status.Passes,
                ["finished"] = finished,
                ["inPass"] = status.InPass,
                ["fromHeight"] = status.FromHeight,
                ["blocksLeft"] = status.BlocksLeft,
                ["stateEntries"] = status.StateEntries,
                ["blocksDamaged"] = status.BlocksDamaged,
                ["blocksRepaired"] = status.BlocksRepaired,
                ["periodHours"] = status.PeriodHours,
            },
            ("last whole", finished ?? "not yet since the node started"),
            ("passes", Number(status.Passes)),
            ("blocks left", status.InPass ? Number(status.BlocksLeft) : "resting"),
            ("state entries", Number(status.StateEntries)),
            ("damaged", Number(status.BlocksDamaged)),
            ("repaired", Number(status.BlocksRepaired)),
            ("period", Number(status.PeriodHours) + " h"));
    }

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
