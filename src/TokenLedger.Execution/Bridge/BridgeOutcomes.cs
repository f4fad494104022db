// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution.Bridge;

/// <summary>What follows from a fact abroad that the signers agreed on.</summary>
internal static class BridgeOutcomes
{
    public static void Decide(Session session, BridgeLaneState lane, BridgeObservation fact)
    {
        ulong chainId = lane.Terms.ChainId;

        // An alarm's block is its last voter's alone.
        if (fact is not MismatchObserved && fact.SeenAt > lane.RemoteBlock)
        {
            lane = lane with { RemoteBlock = fact.SeenAt };
            session.State.PutLane(lane);
        }

        switch (fact)
        {
            case BurnObserved o:
                Burn(session, lane, o);
                break;
            case MintObserved o:
                End(session, lane, o.Nonce, BridgeLockStatus.Minted, o.Place);
                break;
            case VoidObserved or ExpiryObserved:
                End(session, lane, fact.Subject.Number, BridgeLockStatus.Refunded, default);
                break;
            case RotationObserved o:
                Rotate(session, lane, o);
                break;
            case SupplyObserved o:
                AssetId asset = session.Read.BridgeTokenAsset(chainId, o.Token)!.Value;
                BridgeTokenState token = session.Read.BridgeToken(chainId, asset)!;
                session.State.PutToken(chainId, asset, token with
                {
                    Report = new BridgeReport(o.Supply, o.Burns, o.Place, session.Block.Height),
                });
                session.Emit(new BridgeSupplyAgreed(chainId, asset, o.Supply, o.Burns, o.Place));
                break;
            case MismatchObserved o:
                BridgeLanes.SetStops(
                    session, lane, lane.Stops | BridgeStops.Halted,
                    $"The backing of {o.Token} does not add up at block {o.Place.Number}: {o.Locked} are "
                    + $"locked, {o.Explained} explained.");
                break;
            default:
                Invariant.Broken($"{fact.GetType().Name} has no consequence");
                break;
        }
    }

    /// <summary>Releases a suspended burn whose hindrance is gone.</summary>
    public static Rejection? Retry(Session session, RetryBridgeRelease operation)
    {
        (ulong chainId, ulong nonce) = (operation.ChainId, operation.BurnNonce);
        return Suspended(session, chainId, nonce, out BridgeLaneState lane, out BridgeBurnState burn)
            ?? (BridgeRecipient.TryRead(burn.Seen.Recipient, out Address to, out ulong tag)
                ? Release(session, lane, burn, to, tag)
                : Unreadable(nonce));
    }

    /// <summary>Releases a suspended burn to whom the officers name.</summary>
    public static Rejection? Redirect(Session session, RedirectBridgeRelease operation) =>
        Suspended(
            session, operation.ChainId, operation.BurnNonce, out BridgeLaneState lane,
            out BridgeBurnState burn)
        ?? Release(session, lane, burn, operation.To, tag: 0);

    private static Rejection? Suspended(
        Session session, ulong chainId, ulong nonce, out BridgeLaneState lane, out BridgeBurnState burn)
    {
        (lane, burn) = (null!, null!);
        if (session.Read.BridgeLane(chainId) is not { } found)
        {
            return BridgeLanes.UnknownLane(chainId);
        }

#if PLANTED
        if (Planted.Is(PlantedBug.BridgeBurnReleasedTwice)
            && session.Read.BridgeBurn(chainId, nonce) is { Status: BridgeBurnStatus.Released } again)
        { (lane, burn) = (found, again); return null; }
#endif
        if (session.Read.BridgeBurn(chainId, nonce) is not { Status: BridgeBurnStatus.Suspended } suspended)
        {
            return new Rejection(
                RejectionCode.BridgeBurnUnknown, $"Lane {chainId} has no suspended burn {nonce}.");
        }

        (lane, burn) = (found, Count(session, chainId, suspended));
        return null;
    }

    private static void End(
        Session session, BridgeLaneState lane, ulong nonce, BridgeLockStatus status, BridgePlace place)
    {
        ulong chainId = lane.Terms.ChainId;
        BridgeLocks.Close(
            session, chainId, nonce, session.Read.BridgeLock(chainId, nonce)!, status, place);
    }

    /// <summary>
    /// The set abroad is the one that was asked for, or the lane halts: no signature of the present set
    /// counts there any more. Officers ask for the set that stands there, and resume; it is observed
    /// again.
    /// </summary>
    private static void Rotate(Session session, BridgeLaneState lane, RotationObserved seen)
    {
        ulong chainId = lane.Terms.ChainId;
        if (session.Read.BridgeMessage(chainId, lane.Rotation) is not { } message
            || BridgeSignerKeys.Hash(message.Signers) != seen.Signers)
        {
            session.State.PutVotes(chainId, seen.Subject, new BridgeVoteState(0, []));
            BridgeLanes.SetStops(
                session, lane, lane.Stops | BridgeStops.Halted,
                $"Signers stand abroad since block {seen.Place.Number}, epoch {seen.Epoch}, that were not "
                + "asked for.");
            return;
        }

        BridgeMessages.CloseItem(session, chainId, lane.Rotation);
        lane = lane with
        {
            Terms = lane.Terms with { Signers = message.Signers },
            Epoch = lane.Epoch + 1,
            Term = lane.Term + 1,
            Rotation = 0,
        };
        session.State.PutLane(lane);
        session.Emit(new BridgeSignersSet(chainId, lane.Epoch, lane.Signers.Length));
    }

