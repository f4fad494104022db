// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>
/// Reduces a failing run by delta debugging: first its faults, then its Byzantine nodes and client actions,
/// as long as the same rule breaks.
/// </summary>
internal static class Shrinker
{
    public static RunResult Shrink(SimOptions options, TextWriter output)
    {
        RunResult first = SeedRun.Run(options);
        if (first.Violation is not { } violation)
        {
            return first;
        }

        bool Fails(SimOptions tried) => SeedRun.Run(tried).Violation?.Invariant == violation.Invariant;
        IReadOnlyList<Fault> faults = Reduce(
            options.Faults, kept => Fails(options with { Faults = kept }));
        output.WriteLine($"{options.Faults.Count} faults reduced to {faults.Count}");
        IReadOnlyList<ByzantineNode> byzantine = Reduce(
            options.Byzantine, kept => Fails(options with { Faults = faults, Byzantine = kept }));
        output.WriteLine($"{options.Byzantine.Count} Byzantine nodes reduced to {byzantine.Count}");
        SimOptions smaller = options with { Faults = faults, Byzantine = byzantine };
        ulong[] actions = [.. Actions(smaller)];
        IReadOnlyList<ulong> kept = Reduce(actions, kept => Fails(Only(smaller, actions, kept)));
        output.WriteLine($"{actions.Length} client actions reduced to {kept.Count}");
        return SeedRun.Run(Only(smaller, actions, kept));
    }

    /// <summary>Leaves out ever smaller parts of a list while what remains still fails.</summary>
    public static IReadOnlyList<T> Reduce<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails)
    {
        int part = Math.Max(1, items.Count / 2);
        while (items.Count > 0)
        {
            bool any = false;
            for (int at = 0; at < items.Count;)
            {
                T[] rest = [.. items.Take(at), .. items.Skip(at + part)];
                if (fails(rest))
                {
                    items = rest;
                    any = true;
                }
                else
                {
                    at += part;
                }
            }

            if (part == 1 && !any)
            {
                break;
            }

            part = Math.Max(1, part / 2);
        }

        return items;
    }

    private static IEnumerable<ulong> Actions(SimOptions options)
    {
        for (ulong i = 0; i * options.ClientEveryMs < options.ChaosMs; i++)
        {
            yield return i;
        }
    }

    private static SimOptions Only(SimOptions options, ulong[] all, IReadOnlyList<ulong> kept) =>
        options with { Without = all.Except(kept).ToHashSet() };
}
