// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>The hash chain that the bridge's contract keeps over its burns.</summary>
public static class BurnChain
{
    private static readonly AbiTuple Link =
        AbiFunction.Parse("link(bytes32,uint64,address,address,bytes32,uint128)").Inputs;

    /// <summary>The accumulator after a burn.</summary>
    /// <param name="before">The one before it; zero before the first.</param>
    /// <param name="burn">The burn.</param>
    public static Hash256 Next(Hash256 before, BurnObserved burn)
    {
        ArgumentNullException.ThrowIfNull(burn);
        return Keccak256.Hash(AbiCodec.Encode(
            Link, before.ToArray(), (UInt256)burn.Nonce, burn.Token, burn.From, burn.Recipient.ToArray(),
            (UInt256)burn.Amount.Units));
    }
}
