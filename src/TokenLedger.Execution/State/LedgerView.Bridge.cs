// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <content>Rows of the bridge.</content>
public sealed partial class LedgerView
{
    /// <summary>A lane; null when there is none.</summary>
    public BridgeLaneState? BridgeLane(ulong chainId) =>
        Read(StateKeys.BridgeLane(chainId), BridgeCodec.ReadLane);

    /// <summary>An asset on a lane; null when it is not joined.</summary>
    public BridgeTokenState? BridgeToken(ulong chainId, AssetId asset) =>
        Read(StateKeys.BridgeToken(chainId, asset), BridgeCodec.ReadToken);

    /// <summary>Which asset a token stands for; null when it is not joined.</summary>
    public AssetId? BridgeTokenAsset(ulong chainId, Address token) =>
        _state.TryGet(StateKeys.BridgeTokenAsset(chainId, token), out ReadOnlyMemory<byte> value)
            ? StateCodec.Decode(value.Span, BridgeCodec.ReadAsset)
            : null;

    /// <summary>How many of an account's locks have no end.</summary>
    public uint BridgeOpenLocks(ulong chainId, Address account) =>
        _state.TryGet(StateKeys.BridgeOwner(chainId, account), out ReadOnlyMemory<byte> value)
            ? StateCodec.Decode(value.Span, BridgeCodec.ReadCount)
            : 0;

    /// <summary>A lock; null when there is none.</summary>
    public BridgeLockState? BridgeLock(ulong chainId, ulong nonce) =>
        Read(StateKeys.BridgeLock(chainId, nonce), BridgeCodec.ReadLock);

    /// <summary>A message; null when there is none.</summary>
    public BridgeMessageState? BridgeMessage(ulong chainId, ulong id) =>
        Read(StateKeys.BridgeMessage(chainId, id), BridgeCodec.ReadMessage);

    /// <summary>Votes on a subject that is not decided; null when there are none.</summary>
    public BridgeVoteState? BridgeVotes(ulong chainId, BridgeSubject subject) =>
        Read(StateKeys.BridgeVote(chainId, subject), BridgeCodec.ReadVotes);

    /// <summary>A burn; null while the ledger does not know of it.</summary>
    public BridgeBurnState? BridgeBurn(ulong chainId, ulong nonce) =>
        Read(StateKeys.BridgeBurn(chainId, nonce), BridgeCodec.ReadBurn);
}
