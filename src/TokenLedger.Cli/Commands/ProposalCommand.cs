// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using ApproveProposal = TokenLedger.Core.Ledger.ApproveProposal;
using CancelProposal = TokenLedger.Core.Ledger.CancelProposal;
using CreateAsset = TokenLedger.Core.Ledger.CreateAsset;
using PrivilegedOperation = TokenLedger.Core.Ledger.PrivilegedOperation;

namespace TokenLedger.Cli.Commands;

/// <summary>tl proposal: what waits for approval, and approving exactly that.</summary>
internal static class ProposalCommand
{
    public const string Name = "proposal";
    public const string About = "Proposals: what waits for approval, approve, cancel.";

    private const int DefaultRows = 50;

    public static TlCommand Build() =>
        new(Name, About, "tl proposal list", "tl proposal approve 118 --from treasury-checker-1")
    {
        List(), Show(), Approve(), Cancel(),
    };

    private static Argument<ulong> IdArgument() => new("id") { Description = "The proposal's number." };

    private static TlCommand List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that can no longer be approved." };
        Option<int> limit = Paging.LimitOption(DefaultRows);
        return new TlCommand(
            "list", "Lists proposals, newest first.", "tl proposal list", "tl proposal list --all -o json")
            { all, limit }
            .Does(async (session, token) =>
            {
                bool openOnly = !session.Value(all);
                List<Proposal> proposals =
                    await Paging.ReadAsync(session, session.Value(limit), async (size, page) =>
                {
                    var request =
                        new ListProposalsRequest { OpenOnly = openOnly, PageSize = size, PageToken = page };
                    ListProposalsResponse r = await session.Connection.ReadAsync(
                        (node, call) => node.Queries.ListProposalsAsync(request, call), token);
                    return new Page<Proposal>(r.Proposals, r.NextPageToken, r.AsOfHeight);
                });
                var decimals = new Decimals();
                if (session.Output.IsTable)
                {
                    await decimals.LearnAsync(session, proposals.SelectMany(AssetsOf), token);
                }

                session.Output.List(
                    proposals,
                    ProposalView.ToJson,
                    new Column<Proposal>(
                        "id", p => p.ProposalId.ToString(CultureInfo.InvariantCulture), Right: true),
                    new Column<Proposal>("status", p => ProposalView.StatusName(p.Status)),
                    new Column<Proposal>("what", p => ProposalView.Summary(p, decimals)),
                    new Column<Proposal>("by", p => p.InstitutionName),
                    new Column<Proposal>(
                        "approved", p =>
                        $"{p.Approvals.Count} of {p.Requirement?.Approvals ?? 0}", Right: true));
            });
    }

    private static TlCommand Show()
    {
        Argument<ulong> id = IdArgument();
        return new TlCommand(
            "show", "Shows a proposal, decoded, and what it still needs.", "tl proposal show 118") { id }
            .Does(async (session, token) =>
            {
                Proposal proposal = await GetAsync(session, session.Value(id), token);
                ImmutableArray<PrivilegedOperation> payload = ProposalView.Payload(proposal);
                if (session.Context?.GenesisHash is { } genesis)
                {
                    ProposalView.VerifiedHash(proposal, genesis, payload);
                }

                Decimals decimals = await LearnAsync(session, proposal, token);
                session.Output.Detail(
                    ProposalView.ToJson(proposal),
                    [.. ProposalView.Lines(proposal, payload, session.Addresses, decimals)]);
            });
    }

    private static TlCommand Approve()
    {
        Argument<ulong> id = IdArgument();
        var write = new WriteOptions();
        var command = new TlCommand(
            "approve", "Shows the decoded payload, and approves exactly that.",
            "tl proposal approve 118 --from treasury-checker-1",
            "tl proposal approve 118 --from regulator-checker-1 --confirm-digest 41aa...") { id };
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            WriteRequest request = write.Read(session);
            NetworkIdentity network = await TransactionFlow.RequireNetworkAsync(session, token);
            Proposal proposal = await GetAsync(session, session.Value(id), token);
            RequireOther(session, proposal);
            ImmutableArray<PrivilegedOperation> payload = ProposalView.Payload(proposal);
            Hash256 hash = ProposalView.VerifiedHash(proposal, network.GenesisHash, payload);
            Decimals decimals = await LearnAsync(session, proposal, token);
            foreach (
                (string label, string value) in ProposalView.Lines(
                proposal, payload, session.Addresses, decimals))
            {
                session.Talk.Line(label, value);
            }

            var flow = new TransactionFlow(session, request)
            {
                Confirm = _ => Confirmation.Require(
                    session, $"Approve proposal {proposal.ProposalId}.", Phrase(payload, hash, decimals),
                    hash,
                    request.Yes, request.ConfirmDigest),
            };
            TransactionStatus? status =
                await flow.RunAsync([new ApproveProposal(proposal.ProposalId, hash)], token);
            if (status is not null)
            {
                await ReportAsync(session, proposal.ProposalId, status, token);
            }
        });
    }

    /// <summary>Whoever made a proposal cannot approve it; the ledger refuses it too, with fewer
    /// words.</summary>
    private static void RequireOther(Session session, Proposal proposal)
    {
        if (proposal.Maker.Span.SequenceEqual(Signer.AddressOf(session, session.From).ToArray()))
        {
            throw new CliException(
                RejectionCodes.Name(RejectionCode.SameMaker), ExitCodes.Of(RejectionCode.SameMaker),
                $"You made proposal {proposal.ProposalId}; an officer with the duty of checker approves it.",
                "No single key may issue, burn or change a rule: maker and checker are two people.",
                ProposalView.NextCommand(proposal));
        }
    }

    private static TlCommand Cancel()
    {
        Argument<ulong> id = IdArgument();
        var reason = new Option<string>("--reason")
        {
            Description = "Why; everybody can read it for ever.",
            HelpName = "TEXT",
            Required = true,
        };
        var write = new WriteOptions();
        var command = new TlCommand(
            "cancel", "Withdraws an open proposal.",
            "tl proposal cancel 118 --reason \"wrong amount\" --from ministry-maker-1") { id, reason };
        write.AddTo(command);
        return command.Does(async (session, token) =>
        {
            var cancel = new CancelProposal(session.Value(id), session.Value(reason));
            TransactionStatus? status = await new TransactionFlow(session, write.Read(session))
                .RunAsync([cancel], token);
            if (status is not null)
            {
                await ReportAsync(session, cancel.ProposalId, status, token);
            }
        });
    }

    /// <summary>What a person types: the asset and amount, or the beginning of the hash where there is no
    /// amount.</summary>
    private static string Phrase(
        ImmutableArray<PrivilegedOperation> payload, in Hash256 hash, Decimals decimals)
    {
        const int Digits = 8;
        Fact? amount = payload.Length == 1
            ? OperationView.Facts(payload[0]).FirstOrDefault(f => f.Kind == FactKind.Amount)
            : null;
        if (amount is null || !Amount.TryParse(amount.Text, out Amount units))
        {
            return hash.ToString()[..Digits];
        }

        return decimals.Of(amount.Asset) is { } places
            ? $"{amount.Asset} {AmountText.Plain(units, places)}"
            : $"{amount.Asset} {AmountText.Plain(units, 0)} atomic";
    }

    private static async Task ReportAsync(
        Session session, ulong id, TransactionStatus status, CancellationToken token)
    {
        JsonObject json = TransactionView.ToJson(status);
        if (status.State != TransactionState.Succeeded)
        {
            session.Output.Detail(json, [.. TransactionView.Lines(status, session.Addresses, Decimals.None)]);
            return;
        }

        Proposal after = await GetAsync(session, id, token);
        json["proposal"] = ProposalView.ToJson(after);
        session.Output.Detail(
            json,
            ("proposal", id.ToString(CultureInfo.InvariantCulture)),
            ("status", ProposalView.StatusName(after.Status)),
            ("approved", $"{after.Approvals.Count} of {after.Requirement?.Approvals ?? 0}"),
            ("transaction", Convert.ToHexStringLower(status.TransactionId.Span)),
            ("final at", $"height {status.Height}, {Times.Human(status.TimeMs)} UTC"));
        if (after.Status == ProposalStatus.Open)
        {
            session.Talk.Say(
                $"It needs {ProposalView.Needs(after.Requirement)}. Next: {ProposalView.NextCommand(after)}");
        }
    }

    private static async Task<Proposal> GetAsync(Session session, ulong id, CancellationToken token)
    {
        GetProposalResponse response = await session.Connection.ReadAsync(
            (node, call) =>
                node.Queries.GetProposalAsync(new GetProposalRequest { ProposalId = id }, call), token);
        return response.Proposal;
    }

    private static async Task<Decimals> LearnAsync(
        Session session, Proposal proposal, CancellationToken token)
    {
        var decimals = new Decimals();
        if (NetworkIdentity.PinnedOrNull(session.Context) is not null)
        {
            await decimals.ProveAsync(session, AssetsOf(proposal), token);
        }
        else
        {
            // Enough to read; whoever approves has a genesis hash pinned.
            await decimals.LearnAsync(session, AssetsOf(proposal), token);
        }

        foreach (CreateAsset create in ProposalView.Payload(proposal).OfType<CreateAsset>())
        {
            decimals.SetCreated(create);
        }

        return decimals;
    }

    private static IEnumerable<string> AssetsOf(Proposal proposal) => ProposalView.Payload(proposal)
        .Where(p => p is not CreateAsset)
        .SelectMany(OperationView.Facts)
        .Where(f => f.Kind == FactKind.Amount)
        .Select(f => f.Asset);
}
