// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The list of scenarios. First all short ones of four validators with one pair, but for those that differ
/// by a symmetry only; then longer and larger ones drawn by seed and id.
/// </summary>
/// <remarks>
/// Two symmetries: the two twins may be exchanged for each other in all rounds; and of the partitions in
/// which no cell has a quorum one stands for all, since none of them makes a certificate. What is left out
/// thereby is how far votes spread in such a round.
/// </remarks>
internal sealed class TwinsPlan
{
    private const int SmallSize = 4;
    private const int MaxRounds = 10;

    private readonly ulong _seed;
    private readonly ImmutableArray<TwinsScenario> _enumerated;

    public TwinsPlan(ulong seed)
    {
        _seed = seed;
        // Of two rounds for a twin that leads the first, the second, or none; of three for the first leader.
        _enumerated =
        [
            .. new[] { (1, 2), (2, 2), (3, 2), (1, 3) }
                .SelectMany(static part => Enumerate(part.Item1, part.Item2))
                .Select(static (scenario, id) => scenario with { Id = (ulong)id }),
        ];
    }

    /// <summary>Scenarios that are no sample.</summary>
    public int Enumerated => _enumerated.Length;

    public TwinsScenario Get(ulong id) => id < (ulong)_enumerated.Length ? _enumerated[(int)id] : Draw(id);

    /// <summary>Every sequence of partitions that counts, but for the exchange of the twins.</summary>
    public static IEnumerable<TwinsScenario> Enumerate(int twin, int rounds)
    {
        ImmutableArray<ImmutableArray<byte>> partitions = [.. Partitions(SmallSize, [twin])];
        var swapped = partitions.Select(cells => IndexOf(partitions, Swap(cells, twin))).ToArray();
        int[] sequence = new int[rounds];
        do
        {
            int[] other = [.. sequence.Select(at => swapped[at])];
            if (sequence.AsSpan().SequenceCompareTo(other) <= 0)
            {
                yield return new TwinsScenario(
                    0, SmallSize, [twin], [.. sequence.Select(at => partitions[at])], -1);
            }
        }
        while (Advance(sequence, partitions.Length));
    }

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
        int nodes = random.PerMille(600) ? SmallSize : 7;
        int pairs = nodes == 7 && random.PerMille(400) ? 2 : 1;
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

    private static ImmutableArray<byte> Swap(ImmutableArray<byte> cells, int twin)
    {
        byte[] swapped = [.. cells];
        (swapped[twin], swapped[SmallSize]) = (swapped[SmallSize], swapped[twin]);
        var names = new Dictionary<byte, byte>();
        return [.. swapped.Select(cell =>
        {
            names.TryAdd(cell, (byte)names.Count);
            return names[cell];
        })];
    }

    private static int IndexOf(ImmutableArray<ImmutableArray<byte>> all, ImmutableArray<byte> cells) =>
        Enumerable.Range(0, all.Length).First(i => all[i].AsSpan().SequenceEqual(cells.AsSpan()));

    private static bool Advance(int[] sequence, int below)
    {
        for (int i = sequence.Length - 1; i >= 0; i--)
        {
            if (++sequence[i] < below)
            {
                return true;
            }

            sequence[i] = 0;
        }

        return false;
    }
}