    /// <summary>Burns take effect strictly in the order of their nonces.</summary>
    private static void Burn(Session session, BridgeLaneState lane, BurnObserved seen)
    {
        ulong chainId = lane.Terms.ChainId;
        session.State.PutBurn(
            chainId, new BridgeBurnState(seen, default, BridgeBurnStatus.Waiting, 0, default));
        while (session.Read.BridgeBurn(chainId, lane.NextBurn) is { Status: BridgeBurnStatus.Waiting } next)
        {
            lane = lane with { NextBurn = lane.NextBurn + 1 };
            session.State.PutLane(lane);
            Arrive(session, lane, next);
            lane = session.Read.BridgeLane(chainId)!;
        }
    }

    /// <summary>A burn's turn: it is released, or suspended with the reason; never dropped.</summary>
    private static void Arrive(Session session, BridgeLaneState lane, BridgeBurnState burn)
    {
        ulong chainId = lane.Terms.ChainId;
        BurnObserved seen = burn.Seen;
        burn = Count(session, chainId, burn);
        Rejection? hindrance = BridgeRecipient.TryRead(seen.Recipient, out Address to, out ulong tag)
            ? Release(session, lane, burn, to, tag)
            : Unreadable(seen.Nonce);
        if (hindrance is null)
        {
            return;
        }

        session.State.PutBurn(
            chainId, burn with { Status = BridgeBurnStatus.Suspended, Hindrance = hindrance.Code });
        session.Emit(new BridgeSuspended(chainId, seen.Nonce, hindrance.Code));
        Amount held = burn.Asset == default
            ? seen.Amount
            : session.Read.BridgeToken(chainId, burn.Asset)!.InEscrow;
        if (seen.Amount > held && (lane.Stops & BridgeStops.Halted) == 0)
        {
            // No mint can have made these, not even one that the ledger is yet to hear of.
            BridgeLanes.SetStops(
                session, lane, lane.Stops | BridgeStops.Halted,
                $"{seen.Amount} of {burn.Asset} were burned; the escrow holds {held}.");
        }
    }

    /// <summary>Adds a burn to its asset's books, once: a token can be joined after its burn.</summary>
    private static BridgeBurnState Count(Session session, ulong chainId, BridgeBurnState burn)
    {
        if (burn.Asset != default
            || session.Read.BridgeTokenAsset(chainId, burn.Seen.Token) is not { } asset)
        {
            return burn;
        }

        // A sum over 128 bits is a token that lies; the burn itself is over the escrow then, and stays.
        BridgeTokenState token = session.Read.BridgeToken(chainId, asset)!;
        Amount burned = token.Burned.TryAdd(burn.Seen.Amount, out Amount sum)
            ? sum
            : new Amount(UInt128.MaxValue);
        session.State.PutToken(chainId, asset, token with { Burned = burned });
        return burn with { Asset = asset };
    }

    private static Rejection? Release(
        Session session, BridgeLaneState lane, BridgeBurnState burn, Address to, ulong tag)
    {
        ulong chainId = lane.Terms.ChainId;
        (ulong nonce, Amount amount) = (burn.Seen.Nonce, burn.Seen.Amount);
        if ((lane.Stops & (BridgeStops.Releases | BridgeStops.Halted)) != 0)
        {
            return new Rejection(
                RejectionCode.BridgePaused, $"Nothing is released on lane {chainId} until officers resume.");
        }

        if (burn.Asset == default)
        {
            return new Rejection(
                RejectionCode.BridgeTokenUnknown, $"{burn.Seen.Token} is no token of lane {chainId}.");
        }

        BridgeTokenState token = session.Read.BridgeToken(chainId, burn.Asset)!;
        if (!token.Released.TryAdd(amount, out Amount released) || released > token.Minted)
        {
            // What is locked and not minted is its owners': they may have it back at any time.
            return new Rejection(
                RejectionCode.BridgeBacking,
                $"{amount} of {burn.Asset} were burned; of {token.Minted} minted {token.Released} came back "
                + "before.");
        }

        if (session.State.Asset(burn.Asset)!.Paused)
        {
            return new Rejection(RejectionCode.AssetPaused, $"{burn.Asset} is paused.");
        }

        BridgeBucket bucket = BridgeBuckets.Refill(token.Inbound, token.Quota.Inbound, session.Now);
        Rejection? rejection = TransferRules.CheckReceiver(session.Read, to, tag);
        if (rejection is null && !BridgeBuckets.TryTake(ref bucket, amount))
        {
            rejection = new Rejection(
                RejectionCode.BridgeLimit,
                $"{BridgeBuckets.Available(bucket)} of {burn.Asset} may be released now, not {amount}.");
        }

        rejection ??= TransferRules.Move(session, burn.Asset, BridgeEscrow.Of(chainId), to, amount, tag);
        if (rejection is not null)
        {
            return rejection;
        }

        session.State.PutToken(
            chainId, burn.Asset, token with { Inbound = bucket, Released = released });
        session.State.PutBurn(
            chainId, burn with { Status = BridgeBurnStatus.Released, Hindrance = 0, To = to });
        session.Emit(new BridgeReleased(chainId, nonce, burn.Asset, to, tag, amount));
        return null;
    }

    private static Rejection Unreadable(ulong nonce) => new(
        RejectionCode.InvalidField,
        $"Burn {nonce} names no account: 20 bytes of account, 8 of tag, 4 of zero. Officers decide.");
}
