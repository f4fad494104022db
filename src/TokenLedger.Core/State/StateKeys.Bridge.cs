// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Core.State;

/// <content>Keys of the bridge's tables: the lane's chain first, so that a lane's rows stand
/// together.</content>
public static partial class StateKeys
{
    /// <summary>A lane.</summary>
    public static byte[] BridgeLane(ulong chainId) => Of(Table.BridgeLane, chainId);

    /// <summary>An asset on a lane.</summary>
    public static byte[] BridgeToken(ulong chainId, in AssetId asset)
    {
        byte[] key = Of(Table.BridgeToken, chainId, AssetId.Size);
        asset.CopyTo(key.AsSpan(9));
        return key;
    }

    /// <summary>Which asset a token stands for.</summary>
    public static byte[] BridgeTokenAsset(ulong chainId, in Address token)
    {
        byte[] key = Of(Table.BridgeTokenAsset, chainId, Address.Size);
        token.CopyTo(key.AsSpan(9));
        return key;
    }

    /// <summary>A lock.</summary>
    public static byte[] BridgeLock(ulong chainId, ulong nonce) => Of(Table.BridgeLock, chainId, nonce);

    /// <summary>A lock that stands in no message.</summary>
    public static byte[] BridgeQueue(ulong chainId, ulong nonce) => Of(Table.BridgeQueue, chainId, nonce);

    /// <summary>A lock that waits for its moment.</summary>
    public static byte[] BridgeDelayed(ulong chainId, TimestampMs readyAt, ulong nonce)
    {
        byte[] key = Of(Table.BridgeDelayed, chainId, 2 * sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), readyAt.Value);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(17), nonce);
        return key;
    }

    /// <summary>How many of an account's locks have no end.</summary>
    public static byte[] BridgeOwner(ulong chainId, in Address account)
    {
        byte[] key = Of(Table.BridgeOwner, chainId, Address.Size);
        account.CopyTo(key.AsSpan(9));
        return key;
    }

    /// <summary>A lock without an end.</summary>
    public static byte[] BridgeOutstanding(ulong chainId, in AssetId asset, ulong nonce)
    {
        byte[] key = Of(Table.BridgeOutstanding, chainId, AssetId.Size + sizeof(ulong));
        asset.CopyTo(key.AsSpan(9));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9 + AssetId.Size), nonce);
        return key;
    }

    /// <summary>A message.</summary>
    public static byte[] BridgeMessage(ulong chainId, ulong message) =>
        Of(Table.BridgeMessage, chainId, message);

    /// <summary>A message of which something is open.</summary>
    public static byte[] BridgeOpenMessage(ulong chainId, ulong message) =>
        Of(Table.BridgeOpenMessage, chainId, message);

    /// <summary>The votes on a subject.</summary>
    public static byte[] BridgeVote(ulong chainId, in BridgeSubject subject)
    {
        byte[] key = Of(Table.BridgeVote, chainId, 1 + sizeof(ulong) + Address.Size);
        key[9] = (byte)subject.Kind;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(10), subject.Number);
        subject.Token.CopyTo(key.AsSpan(18));
        return key;
    }

    /// <summary>A burn.</summary>
    public static byte[] BridgeBurn(ulong chainId, ulong burn) => Of(Table.BridgeBurn, chainId, burn);

    /// <summary>A suspended burn.</summary>
    public static byte[] BridgeSuspended(ulong chainId, ulong burn) =>
        Of(Table.BridgeSuspended, chainId, burn);

    /// <summary>The start of a lane's rows in a table, and the start of what comes after them.</summary>
    public static (byte[] From, byte[] To) BridgeRows(Table table, ulong chainId) => (
        Of(table, chainId),
        chainId == ulong.MaxValue ? [(byte)((byte)table + 1)] : Of(table, chainId + 1));

    private static byte[] Of(Table table, ulong chainId, int more)
    {
        byte[] key = new byte[1 + sizeof(ulong) + more];
        key[0] = (byte)table;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), chainId);
        return key;
    }

    private static byte[] Of(Table table, ulong chainId, ulong number)
    {
        byte[] key = Of(table, chainId, sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), number);
        return key;
    }
}
