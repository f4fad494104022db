// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node: how the validators are.</summary>
internal static class NodeCommand
{
    public const string Name = "node";
    public const string About = "Nodes: does the network go on, and what the operator of one does.";

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(3);

    public static TlCommand Build() => new(Name, About, "tl node status", "tl node status -o json")
    {
        new TlCommand(
            "status",
            "Asks every node of the context for its own state. Exit 1 when nothing becomes final.",
            "tl node status",
            "tl node status -o json").DoesWithExit(StatusAsync),
        GuardCommand.Build(),
        NodeDoctor.Build(),
        NodeSnapshot.Build(),
        NodeMaintenance.Backup(),
        NodeMaintenance.Restore(),
        NodeMaintenance.Verify(),
        NodeMaintenance.VerifyReport(),
        NodeScrub.Build(),
        NodeApiKey.Build(),
    };

    /// <summary>What a node said of itself, or why it said nothing.</summary>
    private sealed record Answer(GetNodeStatusResponse? Status, CliException? Failure);

    private static async Task<ExitCode> StatusAsync(Session session, CancellationToken token)
    {
        Answer[] answers = await Progress.WhileAsync(
            session, "Asking the validators", () => AskAllAsync(session, token));
        NetworkStatus status = NetworkStatus.Of(
            [.. session.Connection.Endpoints.Select(ContextFile.Text)], [.. answers.Select(a => a.Status)]);
        session.Output.Write(status, session);
        foreach (CliException silence in answers.Select(a => a.Failure).OfType<CliException>())
        {
            session.Talk.Say(Sentence(silence));
        }

        if (status.Diverged)
        {
            throw new CliException(
                "STATE_DIVERGED", ExitCode.VerificationFailed,
                "Validators of one height have different state roots.",
                "One of them computes something else than the others; do not trust its answers.",
                "Stop it, keep its files, and follow the runbook for divergence.");
        }

        if (status.Finalizing)
        {
            return ExitCode.Ok;
        }

        throw new CliException(
            "NOT_FINALIZING", ExitCode.Failed, "Nothing becomes final; what reads say is stale.",
            status.Diagnosis.Length > 0
                ? status.Diagnosis
                : status.Quorum == 0
                    ? $"No validator answers. {Sentence(answers[0].Failure!)}"
                    : $"{status.Reachable} of {status.Validators.Count} validators answer; "
                        + $"{status.Quorum} are needed.",
            NextAfter(status));
    }

    private static string Sentence(CliException failure) => $"{failure.Message} {failure.Why}".TrimEnd();

    private static string NextAfter(NetworkStatus status)
    {
        if (status.Quorum == 0)
        {
            return "Are these the network's nodes? tl context show. If so, start them.";
        }

        string[] missing = [.. status.Validators.Where(v => !v.Reachable).Select(v => v.Name)];
        return missing.Length > 0
            ? $"Start {string.Join(", ", missing)}, or mend the way to them; then: tl node status"
            : $"All answer: read the log of {status.Leader}, whose turn it is; then: tl node status";
    }

    private static void Write(this Renderer output, NetworkStatus status, Session session)
    {
        if (!output.IsTable)
        {
            output.Write(status.ToJson());
            return;
        }

        output.List(
            status.Validators,
            _ => [],
            new Column<ValidatorRow>("validator", v => v.Name),
            new Column<ValidatorRow>("reachable", v => v.Reachable ? "yes" : "NO"),
            new Column<ValidatorRow>("height", v => Number(v.Height), Right: true),
            new Column<ValidatorRow>("lag", v => Number(v.Lag), Right: true),
            new Column<ValidatorRow>("view", v => Number(v.View), Right: true),
            new Column<ValidatorRow>("state root", v => v.StateRoot is { } root ? root[..16] : "-"));
        session.Environment.Out.WriteLine();
        output.Lines(
            ("quorum", status.Quorum == 0
                ? "unknown"
                : $"{status.Quorum} of {status.Validators.Count}; margin {status.Margin}"),
            ("finalizing", status.Finalizing ? "yes" : "NO: nothing becomes final"));
        foreach (ValidatorRow row in status.Validators.Where(v => v.Quarantine.Length > 0))
        {
            session.Talk.Warn($"{row.Name}: {row.Quarantine}");
        }

        foreach (ValidatorRow row in status.Validators.Where(v => v.BridgeAlarm.Length > 0))
        {
            session.Talk.Warn($"{row.Name}: {row.BridgeAlarm}");
        }

        if (status.Finalizing && status.Margin <= 0 && status.Quorum > 0)
        {
            session.Talk.Warn(status.Margin < 0
                ? "fewer validators answer than a quorum needs: unless the others only do not answer here, "
                    + "nothing becomes final any more"
                : "no validator more may fail: the next failure stops the network");
        }
    }

    private static string Number(ulong? number) =>
        number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-";

    private static Task<Answer[]> AskAllAsync(Session session, CancellationToken token) =>
        Task.WhenAll(session.Connection.Endpoints.Select((_, index) => AskAsync(session, index, token)));

    private static async Task<Answer> AskAsync(
        Session session, int index, CancellationToken token)
    {
        TimeSpan limit = session.Timeout < AskTimeout ? session.Timeout : AskTimeout;
        try
        {
            var options = new CallOptions(null, (session.Now + limit).UtcDateTime, token);
            await session.Connection.CheckAsync(index, options);
            return new Answer(
                await session.Connection.Client(index).Queries.GetNodeStatusAsync(
                    new GetNodeStatusRequest(), options),
                null);
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            return new Answer(null, RpcFailure.ToCli(e, session.Connection.Endpoints[index]));
        }
    }
}
