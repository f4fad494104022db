// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Consensus;

/// <content>Between a vote and its signature: the guard, its quarantine, what peers ask of it.</content>
internal sealed partial class ConsensusDriver
{
    /// <summary>What this node can say of how far a validator's key has signed. Any thread.</summary>
    public PeerSight SightOf(int validator)
    {
        if (validator >= _seen.Length)
        {
            // An observer, which has no key to ask for.
            return new PeerSight(false, default, null, null);
        }

        lock (_machineGate)
        {
            View view = _machine.CurrentView;
            bool certain = view.Value > 0
                && _signer?.Guard is { Doubt: GuardDoubt.None } guard
                && guard.Watermark.View <= view;
            Certificate? entry = _machine.EntryProof;
            return new PeerSight(
                certain && (entry is not null || view.Value == 1), view, entry, _seen[validator]);
        }
    }

    /// <summary>
    /// Has the next turn end the guard's quarantine: the key signs from this view on. Any thread.
    /// </summary>
    public void Readmit(View first) => Volatile.Write(ref _readmit, first.Value);

    /// <summary>
    /// Own votes that only the guard remembers: a crash came between the two syncs, or the record is lost or
    /// an old copy. They bind like those of the record and are recorded now, but for finalize votes. Such a
    /// vote promises that its block is on this disk, which nothing shows here: it is not said again.
    /// </summary>
    private ImmutableArray<OwnVoteRecord> Reclaim(ImmutableArray<ConsensusRecord> records, View final)
    {
        if (_signer?.Guard is not { Doubt: GuardDoubt.None } guard)
        {
            return [];
        }

        HashSet<VoteSubject> known = [.. records.OfType<OwnVoteRecord>().Select(own => own.Subject)];
        ImmutableArray<OwnVoteRecord> lost =
        [
            .. guard.Released.Where(subject => subject.View > final && !known.Contains(subject))
                .Select(subject => new OwnVoteRecord(subject)),
        ];
        _unsaid = [.. lost.Select(own => own.Subject).Where(own => own.Kind == VoteKind.Finalize)];
        _record.Append([.. lost.Where(own => own.Subject.Kind != VoteKind.Finalize)]);
        return lost;
    }

    /// <summary>
    /// Keeps the highest vote of each validator, for the day when it asks. It comes from the connection of
    /// its signer, who alone is hurt when its signature is wrong: it checks that itself.
    /// </summary>
    private void See(int from, Vote vote)
    {
        if (vote.Signer == from && from != _config.OwnIndex
            && (_seen[from] is not { } seen
                || GuardPosition.Of(vote.Subject) > GuardPosition.Of(seen.Subject)))
        {
            _seen[from] = vote;
        }
    }

    /// <summary>
    /// Takes the guard out of quarantine, and begins anew from the record: the machine believes that it cast
    /// what the guard refused, and would not say it again.
    /// </summary>
    private void EndQuarantine()
    {
        ulong first = Interlocked.Exchange(ref _readmit, 0);
        if (first == 0 || _signer?.Guard is not { Doubt: not GuardDoubt.None } guard)
        {
            return;
        }

        guard.Readmit(_config.Validators.Epoch, new View(first));
        _metrics.Quarantined(false);
        RuntimeLog.Readmitted(_log, first);
        Begin(_record.Replay());
    }

    /// <summary>Asks the guard for all votes of a batch, in order: null for what it refuses.</summary>
    private Queue<GuardLeave?> Release(ConsensusEffect[] effects)
    {
        VoteSubject[] votes = [.. effects.Select(SubjectOf).OfType<VoteSubject>()];
        if (_signer is not { Guard: { } guard })
        {
            Invariant.Require(votes.Length == 0, "an observer casts no vote");
            return new Queue<GuardLeave?>();
        }

        if (votes.Length == 0)
        {
            return new Queue<GuardLeave?>();
        }

        long started = _time.GetTimestamp();
        ImmutableArray<GuardLeave?> leaves = guard.Release(votes);
        _metrics.GuardSynced(_time.GetElapsedTime(started));
        for (int i = 0; i < votes.Length; i++)
        {
            if (leaves[i] is null)
            {
                _metrics.VoteRefused();
                RuntimeLog.VoteRefused(_log, votes[i].Kind.ToString(), votes[i].View.Value, guard.Doubt);
            }
        }

        return new Queue<GuardLeave?>(leaves);
    }

    private static VoteSubject? SubjectOf(ConsensusEffect effect) => effect switch
    {
        CastVote cast => cast.Subject,
        RecastVote recast => recast.Subject,
        _ => null,
    };

    /// <summary>A quorum's certificate must not hold a vote of the own key that was not released.</summary>
    private void RequireOwn(Certificate certificate)
    {
        if (_signer is { Guard: { } guard }
            && (certificate.Signers & (1u << _config.OwnIndex)) != 0
            && guard.IsForeign(certificate.Subject))
        {
            throw new DuplicateValidatorException(
                $"A certificate of view {certificate.Subject.View} has a vote by this validator's key that"
                    + " its signer guard never released: the key signs elsewhere too, or the guard is an old"
                    + " copy. Find the other process. If there is none, stop this one and run: tl node guard"
                    + " quarantine.");
        }
    }

    private void Cast(CastVote cast, GuardLeave leave, DurableVote durable)
    {
        Invariant.Require(durable.Subject == cast.Subject, "the durable record is of this very vote");
        Vote vote = _signer!.Sign(durable, leave);
        if (cast.ProposalHeader is { } header && cast.ParentView is { } parentView)
        {
            _ports.Broadcast(new Proposal(header, parentView, vote));
        }
        else
        {
            _ports.Broadcast(vote);
        }

        _answers.Enqueue(new OwnVoteSigned(vote));
    }

    private void Recast(RecastVote recast, GuardLeave leave)
    {
        Vote vote = _signer!.Sign(_record.DurableAgain(recast.Subject), leave);
        _ports.Broadcast(vote);
        _answers.Enqueue(new OwnVoteSigned(vote));
    }
}
