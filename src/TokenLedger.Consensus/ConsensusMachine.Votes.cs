// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <content>Votes: admission, counting, evidence, and casting our own.</content>
public sealed partial class ConsensusMachine
{
    private readonly TimestampMs?[] _helpedAt;

    /// <summary>The lowest view whose votes are kept.</summary>
    private View LowestVoteView
    {
        get
        {
            ulong retained = Below(LastFinalizedView, Config.RetentionViews);
            ulong window = Below(CurrentView, Config.VoteWindowViews);
            return new View(Math.Max(1, Math.Max(retained, window)));
        }
    }

    private static ulong Below(View view, int views) =>
        view.Value > (ulong)views ? view.Value - (ulong)views : 0;

    private static bool IsWellFormed(in VoteSubject subject) =>
        subject.Kind is VoteKind.Notarize or VoteKind.Nullify or VoteKind.Finalize
        && (subject.Kind == VoteKind.Nullify) == subject.BlockHash.IsZero;

    private static bool HasSignature(Vote vote) =>
        !vote.Signature.IsDefault && vote.Signature.Length == Limits.SignatureBytes;

    private void OnVote(int from, Vote vote)
    {
        if (!IsPeer(from))
        {
            return;
        }

        Heard(from);
        if (vote.Signer != from || !IsWellFormed(vote.Subject) || !HasSignature(vote))
        {
            Block(from, PeerFault.Malformed);
            return;
        }

        View view = vote.Subject.View;
        if (vote.Subject.Epoch != Validators.Epoch)
        {
            return;
        }

        if (vote.Subject.Kind == VoteKind.Nullify && view < CurrentView)
        {
            Help(from, view);
        }

#if PLANTED
        if (Planted.Is(PlantedBug.UnboundedVoteBuffer)) { AddVote(StateOf(view), vote, isChecked: false); }
#endif
        if (view < LowestVoteView || view > CurrentView.Next)
        {
            return;
        }

        ViewState state = StateOf(view);
        AddVote(state, vote, isChecked: false);
        if (view == CurrentView && !Stopped)
        {
            FollowLeaderGivingUp(state);
        }
    }

    private void OnOwnVote(Vote vote)
    {
        VoteSubject subject = vote.Subject;
        Invariant.Require(Votes && vote.Signer == Config.OwnIndex, "the own vote is our own");
        if (!_views.TryGetValue(subject.View, out ViewState? state) || subject.View < LowestVoteView)
        {
            return;
        }

        bool cast = subject.Kind switch
        {
            VoteKind.Notarize => state.VotedNotarize,
            VoteKind.Nullify => state.VotedNullify,
            _ => state.VotedFinalize,
        };
        Invariant.Require(cast, "only a vote that was cast is signed");
        if (subject.Kind == VoteKind.Notarize && state is { OwnHeader: { } header, Building: { } parent })
        {
            state.Proposal = new Proposal(header, parent.View, vote);
        }

        AddVote(state, vote, isChecked: true);
    }

    private void AddVote(ViewState state, Vote vote, bool isChecked)
    {
        VoteBuffer votes = state.Votes ??= new VoteBuffer(Validators.Count);
        VoteKind kind = vote.Subject.Kind;
        VoteBuffer.Entry? held = votes.Get(kind, vote.Signer);
        if (held is not null && held.Vote.Subject == vote.Subject)
        {
#if PLANTED
            bool twice = Planted.Is(PlantedBug.DuplicateSigner) && votes.Repeat(vote);
            if (twice) { CountVotes(state, votes, vote.Subject); }
#endif
            return;
        }

        VoteBuffer.Entry? opposite = kind switch
        {
            VoteKind.Nullify => votes.Get(VoteKind.Finalize, vote.Signer),
            VoteKind.Finalize => votes.Get(VoteKind.Nullify, vote.Signer),
            _ => null,
        };
        VoteBuffer.Entry? excluded = held ?? opposite;
        if (excluded is not null && !Accuse(state, votes, excluded, vote, isChecked))
        {
            return;
        }

        if (votes.Get(kind, vote.Signer) is null)
        {
            votes.Set(vote, isChecked);
            NoticeLeaderVote(state, votes, vote);
            CountVotes(state, votes, vote.Subject);
        }
    }

    /// <summary>
    /// Two votes of one signer exclude each other: checks both signatures, then gives evidence or throws the
    /// forged one out. True when the new vote may still be counted.
    /// </summary>
    private bool Accuse(ViewState state, VoteBuffer votes, VoteBuffer.Entry held, Vote vote, bool isChecked)
    {
        if (votes.IsAccused(vote.Signer))
        {
            return held.Vote.Subject.Kind != vote.Subject.Kind;
        }

        if (!isChecked && !IsSigned(vote))
        {
            Block(vote.Signer, PeerFault.BadSignature);
            return false;
        }

        if (!held.Checked && !IsSigned(held.Vote))
        {
            votes.Remove(held.Vote.Subject.Kind, vote.Signer);
            Block(vote.Signer, PeerFault.BadSignature);
            return true;
        }

        votes.Accuse(vote.Signer);
        Emit(new Evidence(new EquivocationEvidence(held.Vote, vote)));
        Block(vote.Signer, PeerFault.Equivocation);
        if (vote.Subject.Kind == VoteKind.Notarize && vote.Signer == Validators.LeaderOf(state.View))
        {
            state.Slot = Slot.Equivocated;
        }

        return held.Vote.Subject.Kind != vote.Subject.Kind;
    }

