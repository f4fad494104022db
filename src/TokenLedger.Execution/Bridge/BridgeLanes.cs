// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Bridge;

/// <summary>What officers decide about a lane: opening it, its tokens, its stops, its signers.</summary>
internal static class BridgeLanes
{
    public static Rejection? Open(Session session, Address maker, OpenBridgeLane operation)
    {
        byte[] all = [(byte)Table.BridgeLane];
        byte[] end = [(byte)Table.BridgeLane + 1];
        if (session.Read.BridgeLane(operation.ChainId) is not null
            || session.State.Overlay.Range(all, end, Limits.BridgeLanes).Count == Limits.BridgeLanes)
        {
            return new Rejection(
                RejectionCode.BridgeLaneExists,
                $"There is a lane to chain {operation.ChainId}, or there are {Limits.BridgeLanes} lanes.");
        }

        Address escrow = BridgeEscrow.Of(operation.ChainId);
        if (InUse(session.Read, escrow) || session.Read.Account(escrow) is not null)
        {
            return new Rejection(RejectionCode.KeyInUse, $"The escrow's account {escrow} is something else.");
        }

        if (Seat(session, operation.Signers) is { } rejection)
        {
            return rejection;
        }

        Register(session, escrow, AccountKind.BridgeEscrow, maker, maker);
        foreach (BridgeSigner signer in operation.Signers)
        {
            Register(session, signer.Key, AccountKind.BridgeSigner, signer.Institution, maker);
        }

        session.State.PutLane(new BridgeLaneState(
            operation, Epoch: 1, Term: 1, BridgeStops.None, NextLock: 1, NextMessage: 1, NextBurn: 1,
            Rotation: 0, Tokens: 0, RemoteBlock: 0, OpenLocks: 0));
        session.Emit(new BridgeSignersSet(operation.ChainId, 1, operation.Signers.Length));
        return null;
    }

    public static Rejection? Map(Session session, Address maker, MapBridgeToken operation)
    {
        (ulong chainId, AssetId asset) = (operation.ChainId, operation.Asset);
        if (session.Read.BridgeLane(chainId) is not { } lane)
        {
            return UnknownLane(chainId);
        }

        if (Assets.AssetRules.Issued(session, maker, asset, out _) is { } rejection)
        {
            return rejection;
        }

        if (operation.Quota.Delay.Ms > (lane.Terms.LockLifetimeMs / 2) - lane.Terms.GatherMs)
        {
            return new Rejection(
                RejectionCode.InvalidField,
                $"Large locks would wait {operation.Quota.Delay.Ms} ms and be gathered for "
                + $"{lane.Terms.GatherMs}, together more than half of the {lane.Terms.LockLifetimeMs} that a "
                + "lock lives.");
        }

        BridgeTokenState? known = session.Read.BridgeToken(chainId, asset);
        AssetId? holder = session.Read.BridgeTokenAsset(chainId, operation.Token);
        if (known is not null ? known.Token != operation.Token : holder is not null)
        {
            return new Rejection(
                RejectionCode.BridgeTokenTaken,
                $"{asset} stands for {known?.Token.ToString() ?? "no token"} on lane {chainId}, and "
                + $"{operation.Token} for {holder?.ToString() ?? "no asset"}; neither ever changes.");
        }

        if (known is null && lane.Tokens >= Limits.BridgeTokensPerLane)
        {
            return new Rejection(
                RejectionCode.TooLarge, $"Lane {chainId} has {lane.Tokens} tokens, the limit.");
        }

        if (known is null)
        {
            session.State.PutLane(lane with { Tokens = (ushort)(lane.Tokens + 1) });
            session.State.PutTokenAsset(chainId, operation.Token, asset);
            known = new BridgeTokenState(
                operation.Token, operation.Quota, BridgeBuckets.Full(operation.Quota.Outbound, session.Now),
                BridgeBuckets.Full(operation.Quota.Inbound, session.Now), Amount.Zero, Amount.Zero,
                Amount.Zero, Amount.Zero, Amount.Zero, Report: null);
        }

        // Under the old rate up to now, under the new one from now on; never more than the new one holds.
        BridgeQuota quota = operation.Quota;
        session.State.PutToken(chainId, asset, known with
        {
            Quota = quota,
            Outbound = BridgeBuckets.Refill(
                BridgeBuckets.Refill(known.Outbound, known.Quota.Outbound, session.Now),
                quota.Outbound,
                session.Now),
            Inbound = BridgeBuckets.Refill(
                BridgeBuckets.Refill(known.Inbound, known.Quota.Inbound, session.Now),
                quota.Inbound,
                session.Now),
        });
        session.Emit(new BridgeTokenMapped(chainId, asset, operation.Token));
        return null;
    }

