// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>Reads back what <see cref="StateKeys"/> writes.</summary>
internal static class StateKeyReader
{
    public static (Address Account, AssetId Asset) Balance(ReadOnlySpan<byte> key)
    {
        var account = new Address(key.Slice(1, Address.Size));
        return (account, ReadAsset(key[(1 + Address.Size)..]));
    }

    public static AssetId Asset(ReadOnlySpan<byte> key) => ReadAsset(key.Slice(1, AssetId.Size));

    public static Address Address20(ReadOnlySpan<byte> key) => new(key.Slice(1, Address.Size));

    /// <summary>The chain that a key of any of the bridge's tables begins with.</summary>
    public static ulong BridgeChain(ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt64BigEndian(key[1..]);

    /// <summary>The nonce or id behind the chain.</summary>
    public static ulong BridgeNumber(ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt64BigEndian(key[9..]);

    /// <summary>The nonce of a lock that waits for its moment.</summary>
    public static ulong BridgeDelayed(ReadOnlySpan<byte> key) => BridgeNumber(key[sizeof(ulong)..]);

    public static AssetId BridgeAsset(ReadOnlySpan<byte> key) => ReadAsset(key.Slice(9, AssetId.Size));

    private static AssetId ReadAsset(ReadOnlySpan<byte> bytes)
    {
        bool wellFormed = AssetId.TryRead(bytes, out AssetId asset);
        Invariant.Require(wellFormed, "a key of the state holds a well-formed symbol");
        return asset;
    }
}
