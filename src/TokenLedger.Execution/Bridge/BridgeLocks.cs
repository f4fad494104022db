// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution.Bridge;

/// <summary>Locking units for a mint abroad, and taking a lock back.</summary>
internal static class BridgeLocks
{
    public static Rejection? Lock(Session session, LockForBridge operation)
    {
        LedgerView read = session.Read;
        (ulong chainId, AssetId asset, Amount amount) =
            (operation.ChainId, operation.Asset, operation.Amount);
        if (read.BridgeLane(chainId) is not { } lane)
        {
            return BridgeLanes.UnknownLane(chainId);
        }

        if (BridgeMessages.LocksStand(lane))
        {
            return new Rejection(
                RejectionCode.BridgePaused, $"Nothing is locked for chain {chainId} until officers resume.");
        }

        if (read.BridgeToken(chainId, asset) is not { } token)
        {
            return new Rejection(
                RejectionCode.BridgeTokenUnknown, $"{asset} has no token on chain {chainId}.");
        }

        uint own = read.BridgeOpenLocks(chainId, session.Sender);
        if (CheckCounts(lane, session.Sender, own) is { } many)
        {
            return many;
        }

        if (session.State.Asset(asset)!.Paused)
        {
            return new Rejection(
                RejectionCode.AssetPaused, $"{asset} is paused: nothing moves until it resumes.");
        }

        if (TransferRules.CheckSender(session.State, session.Sender) is { } sender)
        {
            return sender;
        }

        if (operation.Recipient == token.Token || operation.Recipient == lane.Terms.Contract
            || operation.Recipient == lane.Terms.SignerContract)
        {
            return new Rejection(
                RejectionCode.BridgeRecipientInvalid,
                $"{operation.Recipient} is a contract of the bridge: units there would be lost.");
        }

        BridgeBucket bucket = BridgeBuckets.Refill(token.Outbound, token.Quota.Outbound, session.Now);
        if ((CheckQuota(asset, amount, token, bucket)
            ?? TransferRules.Move(session, asset, session.Sender, BridgeEscrow.Of(chainId), amount))
            is { } rejection)
        {
            return rejection;
        }

        bool taken = BridgeBuckets.TryTake(ref bucket, amount);
        Invariant.Require(taken, "a lock is within the bucket that was just asked");
        ulong nonce = lane.NextLock;
        session.State.PutLane(lane with { NextLock = nonce + 1, OpenLocks = lane.OpenLocks + 1 });
        session.State.PutOpenLocks(chainId, session.Sender, own + 1);
        session.State.PutToken(
            chainId, asset, token with { Outbound = bucket, Locked = token.Locked + amount });
        Wait(session, lane, token.Quota.Delay, operation, nonce);
        session.State.PutOutstanding(chainId, asset, nonce, amount);
        session.Emit(
            new BridgeLocked(chainId, nonce, asset, session.Sender, amount, operation.Recipient));
        return null;
    }

    /// <summary>A waiting lock goes back at once: nobody can have signed it. Another one's nonce is used up
    /// abroad first.</summary>
    public static Rejection? Cancel(Session session, CancelBridgeLock operation)
    {
        (ulong chainId, ulong nonce) = (operation.ChainId, operation.Nonce);
        if (session.Read.BridgeLane(chainId) is not { } lane)
        {
            return BridgeLanes.UnknownLane(chainId);
        }

        if (session.Read.BridgeLock(chainId, nonce) is not { } locked)
        {
            return new Rejection(
                RejectionCode.BridgeLockUnknown, $"Lane {chainId} has no lock {nonce}.");
        }

        if (locked.From != session.Sender)
        {
            return new Rejection(
                RejectionCode.NotAuthorised, $"Lock {nonce} is of {locked.From}; only it may take it back.");
        }

#if PLANTED
        if (Planted.Is(PlantedBug.BridgeCancelAtOnce) && locked.Status == BridgeLockStatus.Signing)
        { Close(session, chainId, nonce, locked, BridgeLockStatus.Refunded, default); return null; }
#endif
        switch (locked.Status)
        {
            case BridgeLockStatus.Waiting:
                Close(session, chainId, nonce, locked, BridgeLockStatus.Refunded, default);
                return null;
            case BridgeLockStatus.Signing:
                BridgeTokenState token = session.Read.BridgeToken(chainId, locked.Asset)!;
                session.State.PutLock(chainId, nonce, locked with
                {
                    Status = BridgeLockStatus.Cancelling,
                    VoidId = lane.NextMessage,
                });
                BridgeMessages.Open(session, lane, new BridgeMessageState(
                    BridgeMessageKind.Void, lane.Epoch, lane.Term, token.Token, Amount.Zero,
                    DeadlineSeconds: 0, [new BridgeItem(nonce, default, Amount.Zero)], [], Open: 1, []));
                return null;
            default:
                return new Rejection(
                    RejectionCode.BridgeLockClosed, $"Lock {nonce} is {Words.Of(locked.Status)}.");
        }
    }

