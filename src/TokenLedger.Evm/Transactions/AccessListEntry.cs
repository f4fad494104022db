// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;

namespace TokenLedger.Evm;

/// <summary>
/// An account and the slots of its storage that a transaction says it will touch (EIP-2930).
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Slots">Slots.</param>
public sealed record AccessListEntry(Address Account, ImmutableArray<Hash256> Slots)
{
    /// <summary>True for the same account and slots in the same order.</summary>
    public bool Equals(AccessListEntry? other) => other is not null
        && Account == other.Account && Slots.SequenceEqual(other.Slots);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Account, Slots.Length);
}
