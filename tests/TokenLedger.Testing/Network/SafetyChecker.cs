// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>What must hold at every moment of a run, over all honest nodes and all their restarts.</summary>
public sealed class SafetyChecker(SeededNetwork network)
{
    private readonly Dictionary<ulong, Hash256> _byHeight = [];
    private readonly Dictionary<View, Hash256> _finalized = [];
    private readonly Dictionary<View, Hash256> _notarized = [];
    private readonly HashSet<View> _nullified = [];
    private readonly Dictionary<(int Node, View View, VoteKind Kind), Hash256> _signed = [];

    public int FinalizedViews => _finalized.Count;

    public int NullifiedViews => _nullified.Count;

    /// <summary>How often evidence was given.</summary>
    public int Accused { get; private set; }

    /// <summary>A certificate that an honest node holds for true.</summary>
    public void Certified(Certificate certificate)
    {
        (VoteKind kind, _, View view, Hash256 hash) = certificate.Subject;
        switch (kind)
        {
            case VoteKind.Notarize:
                Require("one notarization", _notarized.TryAdd(view, hash) || _notarized[view] == hash, view);
                break;
            case VoteKind.Nullify:
                _nullified.Add(view);
                break;
            default:
                Require("agreement", _finalized.TryAdd(view, hash) || _finalized[view] == hash, view);
                break;
        }

        Require("nullified and finalized", !_nullified.Contains(view) || !_finalized.ContainsKey(view), view);
    }

    /// <summary>
    /// An honest node signs: its record is durable, and no earlier word of its own forbids it.
    /// </summary>
    public void Signs(SimulatedNode node, VoteSubject subject)
    {
        Require("durable before speak", node.IsRecorded(subject), subject);
        (VoteKind kind, _, View view, Hash256 hash) = subject;
        (int, View, VoteKind) slot = (node.Index, view, kind);
        bool same = _signed.TryAdd(slot, hash) || _signed[slot] == hash;
        Require("honest equivocation", same, subject);
        VoteKind other = kind switch
        {
            VoteKind.Nullify => VoteKind.Finalize,
            VoteKind.Finalize => VoteKind.Nullify,
            _ => VoteKind.Notarize,
        };
        Require(
            "honest equivocation", other == kind || !_signed.ContainsKey((node.Index, view, other)), subject);
        bool held = kind != VoteKind.Finalize || node.Application.IsDurable(hash);
        Require("durable before finalize", held, subject);
    }

    /// <summary>
    /// An honest node's application takes a block for final. Its view may be nullified, when the block is
    /// final only as an ancestor.
    /// </summary>
    public void Delivers(BlockHeader header)
    {
        Hash256 hash = header.Hash;
        ulong height = header.Height.Value;
        Require("agreement", _byHeight.TryAdd(height, hash) || _byHeight[height] == hash, header);
    }

    /// <summary>A finalization exists: at least f + 1 honest nodes hold its block durably.</summary>
    public void Finalizes(Certificate certificate)
    {
        Certified(certificate);
        int holders = network.Honest.Count(node => node.Application.IsDurable(certificate.Subject.BlockHash));
        Require("finalized and held", holders > network.Validators.MaxFaulty, certificate.Subject);
    }

    /// <summary>Nobody honest is accused or blocked.</summary>
    public void Blames(int validator) =>
        Require("only the guilty are blamed", network.Nodes[validator].Adversary is not null, validator);

    public void Accuses(EquivocationEvidence proof)
    {
        Accused++;
        Blames(proof.Signer);
        bool proved = proof.Verify(network.Validators, network.GenesisHash, new KeyedHashScheme());
        Require("evidence is true", proved, proof);
    }

    /// <summary>After every step of an honest node.</summary>
    public void Stepped(ConsensusMachine machine)
    {
        Require("no safety violation seen", !machine.Stopped, machine.CurrentView);
        Require("the floor is final", machine.Floor <= machine.LastFinalizedView, machine.Floor);
        Require("the view is past finality", machine.CurrentView > machine.LastFinalizedView, "view");
        bool waits = machine.NextWake is not { } wake || wake.Value > network.NowMs;
        Require("no spinning", waits, machine.CurrentView);
        ulong open = machine.CurrentView.Value - machine.LastFinalizedView.Value;
        ulong most = open + (ulong)(machine.Config.RetentionViews + machine.Config.FutureNotarizations) + 2;
        Require("bounded buffers", (ulong)machine.ViewsKept <= most, machine.ViewsKept);
    }

    private void Require(string rule, bool holds, object subject)
    {
        if (!holds)
        {
            throw network.Failure(rule, subject.ToString() ?? string.Empty);
        }
    }
}