    public static Rejection? Pause(Session session, PauseBridge operation)
    {
        if (session.Read.BridgeLane(operation.ChainId) is not { } lane)
        {
            return UnknownLane(operation.ChainId);
        }

        if ((lane.Stops & operation.Stops) == operation.Stops)
        {
            return new Rejection(
                RejectionCode.BridgePaused,
                $"Of lane {operation.ChainId} stand still already: {Words.Of(lane.Stops)}.");
        }

        SetStops(session, lane, lane.Stops | operation.Stops, operation.Reason);
        return null;
    }

    public static Rejection? Resume(Session session, ResumeBridge operation)
    {
        if (session.Read.BridgeLane(operation.ChainId) is not { } lane)
        {
            return UnknownLane(operation.ChainId);
        }

        if ((lane.Stops & operation.Stops) == 0)
        {
            return new Rejection(
                RejectionCode.BridgeNotPaused,
                $"Of lane {operation.ChainId} stand still: {Words.Of(lane.Stops)}.");
        }

        SetStops(session, lane, lane.Stops & ~operation.Stops, operation.Reason);
        return null;
    }

    /// <summary>The new set's keys are registered at once; its duty begins when the change is final
    /// abroad.</summary>
    public static Rejection? Rotate(Session session, Address maker, RotateBridgeSigners operation)
    {
        ulong chainId = operation.ChainId;
        if (session.Read.BridgeLane(chainId) is not { } lane)
        {
            return UnknownLane(chainId);
        }

        if (operation.NotBefore.Value > session.Now.Plus(Limits.BridgeRotationAheadMs).Value)
        {
            return new Rejection(
                RejectionCode.InvalidField,
                $"The change begins {Words.Utc(operation.NotBefore)}, more than "
                + $"{Words.Days(Limits.BridgeRotationAheadMs)} ahead; until it is done there is no other.");
        }

        BridgeMessageState? asked = session.Read.BridgeMessage(chainId, lane.Rotation);
        ulong notBefore = (operation.NotBefore.Value + 999) / 1_000;
        if (operation.InstalledEpoch == 0 && asked is not null && asked.DeadlineSeconds == notBefore
            && asked.Signers.SequenceEqual(operation.Signers))
        {
            return new Rejection(
                RejectionCode.BridgeRotationOpen,
                $"Message {lane.Rotation} asks for the same signers of lane {chainId} already.");
        }

        if (Seat(session, operation.Signers) is { } rejection)
        {
            return rejection;
        }

        foreach (BridgeSigner signer in operation.Signers)
        {
            Register(session, signer.Key, AccountKind.BridgeSigner, signer.Institution, maker);
        }

        if (operation.InstalledEpoch != 0)
        {
            return TakeOver(session, lane, operation);
        }

        // What was asked for before is not asked for any more. Who has a quorum's signatures under it can
        // still carry it abroad: the set that stands there is the one that is observed.
        BridgeMessages.CloseItem(session, chainId, lane.Rotation);
        lane = lane with { Rotation = lane.NextMessage };
        BridgeMessages.Open(session, lane, new BridgeMessageState(
            BridgeMessageKind.Rotation, lane.Epoch, lane.Term, default, Amount.Zero,
            notBefore, [], operation.Signers, Open: 1, []));
        return null;
    }

