// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.State;

/// <summary>
/// Tables of the state: the first byte of every key. Everything that influences the next block is in one of
/// them, so that the state root covers it. Values are part of the format.
/// </summary>
public enum Table : byte
{
    /// <summary>Singletons, by <see cref="MetaKey"/>.</summary>
    Meta = 0x01,

    /// <summary>address → <see cref="AccountState"/>.</summary>
    Account = 0x10,

    /// <summary>account ‖ asset → amount; absent when zero.</summary>
    Balance = 0x11,

    /// <summary>sender ‖ lane → the next nonce.</summary>
    Nonce = 0x12,

    /// <summary>sender ‖ request id → <see cref="RequestState"/>.</summary>
    Request = 0x13,

    /// <summary>valid until ‖ sender ‖ request id → nothing: which requests to forget when.</summary>
    RequestExpiry = 0x14,

    /// <summary>asset → <see cref="AssetState"/>.</summary>
    Asset = 0x20,

    /// <summary>asset → outstanding amount.</summary>
    Supply = 0x21,

    /// <summary>asset ‖ index → document.</summary>
    Document = 0x22,

    /// <summary>institution → <see cref="InstitutionState"/>.</summary>
    Institution = 0x30,

    /// <summary>officer → <see cref="OfficerState"/>.</summary>
    Officer = 0x31,

    /// <summary>kind of operation → <see cref="ApprovalPolicy"/>.</summary>
    Policy = 0x32,

    /// <summary>id → <see cref="ProposalState"/>.</summary>
    Proposal = 0x33,

    /// <summary>moment ‖ proposal id → nothing: which proposals take effect when.</summary>
    Schedule = 0x34,

    /// <summary>chain → <see cref="Bridge.BridgeLaneState"/>.</summary>
    BridgeLane = 0x40,

    /// <summary>chain ‖ asset → <see cref="Bridge.BridgeTokenState"/>.</summary>
    BridgeToken = 0x41,

    /// <summary>chain ‖ token → asset.</summary>
    BridgeTokenAsset = 0x42,

    /// <summary>chain ‖ nonce → <see cref="Bridge.BridgeLockState"/>.</summary>
    BridgeLock = 0x43,

    /// <summary>chain ‖ nonce → asset: locks that stand in no message, the oldest first.</summary>
    BridgeQueue = 0x44,

    /// <summary>chain ‖ asset ‖ nonce → amount: locks without an end.</summary>
    BridgeOutstanding = 0x45,

    /// <summary>chain ‖ message → <see cref="Bridge.BridgeMessageState"/>.</summary>
    BridgeMessage = 0x46,

    /// <summary>chain ‖ message → nothing: messages of which something is open.</summary>
    BridgeOpenMessage = 0x47,

    /// <summary>chain ‖ kind ‖ number ‖ token → <see cref="Bridge.BridgeVoteState"/>, until
    /// decided.</summary>
    BridgeVote = 0x48,

    /// <summary>chain ‖ burn → <see cref="Bridge.BridgeBurnState"/>.</summary>
    BridgeBurn = 0x49,

    /// <summary>chain ‖ burn → nothing: burns that are suspended.</summary>
    BridgeSuspended = 0x4A,

    /// <summary>chain ‖ moment ‖ nonce → asset: locks that wait for their moment.</summary>
    BridgeDelayed = 0x4B,

    /// <summary>chain ‖ account → count: how many of an account's locks have no end.</summary>
    BridgeOwner = 0x4C,
}

/// <summary>Keys of <see cref="Table.Meta"/>.</summary>
public enum MetaKey : byte
{
    /// <summary>The id that the next proposal gets: 64 bits.</summary>
    NextProposal = 1,
}

/// <summary>
/// Keys of the state, table byte first. Integers are big-endian, so that order in a table is numeric.
/// </summary>
public static partial class StateKeys
{
    /// <summary>A singleton.</summary>
    public static byte[] Meta(MetaKey key) => [(byte)Table.Meta, (byte)key];

