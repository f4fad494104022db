// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;

namespace TokenLedger.Bridge.Ledger;

/// <summary>
/// A lane in one final state of the ledger: what is under way, in full, and a look at the rest. As
/// short-lived as the state beneath.
/// </summary>
public sealed class LaneView
{
    private readonly IStateView _state;

    private LaneView(IStateView state, Height height, TimestampMs time, BridgeLaneState lane)
    {
        (_state, Height, Time, Lane) = (state, height, time, lane);
        ChainId = lane.Terms.ChainId;
        Tokens = ReadTokens();
        Outstanding = ReadOutstanding();
        Messages = ReadMessages();
        Suspended = ReadSuspended();
    }

    /// <summary>The final block of the ledger.</summary>
    public Height Height { get; }

    /// <summary>That block's time.</summary>
    public TimestampMs Time { get; }

    /// <summary>The lane's chain.</summary>
    public ulong ChainId { get; }

    /// <summary>The lane.</summary>
    public BridgeLaneState Lane { get; }

    /// <summary>The joined assets.</summary>
    public ImmutableSortedDictionary<AssetId, BridgeTokenState> Tokens { get; }

    /// <summary>Locks without an end, by nonce.</summary>
    public ImmutableSortedDictionary<ulong, BridgeLockState> Outstanding { get; }

    /// <summary>Messages of which something is open, by id.</summary>
    public ImmutableSortedDictionary<ulong, BridgeMessageState> Messages { get; }

    /// <summary>Burns that are suspended, by nonce.</summary>
    public ImmutableSortedDictionary<ulong, BridgeBurnState> Suspended { get; }

    /// <summary>Reads a lane.</summary>
    /// <returns>Null when the ledger has no such lane.</returns>
    public static LaneView? Read(IStateView state, Height height, TimestampMs time, ulong chainId)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.TryGet(StateKeys.BridgeLane(chainId), out ReadOnlyMemory<byte> value)
            ? new LaneView(state, height, time, StateCodec.Decode(value.Span, BridgeCodec.ReadLane))
            : null;
    }

    /// <summary>A burn that the ledger knows of; null for another.</summary>
    public BridgeBurnState? Burn(ulong nonce) =>
        _state.TryGet(StateKeys.BridgeBurn(ChainId, nonce), out ReadOnlyMemory<byte> value)
            ? StateCodec.Decode(value.Span, BridgeCodec.ReadBurn)
            : null;

    /// <summary>True when the signer with this index has voted on an observation's subject, and of reports
    /// on its block.</summary>
    public bool HasVoted(BridgeObservation observation, int signer)
    {
        ArgumentNullException.ThrowIfNull(observation);
        if (!_state.TryGet(StateKeys.BridgeVote(ChainId, observation.Subject),
            out ReadOnlyMemory<byte> value))
        {
            return false;
        }

        BridgeVoteState votes = StateCodec.Decode(value.Span, BridgeCodec.ReadVotes);
        return votes.Term == Lane.Term
            && votes.Ballots.Any(ballot =>
                ballot.Block == observation.Block && (ballot.Voters >> signer & 1) != 0);
    }

    private ImmutableSortedDictionary<AssetId, BridgeTokenState> ReadTokens()
    {
        var tokens = ImmutableSortedDictionary.CreateBuilder<AssetId, BridgeTokenState>();
        Each(Table.BridgeToken, (key, value) =>
        {
            bool read = AssetId.TryRead(key.Slice(9, AssetId.Size), out AssetId asset);
            Invariant.Require(read, "a key of the state holds a well-formed symbol");
            tokens.Add(asset, StateCodec.Decode(value, BridgeCodec.ReadToken));
        });
        return tokens.ToImmutable();
    }

    private ImmutableSortedDictionary<ulong, BridgeLockState> ReadOutstanding()
    {
        var locks = ImmutableSortedDictionary.CreateBuilder<ulong, BridgeLockState>();
        Each(Table.BridgeOutstanding, (key, _) =>
        {
            ulong nonce = BinaryPrimitives.ReadUInt64BigEndian(key[(9 + AssetId.Size)..]);
            locks.Add(nonce, Required(StateKeys.BridgeLock(ChainId, nonce), BridgeCodec.ReadLock));
        });
        return locks.ToImmutable();
    }

    private ImmutableSortedDictionary<ulong, BridgeMessageState> ReadMessages()
    {
        var messages = ImmutableSortedDictionary.CreateBuilder<ulong, BridgeMessageState>();
        Each(Table.BridgeOpenMessage, (key, _) =>
        {
            ulong id = BinaryPrimitives.ReadUInt64BigEndian(key[9..]);
            messages.Add(id, Required(StateKeys.BridgeMessage(ChainId, id), BridgeCodec.ReadMessage));
        });
        return messages.ToImmutable();
    }

    private ImmutableSortedDictionary<ulong, BridgeBurnState> ReadSuspended()
    {
        var burns = ImmutableSortedDictionary.CreateBuilder<ulong, BridgeBurnState>();
        Each(Table.BridgeSuspended, (key, _) =>
        {
            ulong nonce = BinaryPrimitives.ReadUInt64BigEndian(key[9..]);
            burns.Add(nonce, Required(StateKeys.BridgeBurn(ChainId, nonce), BridgeCodec.ReadBurn));
        });
        return burns.ToImmutable();
    }

    private T Required<T>(byte[] key, TokenLedger.Core.Codec.CanonicalRead<T> read)
    {
        bool there = _state.TryGet(key, out ReadOnlyMemory<byte> value);
        Invariant.Require(there, "what a list of the bridge names is there");
        return StateCodec.Decode(value.Span, read);
    }

    private void Each(Table table, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit)
    {
        (byte[] from, byte[] to) = StateKeys.BridgeRows(table, ChainId);
        StateRows.Each(_state, from, to, visit);
    }
}
