// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;

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
        foreach (BridgeObservation observation in operation.Observations)
        {
            // Anew for each: the one before may have halted the lane or changed its signers.
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

            if ((Check(session.Read, lane, observation) ?? Vote(session, lane, signer, observation))
                is { } rejection)
            {
                return rejection;
            }
        }

        return null;
    }

    private static Rejection? Check(LedgerView read, BridgeLaneState lane, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        return observation switch
        {
            BurnObserved o when o.Nonce >= lane.NextBurn + Limits.BridgeBurnsAhead => new Rejection(
                RejectionCode.BridgeTooFarAhead,
                $"Burn {lane.NextBurn} comes next on lane {chainId}; {o.Nonce} is too far ahead."),
            MintObserved or VoidObserved or ExpiryObserved
                when read.BridgeLock(chainId, observation.Subject.Number) is null => new Rejection(
                    RejectionCode.BridgeLockUnknown,
                    $"Lane {chainId} has no lock {observation.Subject.Number}."),
            SupplyObserved or MismatchObserved
                when read.BridgeTokenAsset(chainId, observation.Subject.Token) is null => new Rejection(
                    RejectionCode.BridgeTokenUnknown,
                    $"{observation.Subject.Token} is no token of lane {chainId}."),
            _ => null,
        };
    }

    /// <summary>Counts a vote. One on something decided, or a second one, changes nothing: signers look at
    /// different times, and the others' observations of the same operation still count.</summary>
    private static Rejection? Vote(
        Session session, BridgeLaneState lane, int signer, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        BridgeSubject subject = observation.Subject;
        if (IsDecided(session.Read, lane, observation))
        {
            return null;
        }

        BridgeVoteState votes = session.Read.BridgeVotes(chainId, subject) ?? new BridgeVoteState(0, []);
        if (votes.Epoch != lane.Epoch)
        {
            votes = new BridgeVoteState(lane.Epoch, []);
        }

        uint voted = 0;
        foreach (BridgeBallot ballot in votes.Ballots)
        {
            voted |= ballot.Voters;
        }

        uint bit = 1u << signer;
        if ((voted & bit) != 0)
        {
            return null;
        }

        votes = Add(votes, BridgeCodec.ContentHash(chainId, observation), bit, out int count);
        int all = BitOperations.PopCount(voted | bit);
        bool alarm = observation is MismatchObserved;
        if (alarm ? all > lane.MaxFaulty : count >= lane.Quorum)
        {
            session.State.Overlay.Remove(StateKeys.BridgeVote(chainId, subject));
            BridgeOutcomes.Decide(session, lane, observation);
            return null;
        }

        int best = votes.Ballots.Max(static ballot => BitOperations.PopCount(ballot.Voters));
        if (!alarm && best + lane.Signers.Length - all < lane.Quorum)
        {
            // Without the votes they can be cast anew once officers have found out who is wrong.
            session.State.Overlay.Remove(StateKeys.BridgeVote(chainId, subject));
            BridgeLanes.SetStops(
                session, lane, lane.Stops | BridgeStops.Halted,
                $"The signers contradict each other on {Words.Of(subject.Kind)} {subject.Number}.");
            return null;
        }

        session.State.PutVotes(chainId, subject, votes);
        return null;
    }

    private static BridgeVoteState Add(BridgeVoteState votes, Hash256 content, uint bit, out int count)
    {
        for (int i = 0; i < votes.Ballots.Length; i++)
        {
            BridgeBallot ballot = votes.Ballots[i];
            if (ballot.Content == content)
            {
                uint voters = ballot.Voters | bit;
                count = BitOperations.PopCount(voters);
                return votes with { Ballots = votes.Ballots.SetItem(i, ballot with { Voters = voters }) };
            }
        }

        count = 1;
        return votes with { Ballots = votes.Ballots.Add(new BridgeBallot(content, bit)) };
    }

    private static bool IsDecided(LedgerView read, BridgeLaneState lane, BridgeObservation observation)
    {
        ulong chainId = lane.Terms.ChainId;
        BridgeSubject subject = observation.Subject;
        return observation switch
        {
            BurnObserved o => o.Nonce < lane.NextBurn || read.BridgeBurn(chainId, o.Nonce) is not null,
            RotationObserved o => lane.Rotation == 0 || o.Epoch != lane.Epoch + 1,
            SupplyObserved o =>
                read.BridgeToken(chainId, read.BridgeTokenAsset(chainId, o.Token)!.Value)!.Report is { } last
                && last.Place.Number >= o.Place.Number,
            MismatchObserved => false,
            _ => !read.BridgeLock(chainId, subject.Number)!.IsOpen,
        };
    }
}