    /// <summary>An account.</summary>
    public static byte[] Account(in Address address) => Of(Table.Account, address);

    /// <summary>An account's units of an asset.</summary>
    public static byte[] Balance(in Address account, in AssetId asset)
    {
        byte[] key = new byte[1 + Address.Size + AssetId.Size];
        key[0] = (byte)Table.Balance;
        account.CopyTo(key.AsSpan(1));
        asset.CopyTo(key.AsSpan(1 + Address.Size));
        return key;
    }

    /// <summary>The next nonce of a sender's lane.</summary>
    public static byte[] Nonce(in Address sender, uint lane)
    {
        byte[] key = new byte[1 + Address.Size + 4];
        key[0] = (byte)Table.Nonce;
        sender.CopyTo(key.AsSpan(1));
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1 + Address.Size), lane);
        return key;
    }

    /// <summary>A sender's request.</summary>
    public static byte[] Request(in Address sender, RequestId id)
    {
        byte[] key = new byte[1 + Address.Size + Limits.RequestIdBytes];
        key[0] = (byte)Table.Request;
        sender.CopyTo(key.AsSpan(1));
        BinaryPrimitives.WriteUInt128BigEndian(key.AsSpan(1 + Address.Size), id.Value);
        return key;
    }

    /// <summary>When to forget a request.</summary>
    public static byte[] RequestExpiry(TimestampMs validUntil, in Address sender, RequestId id)
    {
        byte[] key = new byte[1 + 8 + Address.Size + Limits.RequestIdBytes];
        key[0] = (byte)Table.RequestExpiry;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), validUntil.Value);
        sender.CopyTo(key.AsSpan(9));
        BinaryPrimitives.WriteUInt128BigEndian(key.AsSpan(9 + Address.Size), id.Value);
        return key;
    }

    /// <summary>An asset.</summary>
    public static byte[] Asset(in AssetId asset) => Of(Table.Asset, asset);

    /// <summary>An asset's outstanding amount.</summary>
    public static byte[] Supply(in AssetId asset) => Of(Table.Supply, asset);

    /// <summary>An asset's document.</summary>
    public static byte[] Document(in AssetId asset, ushort index)
    {
        byte[] key = new byte[1 + AssetId.Size + 2];
        key[0] = (byte)Table.Document;
        asset.CopyTo(key.AsSpan(1));
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(1 + AssetId.Size), index);
        return key;
    }

    /// <summary>An institution.</summary>
    public static byte[] Institution(in Address id) => Of(Table.Institution, id);

    /// <summary>An officer.</summary>
    public static byte[] Officer(in Address officer) => Of(Table.Officer, officer);

    /// <summary>The approval policy of a kind of operation.</summary>
    public static byte[] Policy(PrivilegedKind kind) => [(byte)Table.Policy, (byte)kind];

    /// <summary>A proposal.</summary>
    public static byte[] Proposal(ulong id) => Of(Table.Proposal, id);

    /// <summary>When a proposal takes effect.</summary>
    public static byte[] Schedule(TimestampMs executeAt, ulong proposalId)
    {
        byte[] key = new byte[1 + 8 + 8];
        key[0] = (byte)Table.Schedule;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), executeAt.Value);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), proposalId);
        return key;
    }

    private static byte[] Of(Table table, in Address address)
    {
        byte[] key = new byte[1 + Address.Size];
        key[0] = (byte)table;
        address.CopyTo(key.AsSpan(1));
        return key;
    }

    private static byte[] Of(Table table, in AssetId asset)
    {
        byte[] key = new byte[1 + AssetId.Size];
        key[0] = (byte)table;
        asset.CopyTo(key.AsSpan(1));
        return key;
    }

    private static byte[] Of(Table table, ulong number)
    {
        byte[] key = new byte[1 + 8];
        key[0] = (byte)table;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), number);
        return key;
    }
}
