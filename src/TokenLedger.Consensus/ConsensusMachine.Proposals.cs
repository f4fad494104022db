// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <content>Proposals: making our own, and judging the leader's.</content>
public sealed partial class ConsensusMachine
{
    /// <summary>What a proposal's ancestry is worth here and now.</summary>
    private enum Ancestry
    {
        /// <summary>The parent may be built on, and every view between is nullified.</summary>
        Proved,

        /// <summary>Something is not here yet.</summary>
        Missing,

        /// <summary>It can never be right.</summary>
        Wrong,
    }

    /// <summary>Looks again at what new knowledge may have made possible in the current view.</summary>
    private void Recheck()
    {
        if (Stopped)
        {
            return;
        }

        ViewState state = StateOf(CurrentView);
        if (Votes && Leader == Config.OwnIndex)
        {
            Propose(state);
        }
        else if (Votes)
        {
            Judge(state);
        }

        FetchMissing();
    }

    /// <summary>
    /// As leader, builds on the highest certified block once every view since is nullified. What is under way
    /// stays right: no view between it and its parent can become final, and voters take a parent below the
    /// highest.
    /// </summary>
    private void Propose(ViewState state)
    {
        bool open = state is { Slot: Slot.None, Building: null, VotedNullify: false, VotedFinalize: false };
        if (open && FirstUncovered(state.View) == state.View)
        {
            state.Building = _certified;
            Emit(new Build(state.View, _certified.View, _certified.Hash));
        }
    }

    private void OnBuilt(View view, BlockHeader header)
    {
        if (view != CurrentView || StateOf(view) is not { Slot: Slot.None, Building: { } parent } state)
        {
            return;
        }

        if (state.VotedNullify || header.ParentHash != parent.Hash)
        {
            return;
        }

        Invariant.Require(
            header.View == view && header.Epoch == Validators.Epoch, "a block is built for its view");
        state.Slot = Slot.Verified;
        state.SlotHash = header.Hash;
        state.OwnHeader = header;
        ProposalCame();
        Cast(state, Subject(VoteKind.Notarize, view, state.SlotHash), header, parent.View);
    }

    private void OnBuildFailed(View view)
    {
        if (view == CurrentView && StateOf(view) is { Slot: Slot.None, Building: not null } state)
        {
            GiveUp(state);
        }
    }

    private void OnProposal(int from, Proposal proposal)
    {
        if (!IsPeer(from))
        {
            return;
        }

        Heard(from);
        VoteSubject subject = proposal.LeaderVote.Subject;
        if (subject.Epoch != Validators.Epoch)
        {
            return;
        }

        if (!IsWellFormed(from, proposal))
        {
            Block(from, PeerFault.Malformed);
            return;
        }

        if (subject.View < LowestVoteView || subject.View > CurrentView.Next)
        {
            return;
        }

        ViewState state = StateOf(subject.View);
        if (state.Proposal is { } held && held.BlockHash == proposal.BlockHash)
        {
            return;
        }

        if (!IsSigned(proposal.LeaderVote))
        {
            Block(from, PeerFault.BadSignature);
            return;
        }

        AddVote(state, proposal.LeaderVote, isChecked: true);
        if (Stopped || state.Slot != Slot.None)
        {
            return;
        }

        if (state.Notarization is { } other && other.Subject.BlockHash != proposal.BlockHash)
        {
            LeaderEquivocated(state, proposal.LeaderVote, other);
            return;
        }

        state.Slot = Slot.Unverified;
        state.SlotHash = proposal.BlockHash;
        state.Proposal = proposal;
        Recheck();
    }

    private bool IsWellFormed(int from, Proposal proposal)
    {
        Vote vote = proposal.LeaderVote;
        BlockHeader header = proposal.Header;
        return vote.Signer == from
            && vote.Subject.Kind == VoteKind.Notarize
            && HasSignature(vote)
            && Validators.LeaderOf(vote.Subject.View) == from
            && header.View == vote.Subject.View
            && header.Epoch == vote.Subject.Epoch
            && header.GenesisHash == Config.GenesisHash
            && header.ValidatorSetHash == Validators.Hash
            && header.Proposer == Validators[from].Address
            && header.Hash == vote.Subject.BlockHash;
    }

