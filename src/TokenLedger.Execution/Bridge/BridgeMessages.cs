// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution.Bridge;

/// <summary>Messages to the contracts abroad: what stands in them, and who signed.</summary>
internal static class BridgeMessages
{
    /// <summary>Gives a message the lane's next id, and writes both.</summary>
    public static void Open(Session session, BridgeLaneState lane, BridgeMessageState message)
    {
        ulong chainId = lane.Terms.ChainId;
        session.State.PutMessage(chainId, lane.NextMessage, message);
        session.State.PutLane(lane with { NextMessage = lane.NextMessage + 1 });
        session.Emit(new BridgeMessageOpened(chainId, lane.NextMessage, message.Kind));
    }

    /// <summary>One item of a message came to its end; id 0 is no message.</summary>
    public static void CloseItem(Session session, ulong chainId, ulong id)
    {
        if (id != 0)
        {
            BridgeMessageState message = session.Read.BridgeMessage(chainId, id)!;
            Invariant.Require(message.Open > 0, "an item of a message ends once");
            session.State.PutMessage(chainId, id, message with { Open = (ushort)(message.Open - 1) });
        }
    }

    /// <summary>
    /// Keeps a signer's signature. One of an earlier term gives way: a message is signed anew by the set
    /// that stands abroad, with the same nonces.
    /// </summary>
    public static Rejection? Attest(Session session, AttestBridge operation)
    {
        (ulong chainId, ulong id) = (operation.ChainId, operation.MessageId);
        if (session.Read.BridgeLane(chainId) is not { } lane)
        {
            return BridgeLanes.UnknownLane(chainId);
        }

        int signer = lane.IndexOf(session.Sender);
        if (signer < 0)
        {
            return NotSigner(session.Sender, chainId);
        }

        if (session.Read.BridgeMessage(chainId, id) is not { } message)
        {
            return new Rejection(
                RejectionCode.BridgeMessageUnknown, $"Lane {chainId} has no message {id}.");
        }

        if (message.Open == 0)
        {
            return new Rejection(
                RejectionCode.BridgeMessageClosed, $"Nothing of message {id} is open any more.");
        }

        if (message.Kind == BridgeMessageKind.Mint && LocksStand(lane))
        {
            return new Rejection(
                RejectionCode.BridgePaused, $"No mint is signed for chain {chainId} until officers resume.");
        }

        if (operation.Epoch != lane.Epoch)
        {
            return new Rejection(
                RejectionCode.BridgeEpoch,
                $"The signature is of epoch {operation.Epoch}; the signers' epoch is {lane.Epoch}.");
        }

        ImmutableArray<BridgeSignature> signatures =
            message.Term == lane.Term ? message.Signatures : [];
        int place = 0;
        while (place < signatures.Length && signatures[place].Signer < signer)
        {
            place++;
        }

        if (place < signatures.Length && signatures[place].Signer == signer)
        {
            return new Rejection(
                RejectionCode.BridgeAlreadyAttested, $"{session.Sender} has signed message {id} already.");
        }

        session.State.PutMessage(chainId, id, message with
        {
            Epoch = lane.Epoch,
            Term = lane.Term,
            Signatures =
                signatures.Insert(place, new BridgeSignature((byte)signer, operation.Signature)),
        });
        return null;
    }

    /// <summary>
    /// Puts waiting locks into messages: those of one token once they fill one or the first has waited long
    /// enough. A lock with less than a quarter of its life left, of an account that is frozen, or of an asset
    /// that is paused, goes back instead. The block's own work, bounded.
    /// </summary>
    public static void Gather(Session session)
    {
        byte[] from = [(byte)Table.BridgeLane];
        byte[] to = [(byte)Table.BridgeLane + 1];
        foreach (StateEntry entry in session.State.Overlay.Range(from, to, Limits.BridgeLanes))
        {
            BridgeLaneState lane = StateCodec.Decode(entry.Value.Span, BridgeCodec.ReadLane);
            if (!LocksStand(lane))
            {
                EnqueueReady(session, lane.Terms.ChainId);
                Gather(session, lane.Terms.ChainId);
            }
        }
    }

    /// <summary>True while nothing may leave for the other chain.</summary>
    public static bool LocksStand(BridgeLaneState lane) =>
        (lane.Stops & (BridgeStops.Locks | BridgeStops.Halted)) != 0;

