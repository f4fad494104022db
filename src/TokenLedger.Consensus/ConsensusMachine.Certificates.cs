// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <content>Certificates: checking, consequences, certification, finality.</content>
public sealed partial class ConsensusMachine
{
    /// <summary>Views ahead of the current one whose notarization is kept.</summary>
    private readonly SortedSet<View> _future = [];
    private View? _lastOwnFinalize;
    private View _pruned;

    private void OnCertificate(int from, Certificate certificate)
    {
        Heard(from);
        VoteSubject subject = certificate.Subject;
#if PLANTED
        bool isOlder = subject.Kind == VoteKind.Finalize && subject.View < LastFinalizedView;
        if (isOlder && Planted.Is(PlantedBug.StaleCertificate)) { Finalized(certificate); }
#endif
        if (subject.Epoch != Validators.Epoch || subject.View.Value == 0 || subject.View < LastFinalizedView)
        {
            return;
        }

        if (!IsWellFormed(subject) || certificate.Signatures.IsDefault)
        {
            Block(from, PeerFault.Malformed);
            return;
        }

        bool known = subject.View == LastFinalizedView && subject.BlockHash == LastFinalizedHash;
        if (known || (Held(subject.Kind, subject.View) is { } held && held.Subject == subject))
        {
            return;
        }

        if (IsTooManyAhead(subject))
        {
            return;
        }

        if (!certificate.Verify(Validators, Config.GenesisHash, _scheme))
        {
            Block(from, PeerFault.BadCertificate);
            return;
        }

        Accept(certificate, relay: from >= 0 && subject.View >= CurrentView.Previous);
    }

    private Certificate? Held(VoteKind kind, View view)
    {
        _views.TryGetValue(view, out ViewState? state);
        return kind switch
        {
            VoteKind.Notarize => state?.Notarization,
            VoteKind.Nullify => state?.Nullification,
            _ => view == LastFinalizedView ? _lastFinalization : null,
        };
    }

    /// <summary>Takes a certificate that was verified or made here: the only way in.</summary>
    private void Accept(Certificate certificate, bool relay)
    {
        VoteSubject subject = certificate.Subject;
        if (Excluding(subject) is { } other)
        {
            Stopped = true;
            Emit(new SafetyViolated(other, certificate));
            return;
        }

        if (subject.View <= LastFinalizedView || IsTooManyAhead(subject))
        {
            return;
        }

        Emit(new AppendRecord(new CertificateRecord(certificate)));
        if (relay && Votes)
        {
            Emit(new BroadcastCertificate(certificate));
        }

        switch (subject.Kind)
        {
            case VoteKind.Notarize:
                KeepAhead(subject.View);
                Notarized(StateOf(subject.View), certificate);
                break;
            case VoteKind.Nullify:
                StateOf(subject.View).Nullification = certificate;
#if PLANTED
                if (Planted.Is(PlantedBug.CertificationAbandoned)) { Abandon(StateOf(subject.View)); }
#endif
                Enter(subject.View.Next);
                break;
            default:
                Emit(new Finalize(certificate));
                Finalized(certificate);
                break;
        }

        Recheck();
    }

    /// <summary>
    /// A certificate held here that cannot be true together with a new one, unless over f are faulty.
    /// </summary>
    private Certificate? Excluding(in VoteSubject subject)
    {
        Certificate? notarization = Held(VoteKind.Notarize, subject.View);
        Certificate? nullification = Held(VoteKind.Nullify, subject.View);
        Certificate? finalization = Held(VoteKind.Finalize, subject.View);
        Hash256 hash = subject.BlockHash;
        return subject.Kind switch
        {
            VoteKind.Nullify => finalization,
            VoteKind.Finalize when nullification is not null => nullification,
            _ => notarization is not null && notarization.Subject.BlockHash != hash ? notarization
                : finalization is not null && finalization.Subject.BlockHash != hash ? finalization
                : null,
        };
    }

    /// <summary>
    /// Bounds the notarizations of views ahead: only the highest are kept, since they bring us furthest. What
    /// is let go can be fetched again.
    /// </summary>
    private bool IsTooManyAhead(in VoteSubject subject) =>
        subject.Kind == VoteKind.Notarize
        && subject.View > CurrentView
        && _future.Count >= Config.FutureNotarizations
        && subject.View < _future.Min;

    private void KeepAhead(View view)
    {
        if (view <= CurrentView)
        {
            return;
        }

        if (_future.Count >= Config.FutureNotarizations)
        {
            View lowest = _future.Min;
            _future.Remove(lowest);
            if (lowest > CurrentView.Next)
            {
                _views.Remove(lowest);
            }
        }

        _future.Add(view);
    }

    private void Notarized(ViewState state, Certificate notarization)
    {
        state.Notarization = notarization;
        Hash256 block = notarization.Subject.BlockHash;
        if (state.Slot is Slot.Unverified or Slot.Verified && state.SlotHash != block)
        {
            Vote? proposed = state.Proposal?.LeaderVote
                ?? state.Votes?.Get(VoteKind.Notarize, Validators.LeaderOf(state.View))?.Vote;
            LeaderEquivocated(state, proposed, notarization);
        }

        if (state.Certification == Certification.Ready)
        {
            state.Certification = Certification.Outstanding;
            Emit(new Certify(state.View, block));
        }
    }

