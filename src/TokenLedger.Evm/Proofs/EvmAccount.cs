// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>What the state holds of an account.</summary>
/// <param name="Nonce">Transactions that it sent, or contracts that it created.</param>
/// <param name="Balance">Wei.</param>
/// <param name="StorageRoot">The root of its storage.</param>
/// <param name="CodeHash">The hash of its code.</param>
public sealed record EvmAccount(ulong Nonce, UInt256 Balance, Hash256 StorageRoot, Hash256 CodeHash)
{
    /// <summary>What an account is before anything happened to it.</summary>
    public static EvmAccount Empty { get; } =
        new(0, UInt256.Zero, PatriciaProof.EmptyRoot, PatriciaProof.EmptyCodeHash);
}
