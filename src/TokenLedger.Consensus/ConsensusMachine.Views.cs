// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <content>Views and time: entering, deadlines, giving up, retrying, asking for what is missing.</content>
public sealed partial class ConsensusMachine
{
    private TimestampMs? _leaderAt;
    private TimestampMs? _certifyAt;
    private TimestampMs? _retryAt;
    private TimestampMs? _fetchAt;
    private int? _fetchTarget;

    /// <summary>
    /// When <see cref="Tick"/> is due, on the clock of <see cref="Step"/>; null when nothing waits.
    /// </summary>
    public TimestampMs? NextWake
    {
        get
        {
            TimestampMs? first = null;
            ReadOnlySpan<TimestampMs?> deadlines = [_leaderAt, _certifyAt, _retryAt, _fetchAt];
            foreach (TimestampMs? at in deadlines)
            {
                first = first is null || at < first ? at ?? first : first;
            }

            return Stopped ? null : first;
        }
    }

    /// <summary>
    /// The best certificate for entering the current view: finalization, nullification or notarization of the
    /// one before. Null in view 1, and after a restart from votes alone.
    /// </summary>
    public Certificate? EntryProof
    {
        get
        {
            View before = CurrentView.Previous;
            if (before == LastFinalizedView)
            {
                return _lastFinalization;
            }

            return _views.TryGetValue(before, out ViewState? state)
                ? state.Nullification ?? state.Notarization
                : null;
        }
    }

    /// <summary>Δ-derived waits, lengthened while views pass without finality.</summary>
    private ulong Grown(ulong baseMs)
    {
        ulong since = CurrentView.Value - LastFinalizedView.Value - 1;
        return Config.Timers.Grown(baseMs, since);
    }

    private void Enter(View view)
    {
        if (view <= CurrentView)
        {
            return;
        }

        CurrentView = view;
        _future.RemoveWhere(reached => reached <= view);
        ViewState state = StateOf(view);
        foreach (ViewState old in _views.Values.TakeWhile(old => old.View < LowestVoteView))
        {
            old.Votes = null;
        }

        ConsensusTimers timers = Config.Timers;
        _leaderAt = _now.Plus(Grown(timers.LeaderMs) + timers.HeartbeatMs);
        _certifyAt = _now.Plus(Grown(timers.CertifyMs) + timers.HeartbeatMs);
        _retryAt = null;
        Emit(new ViewEntered(view, Leader));
        if (state.VotedNullify || state.VotedFinalize)
        {
            // Only at a restart: our word about this view is given, so nothing is left but to repeat it.
            AwaitRetry();
        }
        else if (IsLeaderSilent() || state.Certification == Certification.False)
        {
            GiveUp(state);
        }
        else
        {
            FollowLeaderGivingUp(state);
        }

        if (state.Slot == Slot.Verified)
        {
            // Only at a restart: the record holds our notarize, so the proposal did come.
            ProposalCame();
        }

        Recheck();
    }

    /// <summary>
    /// True when the leader has said nothing for the skip timeout while a quorum, ourselves included, did
    /// speak. With fewer speaking, the silence may be our own network's, and nobody is skipped.
    /// </summary>
    private bool IsLeaderSilent()
    {
        ulong skip = Grown(Config.Timers.SkipMs);
        if (!Votes || Leader == Config.OwnIndex || _now.Since(_lastHeard[Leader]) <= skip)
        {
            return false;
        }

        int active = 1;
        for (int peer = 0; peer < Validators.Count; peer++)
        {
            active += peer != Config.OwnIndex && _now.Since(_lastHeard[peer]) <= skip ? 1 : 0;
        }

        return active >= Validators.Quorum;
    }

    /// <summary>The leader nullifies its own view: nothing will come, so neither do we wait.</summary>
    private void FollowLeaderGivingUp(ViewState state)
    {
        if (Votes && Leader != Config.OwnIndex && state.Votes?.Get(VoteKind.Nullify, Leader) is not null)
        {
            GiveUp(state);
        }
    }

