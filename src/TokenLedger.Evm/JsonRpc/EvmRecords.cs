// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>What became of a transaction in a block.</summary>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="BlockNumber">The block's number.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="Succeeded">False if it reverted.</param>
/// <param name="GasUsed">Gas that it took.</param>
/// <param name="EffectiveGasPrice">Wei that it paid for a unit of gas.</param>
/// <param name="Contract">What it created; null if nothing.</param>
/// <param name="Logs">Its events, in order.</param>
public sealed record EvmReceipt(
    Hash256 TransactionHash,
    ulong BlockNumber,
    Hash256 BlockHash,
    bool Succeeded,
    ulong GasUsed,
    UInt256 EffectiveGasPrice,
    Address? Contract,
    ImmutableArray<EvmLog> Logs)
{
    /// <summary>True for the same content.</summary>
    public bool Equals(EvmReceipt? other) => other is not null
        && TransactionHash == other.TransactionHash && BlockNumber == other.BlockNumber
        && BlockHash == other.BlockHash && Succeeded == other.Succeeded && GasUsed == other.GasUsed
        && EffectiveGasPrice == other.EffectiveGasPrice && Contract == other.Contract
        && Logs.SequenceEqual(other.Logs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TransactionHash, BlockHash);
}

/// <summary>A transaction that a node knows.</summary>
/// <param name="Hash">Its id.</param>
/// <param name="Type">0 to 4, as EIP-2718 counts them.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Nonce">How many the sender sent before.</param>
/// <param name="BlockNumber">The block's number; null while it is in none.</param>
/// <param name="BlockHash">The block; null while it is in none.</param>
/// <param name="Signed">
/// For type 2, all of it; id and sender follow from it and are right. Null for other types, which are
/// believed.
/// </param>
public sealed record EvmTransaction(
    Hash256 Hash,
    byte Type,
    Address From,
    ulong Nonce,
    ulong? BlockNumber,
    Hash256? BlockHash,
    SignedEip1559Transaction? Signed);

/// <summary>A call to a contract.</summary>
/// <param name="To">The contract; null for what creates one.</param>
/// <param name="Data">The call's data.</param>
/// <param name="From">Who calls; null for nobody.</param>
/// <param name="Value">Wei that go along.</param>
public sealed record EvmCall(
    Address? To, ReadOnlyMemory<byte> Data, Address? From = null, UInt256 Value = default);

/// <summary>What recent blocks cost.</summary>
/// <param name="OldestBlock">The first block's number.</param>
/// <param name="BaseFees">Wei for a unit of gas of each block, and of the one that comes next.</param>
/// <param name="Rewards">For each block, the priority fees at the percentiles that were asked for.</param>
public sealed record EvmFeeHistory(
    ulong OldestBlock, ImmutableArray<UInt256> BaseFees, ImmutableArray<ImmutableArray<UInt256>> Rewards)
{
    /// <summary>True for the same content.</summary>
    public bool Equals(EvmFeeHistory? other) => other is not null && OldestBlock == other.OldestBlock
        && BaseFees.SequenceEqual(other.BaseFees) && Rewards.Length == other.Rewards.Length
        && Rewards.Zip(other.Rewards).All(static pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OldestBlock, BaseFees.Length);
}
