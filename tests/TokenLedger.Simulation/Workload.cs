// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// Clients: each action picks a node and asks it for something, good or bad. What is not final after a while
/// is sent again, the same bytes, to another node.
/// </summary>
internal sealed class Workload(SimCluster cluster, BalanceModel model)
{
    private const ulong RetryMs = 4_000;
    private const int MaxTries = 6;

    private static readonly Address[] Checkers =
        [TestNetwork.MinistryChecker, TestNetwork.BankChecker, TestNetwork.BankChecker2];

    private readonly Purpose _choices = new(cluster.Options.Seed, "client");

    /// <summary>Asks that a node took, and that it refused.</summary>
    public (ulong Taken, ulong Refused) Answers { get; private set; }

    public void Plan()
    {
        ulong every = cluster.Options.ClientEveryMs;
        for (ulong i = 0; every > 0 && i * every < cluster.Options.ChaosMs; i++)
        {
            ulong action = i;
            if (!cluster.Options.Without.Contains(i))
            {
                cluster.Time.At(500 + (i * every), () => Act(action));
            }
        }
    }

    /// <summary>A transaction that nothing stands against, offered until it is final.</summary>
    public Hash256 SubmitFresh(IReadOnlyList<int> nodes)
    {
        SignedTransaction signed = Sign(
            TestNetwork.TreasuryMaker, Draft(TestNetwork.TreasuryMaker, 0, ProposeIssue(1)));
        Hash256 id = signed.IdOn(cluster.Genesis.Hash);
        OfferUntilFinal(signed, id, nodes);
        return id;
    }

    private void OfferUntilFinal(SignedTransaction signed, Hash256 id, IReadOnlyList<int> nodes)
    {
        if (model.IsFinal(id))
        {
            return;
        }

        foreach (int node in nodes)
        {
            Submit(node, signed);
        }

        cluster.Time.After(2_000, () => OfferUntilFinal(signed, id, nodes));
    }

    private void Act(ulong action)
    {
        DeterministicRandom random = _choices.At(action);
        int node = random.Below(cluster.Options.Nodes);
        if (action < 30 ? action % 3 == 0 : random.PerMille(60))
        {
            Ask(node, TestNetwork.MinistryMaker, random, ProposeIssue(Units(random)));
            return;
        }

        if (random.PerMille(action < 40 ? 700 : 200))
        {
            Approve(node, random);
            return;
        }

        Address from = random.Pick(BalanceModel.Holders);
        Address to = random.PerMille(50) ? TestNetwork.Nobody : random.Pick(BalanceModel.Holders);
        ulong units = random.PerMille(100) ? 1ul << 60 : random.Between(1, 500);
        Ask(node, from, random, units % 16 == 0
            ? new RequireTag(from, units % 32 == 0)
            : new Transfer(TestNetwork.Bond, to, new Amount(units), Tag: units % 3, SourceTag: units % 2));
    }

    private void Approve(int node, DeterministicRandom random)
    {
        if (cluster.Nodes[node].Life is not { } life)
        {
            return;
        }

        life.Guard(() =>
        {
            var view = new LedgerView(life.Ledger.State);
            for (ulong id = view.NextProposal(); id > 0; id--)
            {
                if (view.Proposal(id - 1) is { Status: ProposalStatus.Open } open)
                {
                    var approve = new ApproveProposal(id - 1, open.PayloadHash);
                    Ask(node, random.Pick(Checkers), random, approve);
                    return;
                }
            }
        });
    }

    /// <summary>Asks the node for the sender's next nonce, and then for the operation.</summary>
    private void Ask(int node, Address sender, DeterministicRandom random, Operation operation)
    {
        if (cluster.Nodes[node].Life is not { } life)
        {
            return;
        }

        var reply = new TaskCompletionSource<ulong>();
        life.TryPostFromClient(new AskNonce(sender, 0, reply), () =>
        {
            ulong nonce = reply.Task.Result;
            nonce = random.PerMille(30) && nonce > 0 ? nonce - 1 : nonce;
            Address signer = random.PerMille(30) ? TestNetwork.Nobody : sender;
            RequestId? request = random.PerMille(300) ? new RequestId(random.Next()) : null;
            Send(node, Sign(signer, Draft(sender, nonce, operation, request)), random);
            if (request is not null && random.PerMille(500))
            {
                // The same request once more, as another transaction: it must not be done twice.
                Transaction again = Draft(sender, nonce + 1, operation, request) with { Memo = "again" };
                Send(random.Below(cluster.Options.Nodes), Sign(sender, again), random);
            }
        });
    }

    private void Send(int node, SignedTransaction signed, DeterministicRandom random)
    {
        Submit(node, signed);
        if (random.PerMille(100))
        {
            Submit(random.Below(cluster.Options.Nodes), signed);
        }

        Hash256 id = signed.IdOn(cluster.Genesis.Hash);
        RetryLater(id, signed, random.Below(cluster.Options.Nodes), MaxTries);
    }

    private void RetryLater(Hash256 id, SignedTransaction signed, int node, int tries) =>
        cluster.Time.After(RetryMs, () =>
        {
            if (tries > 0 && !model.IsFinal(id))
            {
                Submit(node, signed);
                RetryLater(id, signed, (node + 1) % cluster.Options.Nodes, tries - 1);
            }
        });

    private void Submit(int node, SignedTransaction signed)
    {
        if (cluster.Nodes[node].Life is not { } life)
        {
            return;
        }

        if (life.Parts.Admission.TryAdmit(signed, out VerifiedTransaction? verified) is not null)
        {
            Answers = (Answers.Taken, Answers.Refused + 1);
            return;
        }

        var reply = new TaskCompletionSource<ImmutableArray<Rejection?>>();
        life.TryPostFromClient(new AddTransactions([verified!], reply), () =>
        {
            bool taken = reply.Task.Result[0] is null;
            cluster.Trace.Add(cluster.Time.NowMs, TraceKind.Answer, node, taken ? 1u : 0u);
            Answers = taken ? (Answers.Taken + 1, Answers.Refused) : (Answers.Taken, Answers.Refused + 1);
            if (taken)
            {
                life.Ports.Push(signed);
            }
        });
    }

    /// <summary>Often just what stands on the edge between two tiers of approval.</summary>
    private static ulong Units(DeterministicRandom random) =>
        random.PerMille(300) ? BalanceModel.EdgeUnits : random.Between(1_000, 50_000);

    private Propose ProposeIssue(ulong units)
    {
        Address to = BalanceModel.Holders[(int)(units % (ulong)BalanceModel.Holders.Count)];
        var issue = new IssueUnits(TestNetwork.Bond, to, new Amount(units));
        return new Propose([issue], Now().Plus(TestNetwork.DayMs), "simulated");
    }

    private Transaction Draft(
        Address sender, ulong nonce, Operation operation, RequestId? request = null) => new(
        sender, 0, nonce, Now().Plus(12 * TestNetwork.HourMs), request, Memo: "", [operation]);

    private TimestampMs Now() => TestNetwork.Start.Plus(cluster.Time.NowMs);

    private static SignedTransaction Sign(Address signer, Transaction transaction) =>
        KeyedTransactions.Sign(signer, transaction);
}