    /// <summary>
    /// Nullifies the current view, once, unless it was finalized; then repeats that until the view is left.
    /// </summary>
    private void GiveUp(ViewState state)
    {
        if (state.View != CurrentView || state.VotedNullify)
        {
            return;
        }

        if (Votes && !state.VotedFinalize)
        {
            Cast(state, Subject(VoteKind.Nullify, state.View));
        }

        AwaitRetry();
    }

    private void AwaitRetry()
    {
        _leaderAt = null;
        _certifyAt = null;
        _retryAt ??= _now.Plus(Config.Timers.RetryMs);
    }

    private void OnWorkPending()
    {
        if (_leaderAt is { } at && StateOf(CurrentView).Slot == Slot.None)
        {
            TimestampMs sooner = _now.Plus(Grown(Config.Timers.LeaderMs));
            _leaderAt = sooner < at ? sooner : at;
        }
    }

    private void CheckDeadlines()
    {
        if (_leaderAt <= _now || _certifyAt <= _now)
        {
            GiveUp(StateOf(CurrentView));
        }

        if (_retryAt <= _now)
        {
            _retryAt = _now.Plus(Config.Timers.RetryMs);
            Retry(StateOf(CurrentView));
        }

        if (_fetchAt <= _now)
        {
            _fetchAt = null;
            FetchMissing();
        }
    }

    /// <summary>
    /// Says everything again that could bring this view to its end: our votes in it, our newest finalize, and
    /// the proof by which others may enter it; and asks for what ended it elsewhere.
    /// </summary>
    private void Retry(ViewState state)
    {
        if (Votes)
        {
            Repeat(state, VoteKind.Nullify);
            Repeat(state, VoteKind.Finalize);
            if (state.Proposal is { } proposal && proposal.LeaderVote.Signer == Config.OwnIndex)
            {
                Emit(new BroadcastProposal(proposal));
            }
            else
            {
                Repeat(state, VoteKind.Notarize);
            }

            View newest = _lastOwnFinalize ?? default;
            if (newest > LastFinalizedView && _views.TryGetValue(newest, out ViewState? final))
            {
                Repeat(final, VoteKind.Finalize);
            }

            if (EntryProof is { } proof)
            {
                Emit(new BroadcastCertificate(proof));
            }
        }

        Emit(new FetchCertificates(FirstUncovered(CurrentView), CurrentView, null));
    }

    private void Repeat(ViewState state, VoteKind kind)
    {
        if (state.Votes?.Get(kind, Config.OwnIndex) is { } own)
        {
            Emit(new BroadcastVote(own.Vote));
        }
    }

    /// <summary>
    /// The first view from the highest certified one up to <paramref name="last"/> that is not nullified.
    /// </summary>
    private View FirstUncovered(View last)
    {
        View view = _certified.View.Next;
        while (view < last && IsNullified(view))
        {
            view = view.Next;
        }

        return view < last ? view : last;
    }

    private bool IsNullified(View view) =>
        _views.TryGetValue(view, out ViewState? state) && state.Nullification is not null;

    /// <summary>
    /// Asks for the certificates of views that neither a block nor a nullification covers, below where we are
    /// and below where a notarization proves others to be; and asks the leader for what its proposal builds
    /// on. Each need is asked at once when it appears, then at the pace of retries: an answer that does not
    /// help must not make a storm.
    /// </summary>
    private void FetchMissing()
    {
        View top = CurrentView;
        if (_future.Count > 0 && _future.Max > top)
        {
            top = _future.Max;
        }

        View gap = FirstUncovered(top);
        (View From, View To)? wanted = Wanted(out int? target);
        if (gap == top && wanted is null)
        {
            _fetchAt = null;
            _fetchTarget = null;
            return;
        }

        if (_fetchAt is not null && (target is null || target == _fetchTarget))
        {
            return;
        }

        if (gap < top && _fetchAt is null)
        {
            Emit(new FetchCertificates(gap, top.Previous, null));
        }

        if (wanted is { } range)
        {
            Emit(new FetchCertificates(range.From, range.To, target));
        }

        _fetchTarget = target;
        _fetchAt ??= _now.Plus(Config.Timers.RetryMs);
    }
}