    /// <summary>A leader's notarize for another block than the slot's: two proposals.</summary>
    private void NoticeLeaderVote(ViewState state, VoteBuffer votes, Vote vote)
    {
        bool other = vote.Subject.Kind == VoteKind.Notarize
            && vote.Signer == Validators.LeaderOf(state.View)
            && state.Slot is Slot.Unverified or Slot.Verified
            && state.SlotHash != vote.Subject.BlockHash;
        if (other && vote.Signer != Config.OwnIndex)
        {
            if (IsSigned(vote))
            {
                votes.Set(vote, isChecked: true);
                state.Slot = Slot.Equivocated;
                Block(vote.Signer, PeerFault.Equivocation);
            }
            else
            {
                votes.Remove(vote.Subject.Kind, vote.Signer);
                Block(vote.Signer, PeerFault.BadSignature);
            }
        }
    }

    /// <summary>
    /// Makes a certificate once a quorum of good signatures says one thing; forged ones are thrown out.
    /// </summary>
    private void CountVotes(ViewState state, VoteBuffer votes, VoteSubject subject)
    {
        if (IsCertified(state, subject.Kind) || votes.Count(subject) < Validators.Quorum)
        {
            return;
        }

        foreach (VoteBuffer.Entry entry in votes.Of(subject).Where(entry => !entry.Checked).ToArray())
        {
            if (IsSigned(entry.Vote))
            {
                votes.Set(entry.Vote, isChecked: true);
            }
            else
            {
                votes.Remove(subject.Kind, entry.Vote.Signer);
                Block(entry.Vote.Signer, PeerFault.BadSignature);
            }
        }

        if (votes.Count(subject) >= Validators.Quorum)
        {
            Accept(
                Certificate.FromVotes(subject, votes.Of(subject).Select(entry => entry.Vote)), relay: true);
        }
    }

    private bool IsCertified(ViewState state, VoteKind kind) => kind switch
    {
        _ when state.View <= LastFinalizedView => true,
        VoteKind.Notarize => state.Notarization is not null,
        VoteKind.Nullify => state.Nullification is not null,
        _ => false,
    };

    private bool IsSigned(Vote vote) => vote.Verify(Validators, Config.GenesisHash, _scheme);

    /// <summary>
    /// A peer nullifies a view that we have left: give it what brought us on, now and then.
    /// </summary>
    private void Help(int peer, View view)
    {
        if (_helpedAt[peer] is { } at && _now.Since(at) < Config.Timers.RetryMs)
        {
            return;
        }

        Certificate? help = view <= LastFinalizedView
            ? _lastFinalization
            : _views.TryGetValue(view, out ViewState? state) ? ProofOfLeaving(state) : null;
        if (help is not null)
        {
            _helpedAt[peer] = _now;
            Emit(new SendCertificate(peer, help));
        }
    }

    /// <summary>
    /// What lets a validator leave a view that is not final: nullification, else certified notarization.
    /// </summary>
    private static Certificate? ProofOfLeaving(ViewState state) =>
        state.Nullification ?? (state.Certification == Certification.True ? state.Notarization : null);

    /// <summary>
    /// The only place where votes come from. Every rule that safety rests on is required here once more,
    /// whatever led here: one notarize a view, never nullify and finalize of one view, nothing at or below
    /// the last final view.
    /// </summary>
    private void Cast(
        ViewState state, VoteSubject subject, BlockHeader? header = null, View? parentView = null)
    {
        Invariant.Require(Votes && subject.View == state.View, "validators vote, observers do not");
        Invariant.Require(state.View > LastFinalizedView, "nothing is voted at or below the last final view");
        switch (subject.Kind)
        {
            case VoteKind.Notarize:
                Invariant.Require(
                    !state.VotedNotarize && !state.VotedNullify, "one notarize, and none after nullify");
                Invariant.Require(
                    state.View == CurrentView && state.Slot == Slot.Verified, "the block is verified");
                state.VotedNotarize = true;
                break;
            case VoteKind.Nullify:
                Invariant.Require(
                    !state.VotedFinalize && !state.VotedNullify, "never nullify after finalize");
                Invariant.Require(state.View == CurrentView, "only the current view is nullified");
                state.VotedNullify = true;
                break;
            default:
                Invariant.Require(
                    !state.VotedNullify && !state.VotedFinalize, "never finalize after nullify");
                Invariant.Require(
                    state.AsParent?.Hash == subject.BlockHash, "only a certified block is finalized");
                state.VotedFinalize = true;
                break;
        }

        Emit(new CastVote(subject, header, parentView));
    }
}
