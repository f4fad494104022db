// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Storage.Guards;

/// <summary>
/// Where a vote stands in the order in which one validator may sign: by epoch, then view, then rank. Notarize
/// comes first in a view; nullify and finalize share the rank behind it, for an honest validator says one of
/// them at most.
/// </summary>
/// <param name="Epoch">The validator set's reign.</param>
/// <param name="View">The view.</param>
/// <param name="Rank">0 for notarize, 1 for nullify and finalize.</param>
public readonly record struct GuardPosition(Epoch Epoch, View View, byte Rank) : IComparable<GuardPosition>
{
    /// <summary>The position of what a vote says.</summary>
    public static GuardPosition Of(in VoteSubject subject) =>
        new(subject.Epoch, subject.View, subject.Kind == VoteKind.Notarize ? (byte)0 : (byte)1);

    /// <summary>The last position of a view.</summary>
    public static GuardPosition EndOf(Epoch epoch, View view) => new(epoch, view, 1);

    /// <inheritdoc/>
    public int CompareTo(GuardPosition other) =>
        (Epoch.Value, View.Value, Rank).CompareTo((other.Epoch.Value, other.View.Value, other.Rank));

    /// <summary>The order of signing.</summary>
    public static bool operator <(GuardPosition left, GuardPosition right) => left.CompareTo(right) < 0;

    /// <summary>The order of signing.</summary>
    public static bool operator >(GuardPosition left, GuardPosition right) => left.CompareTo(right) > 0;

    /// <summary>The order of signing.</summary>
    public static bool operator <=(GuardPosition left, GuardPosition right) => left.CompareTo(right) <= 0;

    /// <summary>The order of signing.</summary>
    public static bool operator >=(GuardPosition left, GuardPosition right) => left.CompareTo(right) >= 0;
}
