// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Execution.Bridge;

/// <summary>
/// Signers' votes on what happened abroad. n − f identical ones decide; when no content can get there any
/// more the lane halts, since an honest reorganisation and a lie look alike.
/// </summary>
internal static class BridgeVotes
{
    public static Rejection? Observe(Session session, ObserveBridge operation)
    {
        ulong chainId = operation.ChainId;
        if (session.Read.BridgeLane(chainId) is not { } lane)
        {
            return BridgeLanes.UnknownLane(chainId);
        }

        int signer = lane.IndexOf(session.Sender);
        if (signer < 0)
        {
            return BridgeMessages.NotSigner(session.Sender, chainId);
        }

        if ((lane.Stops & BridgeStops.Halted) != 0)
        {
            return new Rejection(
                RejectionCode.BridgePaused,
                $"Lane {chainId} is halted: nothing is observed until officers resume.");
        }

        foreach (BridgeObservation observation in operation.Observations)
        {
            if (Check(session.Read, lane, observation) is { } rejection)
            {
                return rejection;
            }

            Vote(session, lane, signer, observation);

            // When it halted the lane or took the sender's seat, the rest is dropped: to refuse it would undo
            // that, too.
            lane = session.Read.BridgeLane(chainId)!;
            signer = lane.IndexOf(session.Sender);
            if (signer < 0 || (lane.Stops & BridgeStops.Halted) != 0)
            {
                return null;
            }
        }

        return null;
    }

    private static Rejection? Check(LedgerView read, BridgeLaneState lane, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        ulong number = observation.Subject.Number;
        switch (observation)
        {
            case BurnObserved o when o.Nonce >= lane.NextBurn + Limits.BridgeBurnsAhead:
                return new Rejection(
                    RejectionCode.BridgeTooFarAhead,
                    $"Burn {lane.NextBurn} comes next on lane {chainId}; {o.Nonce} is too far ahead.");
            case MintObserved or VoidObserved or ExpiryObserved
                when read.BridgeLock(chainId, number) is null:
                return new Rejection(
                    RejectionCode.BridgeLockUnknown, $"Lane {chainId} has no lock {number}.");
            case MintObserved or VoidObserved
                when read.BridgeLock(chainId, number)!.Status == BridgeLockStatus.Waiting:
                return new Rejection(
                    RejectionCode.BridgeMessageUnknown,
                    $"Lock {number} stands in no message: nothing can have become of it abroad.");
            case SupplyObserved or MismatchObserved
                when read.BridgeTokenAsset(chainId, observation.Subject.Token) is null:
                return new Rejection(
                    RejectionCode.BridgeTokenUnknown,
                    $"{observation.Subject.Token} is no token of lane {chainId}.");
            default:
                return null;
        }
    }

    /// <summary>Counts a vote. One on something decided, or a second one, changes nothing: signers look at
    /// different times, and the others' observations of the same operation still count.</summary>
    private static void Vote(
        Session session, BridgeLaneState lane, int signer, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        BridgeSubject subject = observation.Subject;
        uint bit = 1u << signer;
        BridgeVoteState votes = session.Read.BridgeVotes(chainId, subject) is { } kept
            && kept.Term == lane.Term ? kept : new BridgeVoteState(lane.Term, []);
        if (IsDecided(session.Read, lane, observation)
            || (Voters(votes, ballot => ballot.Block == observation.Block) & bit) != 0
            || !TryMakeRoom(ref votes, bit, observation.Block))
        {
            return;
        }

        // After the deadline one signer sees the nonce unused, and another one sees it voided later: both
        // mean that it never will be minted, so they say the same.
        BridgeObservation content =
            observation is VoidObserved ended ? new ExpiryObserved(ended.Nonce) : observation;
        votes = Add(votes, BridgeCodec.ContentHash(chainId, content), observation.Block, bit);
        session.State.PutVotes(chainId, subject, votes);
        if (observation is MismatchObserved)
        {
            Alarm(session, lane, observation, votes);
        }
        else
        {
            Tally(session, lane, content, votes);
        }
    }

