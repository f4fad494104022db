// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>Something that must never happen happened.</summary>
internal sealed class ViolationException(string invariant, string what) : Exception($"{invariant}: {what}")
{
    public string Invariant { get; } = invariant;
}
