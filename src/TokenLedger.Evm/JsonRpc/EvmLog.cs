// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>An event of a contract.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">The event's signature's hash, and its indexed values.</param>
/// <param name="Data">Its other values.</param>
/// <param name="BlockNumber">The block's number.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="Index">The log's place in the block.</param>
public sealed record EvmLog(
    Address Address,
    ImmutableArray<Hash256> Topics,
    ImmutableArray<byte> Data,
    ulong BlockNumber,
    Hash256 BlockHash,
    Hash256 TransactionHash,
    ulong Index)
{
    /// <summary>True for the same content.</summary>
    public bool Equals(EvmLog? other) => other is not null
        && Address == other.Address && Topics.SequenceEqual(other.Topics)
        && Data.AsSpan().SequenceEqual(other.Data.AsSpan())
        && BlockNumber == other.BlockNumber && BlockHash == other.BlockHash
        && TransactionHash == other.TransactionHash && Index == other.Index;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(BlockHash, TransactionHash, Index);
}

/// <summary>Which logs are asked for.</summary>
/// <param name="Contracts">Of these contracts; of any if there are none.</param>
/// <param name="Topics">For each place, the topics that may stand there; any if there are none.</param>
public sealed record EvmLogFilter(
    ImmutableArray<Address> Contracts, ImmutableArray<ImmutableArray<Hash256>> Topics)
{
    /// <summary>One event of one contract.</summary>
    public static EvmLogFilter Of(Address contract, AbiEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        return new EvmLogFilter([contract], [[one.Topic]]);
    }

    /// <summary>True if a log is one of those.</summary>
    public bool Matches(EvmLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return (Contracts.IsEmpty || Contracts.Contains(log.Address))
            && log.Topics.Length >= Topics.Length
            && Topics.Zip(log.Topics).All(
                static pair => pair.First.IsEmpty || pair.First.Contains(pair.Second));
    }
}
