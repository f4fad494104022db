// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Simulation;

/// <summary>
/// All sequences of partitions for one validator that runs twice, one for each class of those that differ by
/// a symmetry only: the smallest of its class, found round by round.
/// </summary>
/// <remarks>
/// Symmetries are the exchange of the two twins, and those of validators that the caller calls exchangeable.
/// A sequence is the smallest of its class when its first partition is the smallest that a symmetry makes of
/// it, its second the smallest that those symmetries make which leave the first as it is, and so on.
/// </remarks>
internal static class TwinsEnumeration
{
    /// <summary>The scenarios, numbered from 0.</summary>
    /// <param name="nodes">Validators.</param>
    /// <param name="twin">The one that runs twice; the rotation says which view it leads.</param>
    /// <param name="rounds">Views with a partition each.</param>
    /// <param name="exchangeable">Honest validators that count as the same.</param>
    public static IEnumerable<TwinsScenario> Of(
        int nodes, int twin, int rounds, IReadOnlyList<int> exchangeable)
    {
        ImmutableArray<ImmutableArray<byte>> partitions = [.. TwinsPlan.Partitions(nodes, [twin])];
        var places = Enumerable.Range(0, partitions.Length)
            .ToDictionary(at => Name(partitions[at].AsSpan()), static at => at);
        int[][] symmetries =
        [
            .. from moved in Orders(exchangeable)
               from swapped in new[] { false, true }
               let to = Moves(nodes, twin, exchangeable, moved, swapped)
               select partitions.Select(cells => places[Name([.. to.Select(i => cells[i])])]).ToArray(),
        ];
        return Extend([], symmetries, rounds).Select((sequence, id) => new TwinsScenario(
            (ulong)id, nodes, [twin], [.. sequence.Select(at => partitions[at])], -1));
    }

    private static IEnumerable<ImmutableList<int>> Extend(
        ImmutableList<int> sequence, int[][] symmetries, int rounds)
    {
        if (sequence.Count == rounds)
        {
            return [sequence];
        }

        return Enumerable.Range(0, symmetries[0].Length)
            .Where(at => symmetries.All(symmetry => symmetry[at] >= at))
            .SelectMany(at => Extend(
                sequence.Add(at), [.. symmetries.Where(symmetry => symmetry[at] == at)], rounds));
    }

    /// <summary>From which instance each one has its cell after a symmetry.</summary>
    private static int[] Moves(
        int nodes, int twin, IReadOnlyList<int> exchangeable, ImmutableList<int> moved, bool swapped)
    {
        int[] to = [.. Enumerable.Range(0, nodes + 1)];
        for (int i = 0; i < exchangeable.Count; i++)
        {
            to[exchangeable[i]] = moved[i];
        }

        (to[twin], to[nodes]) = swapped ? (nodes, twin) : (twin, nodes);
        return to;
    }

    private static IEnumerable<ImmutableList<int>> Orders(IEnumerable<int> of)
    {
        ImmutableList<int> all = [.. of];
        return all.IsEmpty
            ? [all]
            : all.SelectMany(first => Orders(all.Remove(first)).Select(rest => rest.Insert(0, first)));
    }

    /// <summary>The same for cells that are the same but for their numbers.</summary>
    private static string Name(ReadOnlySpan<byte> cells)
    {
        var names = new Dictionary<byte, char>();
        Span<char> name = stackalloc char[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            names.TryAdd(cells[i], (char)('a' + names.Count));
            name[i] = names[cells[i]];
        }

        return new string(name);
    }
}
