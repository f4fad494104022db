// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Consensus;

namespace TokenLedger.Simulation;

/// <summary>
/// What must hold of each honest node's consensus. Certificates are counted here once more, by other code
/// than that of the nodes: a rule that is wrong in their code must not be asked whether it was kept.
/// </summary>
internal sealed class ConsensusChecks(SimCluster cluster, Checker checker)
{
    private readonly View[] _final = new View[cluster.Options.Nodes];
    private readonly ulong[] _lives = new ulong[cluster.Options.Nodes];

    /// <summary>A process's consensus started, on what its disks hold.</summary>
    public void Started(SimNode node, NodeLife life)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        View head = life.Ledger.Head.View;
        View known = life.Consensus.Status.LastFinalizedView;
        checker.Require("consensus begins at the ledger's head", known >= head, node, (known, head));
    }

    /// <summary>After a turn that took these inputs.</summary>
    public void Turned(SimNode node, NodeLife life, IReadOnlyList<ConsensusInput> inputs)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        ConsensusStatus status = life.Consensus.Status;
        bool isNew = _lives[node.Index] != life.Number;
        bool sinks = !isNew && status.LastFinalizedView < _final[node.Index];
        checker.Require("what consensus holds as final never sinks", !sinks, node, status);
        _final[node.Index] = status.LastFinalizedView;
        _lives[node.Index] = life.Number;

        // Open views, the retained past, notarizations ahead, and the next view.
        ConsensusConfig config = life.Config;
        ulong most = status.View.Value - status.LastFinalizedView.Value
            + (ulong)(config.RetentionViews + config.FutureNotarizations) + 2;
        checker.Require("views in memory are bounded", (ulong)status.ViewsKept <= most, node, status);
        foreach (BlockCertified certified in inputs.OfType<BlockCertified>().Where(input => input.Valid))
        {
            bool built = status.CertifiedView >= certified.View || certified.View > status.View;
            checker.Require("what is certified is built on", built, node, certified.View);
        }
    }

    /// <summary>A node holds this certificate for true: it gives it to others, or calls its block final.
    /// </summary>
    public void Holds(SimNode node, Certificate certificate)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        ValidatorSet members = cluster.Validators;
        Hash256 digest = certificate.Subject.SigningDigest(cluster.Genesis.Hash);
        var signers = new HashSet<Address>();
        foreach (var signature in certificate.Signatures)
        {
            if (cluster.Scheme.TryRecover(digest, signature.AsSpan(), out Address signer)
                && members.All.Any(member => member.Address == signer))
            {
                signers.Add(signer);
            }
        }

        int absent = members.Count - signers.Count;
        bool isQuorum = 3 * absent < members.Count && certificate.Subject.Epoch == members.Epoch;
        checker.Require("fewer than a third did not sign", isQuorum, node, certificate.Subject);
    }
}
