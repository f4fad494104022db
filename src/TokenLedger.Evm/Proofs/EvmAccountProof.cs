// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>An answer of <c>eth_getProof</c> (EIP-1186): what a node says, and what shall prove it.</summary>
/// <param name="Address">The account.</param>
/// <param name="Claimed">What the node says of it.</param>
/// <param name="Nodes">Nodes of the state's tree, from the root down.</param>
/// <param name="Slots">The slots that were asked for, in order.</param>
public sealed record EvmAccountProof(
    Address Address,
    EvmAccount Claimed,
    ImmutableArray<ImmutableArray<byte>> Nodes,
    ImmutableArray<EvmSlotProof> Slots)
{
    /// <summary>Checks all of it against a state root.</summary>
    /// <returns>
    /// What the state holds; null if there is no such account. Then all slots are 0. The values of
    /// <see cref="Slots"/> are right if this returns.
    /// </returns>
    /// <exception cref="EvmFormatException">The nodes do not prove what the answer says.</exception>
    public EvmAccount? Verify(Hash256 stateRoot)
    {
        EvmAccount? proven = PatriciaProof.Account(stateRoot, Address, Nodes);
        EvmAccount found = proven ?? EvmAccount.Empty;

        // Of an account that is not there, some nodes give hashes of zero.
        EvmAccount zeroed = found with { StorageRoot = Hash256.Zero, CodeHash = Hash256.Zero };
        if (Claimed != found && !(proven is null && Claimed == zeroed))
        {
            throw new EvmFormatException(
                $"The proof of {Address} proves another account than the answer has.");
        }

        foreach (EvmSlotProof slot in Slots)
        {
            if (PatriciaProof.Slot(found.StorageRoot, slot.Slot, slot.Nodes) != slot.Value)
            {
                throw new EvmFormatException($"The proof of slot {slot.Slot} proves another value.");
            }
        }

        return proven;
    }

    /// <summary>True for the same content.</summary>
    public bool Equals(EvmAccountProof? other) => other is not null
        && Address == other.Address && Claimed == other.Claimed
        && PatriciaProof.Same(Nodes, other.Nodes) && Slots.SequenceEqual(other.Slots);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Claimed);
}

/// <summary>One slot of an account's storage.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Value">What the node says that it holds.</param>
/// <param name="Nodes">Nodes of the storage's tree, from the root down.</param>
public sealed record EvmSlotProof(Hash256 Slot, UInt256 Value, ImmutableArray<ImmutableArray<byte>> Nodes)
{
    /// <summary>True for the same content.</summary>
    public bool Equals(EvmSlotProof? other) => other is not null
        && Slot == other.Slot && Value == other.Value && PatriciaProof.Same(Nodes, other.Nodes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Slot, Value);
}