    /// <summary>
    /// The view's proposal is here: no more waiting for it, and no heartbeat in the wait for its certificate.
    /// </summary>
    private void ProposalCame()
    {
        if (_leaderAt is null)
        {
            return;
        }

        TimestampMs sooner = _now.Plus(Grown(Config.Timers.CertifyMs));
        _leaderAt = null;
        _certifyAt = _certifyAt is { } at && at < sooner ? at : sooner;
    }

    /// <summary>
    /// Follows up the current view's proposal: gives the view up when it can never be right, has it verified
    /// when its ancestry is proved, and otherwise waits, without a vote, while the evidence is fetched.
    /// </summary>
    private void Judge(ViewState state)
    {
        if (state.Proposal is not { } proposal || state.Slot != Slot.Unverified || state.VerifyAsked)
        {
            return;
        }

        ProposalCame();
        if (state.VotedNullify)
        {
            return;
        }

        switch (AncestryOf(proposal))
        {
            case Ancestry.Wrong:
                GiveUp(state);
                break;
            case Ancestry.Proved:
                state.VerifyAsked = true;
                Emit(new Verify(proposal));
                break;
            default:
                break;
        }
    }

    private Ancestry AncestryOf(Proposal proposal)
    {
        View parent = proposal.ParentView;
        if (parent >= proposal.View || parent < LastFinalizedView)
        {
            return Ancestry.Wrong;
        }

        if (parent == LastFinalizedView)
        {
            if (proposal.Header.ParentHash != LastFinalizedHash)
            {
                return Ancestry.Wrong;
            }
        }
        else
        {
            // A view has one notarized block at most, so another hash than its can never become right.
            _views.TryGetValue(parent, out ViewState? state);
            bool wrong = state?.Certification == Certification.False
                || (state?.Notarization is { } held && held.Subject.BlockHash != proposal.Header.ParentHash);
            if (wrong)
            {
                return Ancestry.Wrong;
            }

            if (state?.AsParent is null)
            {
                return Ancestry.Missing;
            }
        }

        for (View view = parent.Next; view < proposal.View; view = view.Next)
        {
            if (!IsNullified(view))
            {
                return Ancestry.Missing;
            }
        }

        return Ancestry.Proved;
    }

    /// <summary>
    /// The views whose certificates the waiting proposal needs and we lack; its leader must have them.
    /// </summary>
    private (View From, View To)? Wanted(out int? target)
    {
        target = null;
        ViewState state = StateOf(CurrentView);
        bool waits = Votes && state is { Slot: Slot.Unverified, VerifyAsked: false, VotedNullify: false };
        if (!waits || state.Proposal is not { } proposal || proposal.ParentView < LastFinalizedView)
        {
            return null;
        }

        View parent = proposal.ParentView;
        bool have = parent == LastFinalizedView
            || (_views.TryGetValue(parent, out ViewState? at) && at.Notarization is not null);
        View from = have ? parent.Next : parent;
        while (have && from < state.View && IsNullified(from))
        {
            from = from.Next;
        }

        if (from >= state.View)
        {
            return null;
        }

        target = Leader;
        return (from, state.View.Previous);
    }

    private void OnVerified(View view, in Hash256 block, bool valid)
    {
        if (view != CurrentView || StateOf(view) is not { Slot: Slot.Unverified, VerifyAsked: true } state
            || state.SlotHash != block)
        {
            return;
        }

        if (!valid)
        {
            GiveUp(state);
            return;
        }

        state.Slot = Slot.Verified;
        if (!state.VotedNullify && !state.VotedNotarize)
        {
            Cast(state, Subject(VoteKind.Notarize, view, block));
        }
    }
}
