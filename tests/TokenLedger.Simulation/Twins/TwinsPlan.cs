// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The list of scenarios. First all short ones of four and of seven validators with one pair, but for those
/// that differ by a symmetry only; then longer ones, with more pairs, drawn by seed and id.
/// </summary>
/// <remarks>
/// Symmetries: the two twins may be exchanged for each other in all rounds; of the partitions in which no
/// cell has a quorum one stands for all, since none of them makes a certificate; and of seven, honest
/// validators that lead none of the partitioned views count as the same. What is left out thereby is how far
/// votes spread in a round without a quorum, and which of seven leads first afterwards.
/// </remarks>
internal sealed class TwinsPlan
{
    private const int SmallSize = 4;
    private const int LargeSize = 7;
    private const int MaxRounds = 10;

    private readonly ulong _seed;
    private readonly ImmutableArray<TwinsScenario> _enumerated;

    public TwinsPlan(ulong seed)
    {
        _seed = seed;
        // Validator v leads view v. Of two rounds for a twin that leads the first, the second, or none; of
        // three, for four validators, for the first leader.
        _enumerated =
        [
            .. new[] { (1, 2), (2, 2), (3, 2), (1, 3) }
                .SelectMany(static part => TwinsEnumeration.Of(SmallSize, part.Item1, part.Item2, []))
                .Concat(new[] { 1, 2, 3 }.SelectMany(static twin => TwinsEnumeration.Of(
                    LargeSize, twin, 2,
                    [.. Enumerable.Range(0, LargeSize).Where(v => v is not (1 or 2) && v != twin)])))
                .Select(static (scenario, id) => scenario with { Id = (ulong)id }),
        ];
    }

    /// <summary>Scenarios that are no sample.</summary>
    public int Enumerated => _enumerated.Length;

    public TwinsScenario Get(ulong id) => id < (ulong)_enumerated.Length ? _enumerated[(int)id] : Draw(id);

    /// <summary>All partitions with a quorum in some cell, and one that stands for those without.</summary>
    public static IEnumerable<ImmutableArray<byte>> Partitions(int nodes, ImmutableArray<int> twins)
    {
        int instances = nodes + twins.Length;
        yield return [.. Enumerable.Range(0, instances).Select(static i => (byte)i)];
        byte[] cells = new byte[instances];
        do
        {
            if (HasQuorum(cells, nodes, twins))
            {
                yield return [.. cells];
            }
        }
        while (NextPartition(cells));
    }

    private TwinsScenario Draw(ulong id)
    {
        DeterministicRandom random = new Purpose(_seed, "twins").At(id);
        int nodes = random.PerMille(600) ? SmallSize : LargeSize;
        int pairs = nodes == LargeSize && random.PerMille(400) ? 2 : 1;
        int first = random.Below(nodes);
        ImmutableArray<int> twins = pairs == 1
            ? [first]
            : [first, (first + 1 + random.Below(nodes - 1)) % nodes];
        var rounds = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        int count = 3 + random.Below(MaxRounds - 2);
        for (int i = 0; i < count; i++)
        {
            rounds.Add(DrawCells(nodes, twins, random));
        }

        var scenario = new TwinsScenario(id, nodes, twins, rounds.DrainToImmutable(), -1);
        int[] honest = [.. Enumerable.Range(0, nodes).Where(scenario.IsHonest)];
        return random.PerMille(400) ? scenario with { Restarts = random.Pick(honest) } : scenario;
    }

    /// <summary>Mostly cells in which something can happen, and mostly with a twin in each of two.</summary>
    private static ImmutableArray<byte> DrawCells(
        int nodes, ImmutableArray<int> twins, DeterministicRandom random)
    {
        byte[] cells = new byte[nodes + twins.Length];
        for (int tries = 0; tries < 8; tries++)
        {
            int most = 1 + random.Below(3);
            for (int i = 0; i < cells.Length; i++)
            {
                cells[i] = (byte)random.Below(most);
            }

            if (HasQuorum(cells, nodes, twins))
            {
                break;
            }
        }

        return [.. cells];
    }

    private static bool HasQuorum(byte[] cells, int nodes, ImmutableArray<int> twins)
    {
        int quorum = nodes - ((nodes - 1) / 3);
        return cells.Distinct().Any(cell => Enumerable.Range(0, cells.Length)
            .Where(i => cells[i] == cell)
            .Select(i => i < nodes ? i : twins[i - nodes]).Distinct().Count() >= quorum);
    }

    /// <summary>The next restricted growth string: each set partition has exactly one.</summary>
    private static bool NextPartition(byte[] cells)
    {
        for (int i = cells.Length - 1; i > 0; i--)
        {
            if (cells[i] <= cells.AsSpan(0, i).ToArray().Max())
            {
                cells[i]++;
                cells.AsSpan(i + 1).Clear();
                return true;
            }
        }

        return false;
    }
}