    public static Rejection NotSigner(Address sender, ulong chainId) =>
        new(RejectionCode.BridgeNotSigner, $"{sender} is no signer of lane {chainId}.");

    /// <summary>Large locks whose moment has come; as many as a block may gather.</summary>
    private static void EnqueueReady(Session session, ulong chainId)
    {
        (byte[] from, _) = StateKeys.BridgeRows(Table.BridgeDelayed, chainId);
        byte[] to = StateKeys.BridgeDelayed(chainId, session.Now.Plus(1), nonce: 0);
        foreach (StateEntry entry in session.State.Overlay.Range(from, to, Limits.BridgeQueueRows))
        {
            session.State.Overlay.Remove(entry.Key.ToArray());
            session.State.PutQueued(
                chainId, StateKeyReader.BridgeDelayed(entry.Key.Span),
                StateCodec.Decode(entry.Value.Span, BridgeCodec.ReadAsset));
        }
    }

    /// <summary>
    /// The oldest rows, whatever their asset: those of one asset cannot keep another's from their turn.
    /// </summary>
    private static void Gather(Session session, ulong chainId)
    {
        (byte[] from, byte[] to) = StateKeys.BridgeRows(Table.BridgeQueue, chainId);
        var groups = new SortedDictionary<AssetId, List<ulong>>();
        foreach (StateEntry entry in session.State.Overlay.Range(from, to, Limits.BridgeQueueRows))
        {
            AssetId asset = StateCodec.Decode(entry.Value.Span, BridgeCodec.ReadAsset);
            if (!groups.TryGetValue(asset, out List<ulong>? group))
            {
                groups.Add(asset, group = []);
            }

            group.Add(StateKeyReader.BridgeNumber(entry.Key.Span));
            if (group.Count == Limits.BridgeItemsPerMessage)
            {
                Close(session, chainId, asset, group);
                group.Clear();
            }
        }

        foreach ((AssetId asset, List<ulong> group) in groups)
        {
            Close(session, chainId, asset, group);
        }
    }

    /// <summary>A message lives as long as its shortest-lived lock: one that has waited for nearly all of its
    /// life would take the others' with it.</summary>
    private static ulong LeastLifeSeconds(BridgeLaneState lane) => lane.Terms.LockLifetimeMs / 1_000 / 4;

    private static void Close(Session session, ulong chainId, AssetId asset, List<ulong> group)
    {
        BridgeLaneState lane = session.Read.BridgeLane(chainId)!;
        bool due = group.Count == Limits.BridgeItemsPerMessage
            || (group.Count > 0 && session.Now.Since(session.Read.BridgeLock(chainId, group[0])!.ReadyAt)
                >= lane.Terms.GatherMs);
        if (!due)
        {
            return;
        }

        var items = ImmutableArray.CreateBuilder<BridgeItem>(group.Count);
        ulong deadline = ulong.MaxValue;
        foreach (ulong nonce in group)
        {
            BridgeLockState locked = session.Read.BridgeLock(chainId, nonce)!;
            if (locked.DeadlineSeconds <= (session.Now.Value / 1_000) + LeastLifeSeconds(lane)
                || session.State.Asset(asset)!.Paused
                || TransferRules.CheckSender(session.State, locked.From) is not null)
            {
                BridgeLocks.Close(session, chainId, nonce, locked, BridgeLockStatus.Refunded, default);
                continue;
            }

            items.Add(new BridgeItem(nonce, locked.Recipient, locked.Amount));
            deadline = Math.Min(deadline, locked.DeadlineSeconds);
            session.State.Overlay.Remove(StateKeys.BridgeQueue(chainId, nonce));
            session.State.PutLock(chainId, nonce, locked with
            {
                Status = BridgeLockStatus.Signing,
                MintId = lane.NextMessage,
            });
        }

        if (items.Count > 0)
        {
            // As they are now: a refund above has changed both.
            BridgeTokenState token = session.Read.BridgeToken(chainId, asset)!;
            lane = session.Read.BridgeLane(chainId)!;
            Open(session, lane, new BridgeMessageState(
                BridgeMessageKind.Mint, lane.Epoch, lane.Term, token.Token, token.Locked, deadline,
                items.ToImmutable(), [], (ushort)items.Count, []));
        }
    }
}
