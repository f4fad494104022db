// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Consensus;

namespace TokenLedger.Simulation;

/// <summary>
/// Who is accused of what: nobody who is honest, nobody without proof, and everybody whose two votes an
/// honest node got to see.
/// </summary>
internal sealed class Accusations(SimCluster cluster)
{
    /// <summary>How long a node that is not held up may take from the second vote to the proof.</summary>
    private const ulong ProofMs = 3_000;

    /// <summary>Well within the views that the machine keeps votes of.</summary>
    private const ulong ViewsBehindFinal = 40;
    private const ulong ViewsBehind = 200;

    private readonly HashSet<(int Node, int Signer, View View)> _accused = [];
    private readonly Dictionary<(int Node, ulong Life, int Signer, View View), List<VoteSubject>> _seen = [];

    /// <summary>A node's log has a proof.</summary>
    public void Proved(SimNode node, int signer, byte[] proof)
    {
        if (cluster.Options.Breakage == Breakage.UnreportedEvidence)
        {
            return;
        }

        if (cluster.Options.Breakage == Breakage.BlamedNeighbour)
        {
            signer = (signer + 1) % cluster.Nodes.Count;
        }

        var reader = new CanonicalReader(proof);
        EquivocationEvidence evidence = EquivocationEvidence.Read(ref reader);
        reader.End();
        bool right = evidence.Verify(cluster.Validators, cluster.Genesis.Hash, cluster.Scheme);
        if (node.Adversary is null)
        {
            cluster.Checker.Require("evidence is proof", right, node, evidence);
            bool guilty = cluster.Nodes[signer].Adversary is not null;
            cluster.Checker.Require("evidence names the guilty only", guilty, node, evidence);
        }

        _accused.Add((node.Index, signer, evidence.View));
    }

    /// <summary>An honest node's machine is about to get a Byzantine validator's vote.</summary>
    public void Hears(SimNode node, NodeLife life, int peer, ConsensusInput input)
    {
        Vote? vote = input switch
        {
            VoteReceived { Vote: var pushed } => pushed,
            ProposalReceived { Proposal: var proposal } when Fits(proposal, peer) => proposal.LeaderVote,
            _ => null,
        };
        if (vote is null || vote.Signer != peer || !IsKept(life, vote.Subject.View)
            || !vote.Verify(cluster.Validators, cluster.Genesis.Hash, cluster.Scheme))
        {
            return;
        }

        VoteSubject subject = vote.Subject;
        (int, ulong, int, View) slot = (node.Index, life.Number, peer, subject.View);
        if (!_seen.TryGetValue(slot, out List<VoteSubject>? before))
        {
            _seen[slot] = before = [];
        }

        if (before.Any(other => EquivocationEvidence.Conflict(other, subject)))
        {
            cluster.Time.After(ProofMs, () => RequireProof(node, life, peer, subject.View));
        }

        if (!before.Contains(subject))
        {
            before.Add(subject);
        }
    }

    private void RequireProof(SimNode node, NodeLife life, int signer, View view)
    {
        if (life.IsOver || !IsKept(life, view))
        {
            return;
        }

        if (life.Waiting > 0 || node.PausedUntil > cluster.Time.NowMs)
        {
            // It is held up: what it heard may still wait.
            ulong again = Math.Max(node.PausedUntil, cluster.Time.NowMs) + ProofMs;
            cluster.Time.At(again, () => RequireProof(node, life, signer, view));
            return;
        }

        bool accused = _accused.Contains((node.Index, signer, view));
        cluster.Checker.Require("a double vote seen is proved", accused, node, $"{signer} in view {view}");
    }

    private static bool IsKept(NodeLife life, View view)
    {
        ConsensusStatus status = life.Consensus.Status;
        return view.Value > 0
            && view <= status.View.Next
            && view.Value + ViewsBehindFinal > status.LastFinalizedView.Value
            && view.Value + ViewsBehind > status.View.Value;
    }

    /// <summary>Whether the machine would look at a proposal's vote.</summary>
    private bool Fits(Proposal proposal, int peer)
    {
        BlockHeader header = proposal.Header;
        Vote vote = proposal.LeaderVote;
        return vote.Subject.Kind == VoteKind.Notarize
            && cluster.Validators.LeaderOf(vote.Subject.View) == peer
            && header.View == vote.Subject.View
            && header.Epoch == vote.Subject.Epoch
            && header.GenesisHash == cluster.Genesis.Hash
            && header.ValidatorSetHash == cluster.Validators.Hash
            && header.Proposer == cluster.Validators[peer].Address
            && header.Hash == vote.Subject.BlockHash;
    }
}