    /// <summary>
    /// Ends an open lock: minted, or given back to its owner, whatever freezes or pauses say, since it never
    /// left.
    /// </summary>
    public static void Close(
        Session session,
        ulong chainId,
        ulong nonce,
        BridgeLockState locked,
        BridgeLockStatus status,
        BridgePlace place)
    {
        Invariant.Require(locked.IsOpen, "a lock ends once");
        LedgerState state = session.State;
        BridgeTokenState token = session.Read.BridgeToken(chainId, locked.Asset)!;
        if (status == BridgeLockStatus.Refunded)
        {
            Rejection? failed = TransferRules.Move(
                session, locked.Asset, BridgeEscrow.Of(chainId), locked.From, locked.Amount);
            Invariant.Require(failed is null, "the escrow holds every lock without an end");

            // Nothing passed: who locks and takes back must not use up what others may lock.
            BridgeRate rate = token.Quota.Outbound;
            BridgeBucket bucket = BridgeBuckets.Refill(token.Outbound, rate, session.Now);
            token = token with
            {
                Refunded = token.Refunded + locked.Amount,
                Outbound = BridgeBuckets.Return(
                    bucket, rate, locked.Amount, session.Now.Since(locked.LockedAt)),
            };
        }
        else
        {
            token = token with { Minted = token.Minted + locked.Amount };
        }

        state.PutToken(chainId, locked.Asset, token);
        state.Overlay.Remove(StateKeys.BridgeOutstanding(chainId, locked.Asset, nonce));
        BridgeLaneState lane = session.Read.BridgeLane(chainId)!;
        state.PutLane(lane with { OpenLocks = lane.OpenLocks - 1 });
        state.PutOpenLocks(
            chainId, locked.From, session.Read.BridgeOpenLocks(chainId, locked.From) - 1);
        if (locked.Status == BridgeLockStatus.Waiting)
        {
            state.Overlay.Remove(
                state.Overlay.TryGet(StateKeys.BridgeQueue(chainId, nonce), out _)
                    ? StateKeys.BridgeQueue(chainId, nonce)
                    : StateKeys.BridgeDelayed(chainId, locked.ReadyAt, nonce));
        }

        // Votes that did not get there: a lock can end without them.
        state.PutVotes(
            chainId, new BridgeSubject(BridgeSubjectKind.Outcome, nonce, default),
            new BridgeVoteState(0, []));

        BridgeMessages.CloseItem(session, chainId, locked.MintId);
        BridgeMessages.CloseItem(session, chainId, locked.VoidId);
        state.PutLock(chainId, nonce, locked with { Status = status, Place = place });
        session.Emit(new BridgeLockClosed(chainId, nonce, status, place));
    }

    /// <summary>Writes a lock, which waits for a message: at once, or from its moment on.</summary>
    private static void Wait(
        Session session, BridgeLaneState lane, BridgeDelay delay, LockForBridge operation, ulong nonce)
    {
        ulong chainId = lane.Terms.ChainId;
        var locked = new BridgeLockState(
            operation.Asset, session.Sender, operation.Recipient, operation.Amount, session.Now,
            operation.Amount > delay.Above ? session.Now.Plus(delay.Ms) : session.Now,
            (session.Now.Value + lane.Terms.LockLifetimeMs) / 1_000, BridgeLockStatus.Waiting, MintId: 0,
            VoidId: 0, Place: default);
        session.State.PutLock(chainId, nonce, locked);
        if (locked.ReadyAt > session.Now)
        {
            session.State.PutDelayed(chainId, nonce, locked);
        }
        else
        {
            session.State.PutQueued(chainId, nonce, operation.Asset);
        }
    }

    private static Rejection? CheckCounts(BridgeLaneState lane, Address account, uint own)
    {
        ulong chainId = lane.Terms.ChainId;
        return lane.OpenLocks >= Limits.BridgeOpenLocks
            ? new Rejection(
                RejectionCode.BridgeLimit,
                $"{lane.OpenLocks} locks of lane {chainId} have no end yet, the most that there may be.")
            : own >= Limits.BridgeOpenLocksPerAccount
            ? new Rejection(
                RejectionCode.BridgeLimit,
                $"{own} locks of {account} on lane {chainId} have no end yet, the most of one account.")
            : null;
    }

    private static Rejection? CheckQuota(
        AssetId asset, Amount amount, BridgeTokenState token, BridgeBucket bucket)
    {
        BridgeQuota quota = token.Quota;
        if (amount > quota.PerItem)
        {
            return new Rejection(
                RejectionCode.BridgeItemLimit,
                $"{amount} is over {quota.PerItem}, the most of {asset} in one lock.");
        }

        if (amount < quota.Least)
        {
            return new Rejection(
                RejectionCode.BridgeItemLimit,
                $"{amount} is under {quota.Least}, the least of {asset} in one lock.");
        }

        if (!token.InEscrow.TryAdd(amount, out Amount sum) || sum > quota.Ceiling)
        {
            return new Rejection(
                RejectionCode.BridgeCeiling,
                $"{token.InEscrow} of {asset} are locked; with {amount} it would be over {quota.Ceiling}.");
        }

        if (!token.Locked.TryAdd(amount, out _))
        {
            return new Rejection(
                RejectionCode.Overflow, $"{token.Locked} of {asset} were ever locked; {amount} do not fit.");
        }

        Amount available = BridgeBuckets.Available(bucket);
        return amount <= available
            ? null
            : new Rejection(
                RejectionCode.BridgeLimit,
                $"{available} of {asset} may be locked now; {quota.Outbound.PerSecond} more each second, up "
                + $"to {quota.Outbound.Capacity}.");
    }
}