    /// <summary>The signers that stand abroad already take up their duty at once. Nothing may move meanwhile:
    /// no vote of the present set says that they stand there, only officers do, and they may have to correct
    /// themselves: any other epoch or set is taken.</summary>
    private static Rejection? TakeOver(
        Session session, BridgeLaneState lane, RotateBridgeSigners operation)
    {
        const BridgeStops Both = BridgeStops.Locks | BridgeStops.Releases;
        if ((lane.Stops & Both) != Both)
        {
            return new Rejection(
                RejectionCode.BridgeNotPaused,
                $"Lane {operation.ChainId} takes over signers while locks and releases stand still; of it "
                + $"stand still: {Words.Of(lane.Stops)}.");
        }

        if (operation.InstalledEpoch == lane.Epoch && operation.Signers.SequenceEqual(lane.Signers))
        {
            return new Rejection(
                RejectionCode.BridgeEpoch,
                $"These signers of lane {operation.ChainId} stand under epoch {lane.Epoch} already.");
        }

        // What was reported of the set that was expected next is of no use any more.
        session.State.PutVotes(
            operation.ChainId, new BridgeSubject(BridgeSubjectKind.Rotation, lane.Epoch + 1, default),
            new BridgeVoteState(0, []));
        BridgeMessages.CloseItem(session, operation.ChainId, lane.Rotation);
        session.State.PutLane(lane with
        {
            Terms = lane.Terms with { Signers = operation.Signers },
            Epoch = operation.InstalledEpoch,
            Term = lane.Term + 1,
            Rotation = 0,
        });
        session.Emit(new BridgeSignersSet(
            operation.ChainId, operation.InstalledEpoch, operation.Signers.Length));
        return null;
    }

    /// <summary>Sets what stands still and says so.</summary>
    public static void SetStops(Session session, BridgeLaneState lane, BridgeStops stops, string reason)
    {
        session.State.PutLane(lane with { Stops = stops });
        session.Emit(new BridgeStopsSet(lane.Terms.ChainId, stops, reason));
    }

    public static Rejection UnknownLane(ulong chainId) =>
        new(RejectionCode.BridgeLaneUnknown, $"There is no lane to chain {chainId}.");

    /// <summary>Whether a set may sign: known institutions, none with more seats than may fail, keys that are
    /// nothing else.</summary>
    private static Rejection? Seat(Session session, ImmutableArray<BridgeSigner> signers)
    {
        int most = (signers.Length - 1) / 3;
        foreach (BridgeSigner signer in signers)
        {
            if (session.Read.Institution(signer.Institution) is not { } institution)
            {
                return new Rejection(
                    RejectionCode.InstitutionUnknown, $"There is no institution {signer.Institution}.");
            }

            int seats = signers.Count(other => other.Institution == signer.Institution);
            if (seats > most)
            {
                return new Rejection(
                    RejectionCode.BridgeSeats,
                    $"{institution.Name} would operate {seats} of {signers.Length} signers; with more than "
                    + $"{most} it could stop the lane, and with others forge.");
            }

            bool another = session.Read.Account(signer.Key) is { } account
                && (account.Kind, account.Institution) != (AccountKind.BridgeSigner, signer.Institution);
            if (another || InUse(session.Read, signer.Key))
            {
                return new Rejection(
                    RejectionCode.KeyInUse,
                    $"{signer.Key} is an account, an officer's key, names an institution, or is the signer "
                    + "of another one: a signer's key is for this duty only.");
            }
        }

        return null;
    }

    private static bool InUse(LedgerView read, Address key) =>
        read.Officer(key) is not null || read.Institution(key) is not null;

    private static void Register(
        Session session, Address key, AccountKind kind, Address institution, Address maker)
    {
        if (session.Read.Account(key) is null)
        {
            session.State.PutAccount(
                key, new AccountState(kind, institution, maker, FreezeMode.None, LegalReference: ""));
            session.Emit(new AccountRegistered(key, kind, institution, maker));
        }
    }
}
