// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Fuzzing.Targets;

namespace TokenLedger.Fuzzing.Tests;

/// <summary>The table of parsers is complete, and says nothing that is not there.</summary>
public sealed class EntryPointTests
{
    [Fact]
    public void EntryPoints_EachOfThem_IsFuzzedOrExcepted() =>
        Assert.Empty(EntryPoints.Find().Except(Covered()).Except(EntryPoints.Excepted.Keys).Order());

    [Fact]
    public void Targets_WhatTheyName_Exists() =>
        Assert.Empty(Covered().Except(EntryPoints.Find()).Order());

    [Fact]
    public void Exceptions_EachOfThem_IsAnEntryPointThatNoTargetNames()
    {
        Assert.Empty(EntryPoints.Excepted.Keys.Except(EntryPoints.Find()).Order());
        Assert.Empty(EntryPoints.Excepted.Keys.Intersect(Covered()).Order());
        Assert.All(EntryPoints.Excepted, entry => Assert.True(entry.Value.Length > 20, entry.Key));
    }

    [Fact]
    public void Targets_Names_AreUnique() => Assert.Equal(
        FuzzTargets.All.Length, FuzzTargets.All.Select(target => target.Name).Distinct().Count());

    private static IEnumerable<string> Covered() =>
        FuzzTargets.All.SelectMany(target => target.Covers).Distinct(StringComparer.Ordinal);
}