    /// <summary>Alarms decide whatever figures they name, on whichever of the blocks nearby.</summary>
    private static void Alarm(
        Session session, BridgeLaneState lane, BridgeObservation alarm, BridgeVoteState votes)
    {
        uint voters = Voters(votes, ballot =>
            Math.Max(ballot.Block, alarm.Block) - Math.Min(ballot.Block, alarm.Block)
                < MismatchObserved.BlocksTogether);
        if (BitOperations.PopCount(voters) > lane.MaxFaulty)
        {
            session.State.PutVotes(lane.Terms.ChainId, alarm.Subject, votes with { Ballots = [] });
            BridgeOutcomes.Decide(session, lane, alarm);
        }
    }

    private static void Tally(
        Session session, BridgeLaneState lane, BridgeObservation observation, BridgeVoteState votes)
    {
        ulong chainId = lane.Terms.ChainId;
        ulong block = observation.Block;
        BridgeSubject subject = observation.Subject;
        int best = votes.Ballots.Where(ballot => ballot.Block == block)
            .Max(static ballot => BitOperations.PopCount(ballot.Voters));
        int all = BitOperations.PopCount(Voters(votes, ballot => ballot.Block == block));
#if PLANTED
        best = Planted.Is(PlantedBug.BridgeQuorumOfF) && best >= lane.MaxFaulty ? lane.Quorum : best;
#endif
        if (best >= lane.Quorum)
        {
            // Nothing was decided before this vote, so what has the quorum is what it says. Reports on
            // earlier blocks are of no use any more.
            session.State.PutVotes(
                chainId, subject,
                votes with { Ballots = votes.Ballots.RemoveAll(ballot => ballot.Block <= block) });
            BridgeOutcomes.Decide(session, lane, observation);
        }
        else if (best + lane.Signers.Length - all < lane.Quorum)
        {
            // Without the votes they can be cast anew once officers have found out who is wrong.
            session.State.PutVotes(
                chainId, subject,
                votes with { Ballots = votes.Ballots.RemoveAll(ballot => ballot.Block == block) });
            BridgeLanes.SetStops(
                session, lane, lane.Stops | BridgeStops.Halted,
                $"The signers contradict each other on {Words.Of(subject.Kind)} "
                + $"{Math.Max(subject.Number, block)}.");
        }
    }

    private static uint Voters(BridgeVoteState votes, Func<BridgeBallot, bool> counts)
    {
        uint voters = 0;
        foreach (BridgeBallot ballot in votes.Ballots)
        {
            voters |= counts(ballot) ? ballot.Voters : 0;
        }

        return voters;
    }

    /// <summary>Takes back the vote of a signer's lowest block when it has as many as it may.</summary>
    /// <returns>False when that would be the vote it casts now.</returns>
    private static bool TryMakeRoom(ref BridgeVoteState votes, uint bit, ulong block)
    {
        BridgeBallot[] own = [.. votes.Ballots.Where(ballot => (ballot.Voters & bit) != 0)];
        if (own.Length < Limits.BridgeReportsPerSigner)
        {
            return true;
        }

        BridgeBallot lowest = own.MinBy(static ballot => ballot.Block);
        if (lowest.Block > block)
        {
            return false;
        }

        BridgeBallot without = lowest with { Voters = lowest.Voters & ~bit };
        votes = votes with
        {
            Ballots = without.Voters == 0
                ? votes.Ballots.Remove(lowest)
                : votes.Ballots.Replace(lowest, without),
        };
        return true;
    }

    private static BridgeVoteState Add(BridgeVoteState votes, Hash256 content, ulong block, uint bit)
    {
        for (int i = 0; i < votes.Ballots.Length; i++)
        {
            BridgeBallot ballot = votes.Ballots[i];
            if (ballot.Content == content)
            {
                return votes with
                {
                    Ballots = votes.Ballots.SetItem(i, ballot with { Voters = ballot.Voters | bit }),
                };
            }
        }

        return votes with { Ballots = votes.Ballots.Add(new BridgeBallot(content, block, bit)) };
    }

    private static bool IsDecided(LedgerView read, BridgeLaneState lane, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        BridgeSubject subject = observation.Subject;
        return observation switch
        {
            BurnObserved o => o.Nonce < lane.NextBurn || read.BridgeBurn(chainId, o.Nonce) is not null,
            RotationObserved o => o.Epoch != lane.Epoch + 1,
            SupplyObserved o =>
                read.BridgeToken(chainId, read.BridgeTokenAsset(chainId, o.Token)!.Value)!.Report is { } last
                && last.Place.Number >= o.Place.Number,
            MismatchObserved => false,
            _ => !read.BridgeLock(chainId, subject.Number)!.IsOpen,
        };
    }
}
