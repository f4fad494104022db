// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Transactions;

/// <summary>Options of every command that proposes something.</summary>
internal sealed class ProposalOptions
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    public Option<string?> Reason { get; } = new("--reason")
    {
        Description = "A sentence for the approvers; everybody can read it for ever.",
        HelpName = "TEXT",
    };

    public Option<string?> Open { get; } = new("--open-for")
    {
        Description = "How long it can be approved, at most 30d (default 7d).",
        HelpName = "TIME",
    };

    public ProposalOptions AddTo(TlCommand command)
    {
        command.Add(Reason);
        command.Add(Open);
        return this;
    }

    /// <summary>The proposal of a payload.</summary>
    public Propose Read(Session session, ImmutableArray<PrivilegedOperation> payload)
    {
        TimeSpan lifetime = session.Value(Open) is { } text ? Durations.Parse(text, "--open-for")
            : DefaultLifetime;
        if (lifetime.TotalMilliseconds > Limits.ProposalLifetimeMs)
        {
            throw CliException.Usage("--open-for is more than 30 days.");
        }

        ulong expires = (ulong)(session.Now + lifetime).ToUnixTimeMilliseconds();
        return new Propose(payload, new TimestampMs(expires), session.Value(Reason) ?? "");
    }
}

/// <summary>A maker's way: open a proposal, then say what is needed and what to run next.</summary>
internal static class ProposalFlow
{
    public static async Task RunAsync(
        Session session, WriteRequest write, Propose propose, CancellationToken token)
    {
        if (write.Simulate)
        {
            await PayloadPreview.ShowAsync(session, propose.Payload, token);
        }

        V1.TransactionStatus? status = await new TransactionFlow(session, write).RunAsync([propose], token);
        if (status is null)
        {
            return;
        }

        V1.ProposalOpened? opened = status.Events.Select(e => e.ProposalOpened)
            .FirstOrDefault(o => o is not null);
        if (opened is null)
        {
            session.Output.Detail(
                TransactionView.ToJson(status),
                [.. TransactionView.Lines(status, session.Addresses, Decimals.None)]);
            return;
        }

        V1.GetProposalResponse answer = await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetProposalAsync(
                new V1.GetProposalRequest { ProposalId = opened.ProposalId }, call),
            token);
        JsonObject json = ProposalView.ToJson(answer.Proposal);
        json["transactionId"] = Convert.ToHexStringLower(status.TransactionId.Span);
        json["height"] = status.Height;
        json["next"] = ProposalView.NextCommand(answer.Proposal);
        session.Output.Detail(
            json,
            (
                "proposal",
                answer.Proposal.ProposalId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("payload hash", Convert.ToHexStringLower(answer.Proposal.PayloadHash.Span)),
            ("needs", ProposalView.Needs(answer.Proposal.Requirement)),
            ("expires", Times.Human(answer.Proposal.ExpiresMs) + " UTC"),
            ("final at", $"height {status.Height}"));
        session.Talk.Say("Next, another officer runs: " + ProposalView.NextCommand(answer.Proposal));
    }
}
