// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <content>Restart: replaying the own record, and beginning.</content>
public sealed partial class ConsensusMachine
{
    /// <summary>The highest view that the record shows us to have been in.</summary>
    private View _replayedView = new(1);

    private void OnReplayed(ConsensusRecord record)
    {
        switch (record)
        {
            case OwnVoteRecord own when own.Subject.Epoch == Validators.Epoch:
                ReplayOwn(StateOf(own.View), own.Subject);
                break;
            case CertificateRecord held when held.Certificate.Subject.Epoch == Validators.Epoch:
                ReplayCertificate(held.Certificate);
                break;
            case CertificationRecord certification:
                ReplayCertification(certification);
                break;
            default:
                // A record of another epoch: nothing in it binds us, its votes count nowhere.
                break;
        }
    }

    private void ReplayOwn(ViewState state, VoteSubject subject)
    {
        Invariant.Require(Votes, "an observer's record holds no vote");
        Invariant.Require(state.View.Value > 0 && IsWellFormed(subject), "a recorded vote is well-formed");
        Reached(state.View);
        switch (subject.Kind)
        {
            case VoteKind.Notarize:
                Invariant.Require(
                    !state.VotedNotarize || state.SlotHash == subject.BlockHash, "one notarize a view");
                state.VotedNotarize = true;
                state.Slot = Slot.Verified;
                state.SlotHash = subject.BlockHash;
                break;
            case VoteKind.Nullify:
                Invariant.Require(!state.VotedFinalize, "the record holds no nullify after finalize");
                state.VotedNullify = true;
#if PLANTED
                state.VotedNullify = !Planted.Is(PlantedBug.FinalizeAfterNullifyAcrossRestart);
#endif
                break;
            default:
                Invariant.Require(!state.VotedNullify, "the record holds no finalize after nullify");
                Invariant.Require(
                    state.Notarization is null || state.Notarization.Subject.BlockHash == subject.BlockHash,
                    "only the notarized block was finalized");
                state.VotedFinalize = true;
                state.FinalizedHash = subject.BlockHash;
                break;
        }
    }

    private void ReplayCertificate(Certificate certificate)
    {
        View view = certificate.Subject.View;
        ViewState state = StateOf(view);
        switch (certificate.Subject.Kind)
        {
            case VoteKind.Notarize:
                state.Notarization = certificate;
                break;
            case VoteKind.Nullify:
                state.Nullification = certificate;
                Reached(view.Next);
                break;
            default:
                if (view > LastFinalizedView)
                {
                    _lastFinalization = certificate;
                    LastFinalizedView = view;
                    LastFinalizedHash = certificate.Subject.BlockHash;
                    Reached(view.Next);
                }

                break;
        }
    }

    private void ReplayCertification(CertificationRecord record)
    {
        if (_views.TryGetValue(record.View, out ViewState? state)
            && state.Notarization?.Subject.BlockHash == record.BlockHash)
        {
            state.Certification = record.Valid ? Certification.True : Certification.False;
            if (record.Valid)
            {
                Reached(record.View.Next);
            }
        }
    }

    private void Reached(View view) => _replayedView = view > _replayedView ? view : _replayedView;

    private void OnStart(Certificate? floor)
    {
        _started = true;
        Array.Fill(_lastHeard, _now);
        if (floor is not null)
        {
            Invariant.Require(floor.Subject.Kind == VoteKind.Finalize, "a floor is final");
            Invariant.Require(
                floor.Verify(Validators, Config.GenesisHash, _scheme), "the floor's certificate is right");
            Floor = floor.Subject.View;
        }

        if (floor is not null && floor.Subject.View >= LastFinalizedView)
        {
            _lastFinalization = floor;
            LastFinalizedView = floor.Subject.View;
            LastFinalizedHash = floor.Subject.BlockHash;
            Reached(LastFinalizedView.Next);
        }
        else if (_lastFinalization is { } newer)
        {
            Emit(new Finalize(newer));
        }

        ResumeViews();
        Enter(_replayedView);
    }

    /// <summary>
    /// Puts what the record left open back to work: certifications without a result, our votes in views that
    /// are not final (every validator may have crashed after its vote, so each says its own again), and
    /// finalize votes that were due.
    /// </summary>
    private void ResumeViews()
    {
        RaiseCertified(new Parent(LastFinalizedView, LastFinalizedHash));
        CutPast();
        foreach (ViewState state in _views.Values)
        {
            if (state.View <= LastFinalizedView)
            {
                state.Certification = state.Certification == Certification.Ready
                    ? Certification.Aborted
                    : state.Certification;
                continue;
            }

            if (state is { Notarization: { } notarization, Certification: Certification.Ready })
            {
                state.Certification = Certification.Outstanding;
                Emit(new Certify(state.View, notarization.Subject.BlockHash));
            }

            if (state.AsParent is { } parent)
            {
                RaiseCertified(parent);
            }

            if (state.View > _replayedView)
            {
                _future.Add(state.View);
            }

            Recast(state);
            VoteFinalize(state);
        }
    }

    private void Recast(ViewState state)
    {
#if PLANTED
        if (Planted.Is(PlantedBug.OwnVotesNotRecounted)) { return; }
#endif
        if (state.VotedFinalize)
        {
            _lastOwnFinalize = state.View;
            Emit(new RecastVote(Subject(VoteKind.Finalize, state.View, state.FinalizedHash)));
        }

        if (state.View != _replayedView)
        {
            return;
        }

        if (state.VotedNotarize)
        {
            Emit(new RecastVote(Subject(VoteKind.Notarize, state.View, state.SlotHash)));
        }

        if (state.VotedNullify)
        {
            Emit(new RecastVote(Subject(VoteKind.Nullify, state.View)));
        }
    }
}
