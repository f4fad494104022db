// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm;

/// <summary>
/// Solidity's ABI, strict in both directions. Values are .NET's: <see cref="UInt256"/> for <c>uintN</c>,
/// <see cref="System.Numerics.BigInteger"/> for <c>intN</c>, <see cref="bool"/>,
/// <see cref="TokenLedger.Core.Address"/>, <c>byte[]</c> for <c>bytes</c> and <c>bytesN</c>,
/// <see cref="string"/>, and <c>object[]</c> for arrays and tuples. Stateless.
/// </summary>
/// <remarks>
/// Source: Solidity's contract ABI specification. Decoding takes only what Solidity's encoder writes: padding
/// is zero, offsets go through the data in order without gaps, and nothing follows. So bytes are read once,
/// and no offset can make much of little. An array of tuples of nothing is read up to the words that follow
/// only; Solidity has no such tuples.
/// </remarks>
public static class AbiCodec
{
    /// <summary>
    /// The encoding of the members of a tuple, as of a call's arguments or an event's data.
    /// </summary>
    /// <exception cref="ArgumentException">A value does not belong to its type.</exception>
    public static byte[] Encode(AbiTuple types, params object[] values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        return AbiEncoder.Members(types.Members, values);
    }

    /// <summary>Reads what <see cref="Encode"/> writes.</summary>
    /// <exception cref="EvmFormatException">The bytes are not exactly that.</exception>
    public static object[] Decode(AbiTuple types, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(types);
        return AbiDecoder.Whole(types.Members, bytes);
    }
}
