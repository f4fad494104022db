// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <content>Rows of the bridge.</content>
internal sealed partial class LedgerState
{
    public void PutLane(BridgeLaneState lane) =>
        Overlay.Put(StateKeys.BridgeLane(lane.Terms.ChainId), Encode(lane, BridgeCodec.WriteLane));

    public void PutToken(ulong chainId, in AssetId asset, BridgeTokenState token) =>
        Overlay.Put(StateKeys.BridgeToken(chainId, asset), Encode(token, BridgeCodec.WriteToken));

    public void PutTokenAsset(ulong chainId, in Address token, in AssetId asset) =>
        Overlay.Put(StateKeys.BridgeTokenAsset(chainId, token), Encode(asset, BridgeCodec.WriteAsset));

    public void PutLock(ulong chainId, ulong nonce, BridgeLockState locked) =>
        Overlay.Put(StateKeys.BridgeLock(chainId, nonce), Encode(locked, BridgeCodec.WriteLock));

    public void PutQueued(ulong chainId, ulong nonce, in AssetId asset) =>
        Overlay.Put(StateKeys.BridgeQueue(chainId, nonce), Encode(asset, BridgeCodec.WriteAsset));

    public void PutDelayed(ulong chainId, ulong nonce, BridgeLockState locked) => Overlay.Put(
        StateKeys.BridgeDelayed(chainId, locked.ReadyAt, nonce),
        Encode(locked.Asset, BridgeCodec.WriteAsset));

    /// <summary>Writes how many of an account's locks have no end; without any there is no row.</summary>
    public void PutOpenLocks(ulong chainId, in Address account, uint count)
    {
        byte[] key = StateKeys.BridgeOwner(chainId, account);
        if (count == 0)
        {
            Overlay.Remove(key);
        }
        else
        {
            Overlay.Put(key, Encode(count, BridgeCodec.WriteCount));
        }
    }

    public void PutOutstanding(ulong chainId, in AssetId asset, ulong nonce, Amount amount) =>
        Overlay.Put(
            StateKeys.BridgeOutstanding(chainId, asset, nonce), Encode(amount, StateCodec.WriteAmount));

    /// <summary>Writes a message, and keeps the list of the open ones.</summary>
    public void PutMessage(ulong chainId, ulong id, BridgeMessageState message)
    {
        Overlay.Put(StateKeys.BridgeMessage(chainId, id), Encode(message, BridgeCodec.WriteMessage));
        byte[] open = StateKeys.BridgeOpenMessage(chainId, id);
        if (message.Open == 0)
        {
            Overlay.Remove(open);
        }
        else if (!Overlay.TryGet(open, out _))
        {
            Overlay.Put(open, []);
        }
    }

    /// <summary>Writes votes; without a ballot there is no row.</summary>
    public void PutVotes(ulong chainId, in BridgeSubject subject, BridgeVoteState votes)
    {
        byte[] key = StateKeys.BridgeVote(chainId, subject);
        if (!votes.Ballots.IsEmpty)
        {
            Overlay.Put(key, Encode(votes, BridgeCodec.WriteVotes));
        }
        else if (Overlay.TryGet(key, out _))
        {
            Overlay.Remove(key);
        }
    }

    /// <summary>Writes a burn, and keeps the list of the suspended ones.</summary>
    public void PutBurn(ulong chainId, BridgeBurnState burn)
    {
        ulong nonce = burn.Seen.Nonce;
        Overlay.Put(StateKeys.BridgeBurn(chainId, nonce), Encode(burn, BridgeCodec.WriteBurn));
        byte[] suspended = StateKeys.BridgeSuspended(chainId, nonce);
        if (burn.Status == BridgeBurnStatus.Suspended)
        {
            Overlay.Put(suspended, []);
        }
        else if (Overlay.TryGet(suspended, out _))
        {
            Overlay.Remove(suspended);
        }
    }
}
