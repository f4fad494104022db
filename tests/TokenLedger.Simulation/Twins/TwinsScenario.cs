// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Simulation;

/// <summary>
/// What one Twins run is: validators of which some run twice with one key, and for each round, which is a
/// view, who hears whom. The leader of a view is the rotation's.
/// </summary>
/// <param name="Id">Names the scenario, with the seed of its list.</param>
/// <param name="Nodes">Validators.</param>
/// <param name="Twins">Validators that run twice: instance n + i is the second one of the i-th.</param>
/// <param name="Rounds">
/// For each view from 1 on, each instance's cell; messages of the view stay in it.
/// </param>
/// <param name="Restarts">
/// Honest instance that is restarted on its record when the partitions end; −1 for none.
/// </param>
internal sealed record TwinsScenario(
    ulong Id, int Nodes, ImmutableArray<int> Twins, ImmutableArray<ImmutableArray<byte>> Rounds, int Restarts)
{
    public int Instances => Nodes + Twins.Length;

    /// <summary>The validator whose key an instance has.</summary>
    public int ValidatorOf(int instance) => instance < Nodes ? instance : Twins[instance - Nodes];

    public bool IsHonest(int instance) => !Twins.Contains(ValidatorOf(instance));

    public override string ToString() =>
        $"scenario {Id}: {Nodes} validators, twins of {string.Join(" and ", Twins)}, rounds "
        + string.Join(' ', Rounds.Select(static cells => string.Concat(cells)))
        + (Restarts < 0 ? "" : $", node {Restarts} restarts at the end");
}