    /// <summary>
    /// A quorum notarized another block than the leader showed us. The leader is blocked, and convicted if
    /// its vote stands in the certificate; our finalize is withheld; the notarized block is certified all the
    /// same.
    /// </summary>
    private void LeaderEquivocated(ViewState state, Vote? proposed, Certificate notarization)
    {
        int leader = Validators.LeaderOf(state.View);
        state.Slot = Slot.Equivocated;
        Block(leader, PeerFault.Equivocation);
        uint bit = 1u << leader;
        if (proposed is null || (notarization.Signers & bit) == 0 || leader == Config.OwnIndex)
        {
            return;
        }

        int position = BitOperations.PopCount(notarization.Signers & (bit - 1));
        var second = new Vote(notarization.Subject, leader, notarization.Signatures[position]);
        if (IsSigned(proposed) && (state.Votes ??= new VoteBuffer(Validators.Count)).Accuse(leader))
        {
            Emit(new Evidence(new EquivocationEvidence(proposed, second)));
        }
    }

    private void OnCertified(View view, in Hash256 block, bool valid)
    {
        bool asked = view > LastFinalizedView
            && _views.TryGetValue(view, out ViewState? found)
            && found.Certification == Certification.Outstanding
            && found.Notarization?.Subject.BlockHash == block;
        if (!asked)
        {
            return;
        }

        ViewState state = StateOf(view);
        state.Certification = valid ? Certification.True : Certification.False;
#if PLANTED
        if (!Planted.Is(PlantedBug.LostCertification))
#endif
        Emit(new AppendRecord(new CertificationRecord(view, block, valid)));
        if (valid)
        {
            RaiseCertified(new Parent(view, block));
            // Before anything of the next view: a signer guard releases votes in rising order only.
            VoteFinalize(state);
            Enter(view.Next);
        }
        else
        {
            GiveUp(state);
        }

        Recheck();
    }

    private void RaiseCertified(Parent block)
    {
        if (block.View > _certified.View)
        {
            _certified = block;
        }
    }

    /// <summary>Votes finalize when nothing forbids it. Having voted notarize is not required.</summary>
    private void VoteFinalize(ViewState state)
    {
#if PLANTED
        bool hasCounted = state.Votes?.Get(VoteKind.Nullify, Config.OwnIndex) is not null;
        state.VotedNullify &= !(hasCounted && Planted.Is(PlantedBug.FinalizeAfterNullify));
#endif
        bool may = Votes
            && state.View > LastFinalizedView
            && state.AsParent is not null
            && state is { VotedNullify: false, VotedFinalize: false, Nullification: null }
            && state.Slot != Slot.Equivocated;
        if (may)
        {
            _lastOwnFinalize = state.View;
            Cast(state, Subject(VoteKind.Finalize, state.View, state.AsParent!.Value.Hash));
        }
    }

    /// <summary>
    /// Moves finality up: certifications up to here are void, and the retained past is cut.
    /// </summary>
    private void Finalized(Certificate finalization)
    {
        View view = finalization.Subject.View;
        _lastFinalization = finalization;
        LastFinalizedView = view;
        LastFinalizedHash = finalization.Subject.BlockHash;
        RaiseCertified(new Parent(view, LastFinalizedHash));
        foreach (ViewState old in _views.Values.TakeWhile(old => old.View <= view))
        {
            old.Certification = old.Certification is Certification.Ready or Certification.Outstanding
                ? Certification.Aborted
                : old.Certification;
        }

        CutPast();
        Enter(view.Next);
    }

    private void CutPast()
    {
        var low = new View(Below(LastFinalizedView, Config.RetentionViews));
        foreach (View old in _views.Keys.TakeWhile(old => old < low).ToArray())
        {
            _views.Remove(old);
        }

        _future.RemoveWhere(view => view <= LastFinalizedView);
        ulong step = Math.Max(1, (ulong)Config.RetentionViews / 4);
        if (low.Value >= _pruned.Value + step)
        {
            _pruned = low;
            Emit(new Prune(low));
        }
    }

#if PLANTED
    private static void Abandon(ViewState state) => state.Certification =
        state.Certification == Certification.Outstanding ? Certification.Aborted : state.Certification;

#endif

    private void OnSynced(Certificate finalization)
    {
        VoteSubject subject = finalization.Subject;
        Invariant.Require(
            subject.Kind == VoteKind.Finalize && subject.Epoch == Validators.Epoch, "a floor is final");
        Floor = subject.View > Floor ? subject.View : Floor;
        if (Excluding(subject) is { } other)
        {
            Stopped = true;
            Emit(new SafetyViolated(other, finalization));
            return;
        }

        if (subject.View > LastFinalizedView)
        {
            Finalized(finalization);
            Recheck();
        }
    }
}
