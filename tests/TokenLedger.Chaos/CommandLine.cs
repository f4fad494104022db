// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;

namespace TokenLedger.Chaos;

/// <summary>What a person asks for. Exit code 0: no violation; 1: one; 2: usage.</summary>
internal static class CommandLine
{
    private const string Help = """
        Injures four real validators under load, and checks that nothing is lost, forked or signed twice.

          --kills N           N accidents of SIGKILL, all rules after each
          --scenarios         every short scenario once; with --kills, after them
          --scenario NAME     one scenario, short or long
          --list              the scenarios
          --minutes M         kills and scenarios, short and long, for so long; a campaign
          --measure WHAT      figures under faults: clients, throughput, leaders, partitions, returns,
                              byzantine, or all; on a machine that does nothing else
          --seed S            the same choices again
        """;

    private static readonly string[] Flags = ["--scenarios", "--list"];
    private static readonly string[] Valued =
        ["--kills", "--scenario", "--minutes", "--measure", "--seed", "--flood"];

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output)
    {
        if (!TryRead(args, out Dictionary<string, string> read))
        {
            await output.WriteLineAsync(Help);
            return 2;
        }

        if (read.TryGetValue("--flood", out string? flooded))
        {
            await ClientFlood.FloodAsync(new Uri(flooded), output);
        }

        if (read.ContainsKey("--list"))
        {
            foreach (Scenario scenario in Scenarios.All)
            {
                await output.WriteLineAsync($"  {scenario.Name,-20} {(scenario.IsLong ? "long " : "short")}  "
                    + scenario.About);
            }

            return 0;
        }

        ulong seed = read.TryGetValue("--seed", out string? given)
            ? ulong.Parse(given, CultureInfo.InvariantCulture)
            : (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
        await output.WriteLineAsync(FormattableString.Invariant($"seed {seed}"));
        if (read.TryGetValue("--measure", out string? what))
        {
            return await Measurements.RunAsync(what, output);
        }

        var campaign = new Campaign(seed, output);
        if (read.TryGetValue("--minutes", out string? minutes))
        {
            return await campaign.RunForAsync(
                TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
        }

        int kills = int.Parse(
            read.GetValueOrDefault("--kills", "0"), NumberStyles.None, CultureInfo.InvariantCulture);
        IEnumerable<Scenario> scenarios = read.ContainsKey("--scenarios")
            ? Scenarios.All.Where(static scenario => !scenario.IsLong)
            : Scenarios.All.Where(scenario => scenario.Name == read.GetValueOrDefault("--scenario"));
        return await campaign.RunAsync(kills, [.. scenarios]);
    }

    private static bool TryRead(IReadOnlyList<string> args, out Dictionary<string, string> read)
    {
        read = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Count; i++)
        {
            if (Flags.Contains(args[i]))
            {
                read[args[i]] = "";
            }
            else if (Valued.Contains(args[i]) && i + 1 < args.Count)
            {
                read[args[i]] = args[++i];
            }
            else
            {
                return false;
            }
        }

        return read.Keys.Any(static key => key != "--seed")
            && (!read.TryGetValue("--scenario", out string? name)
                || Scenarios.All.Any(scenario => scenario.Name == name))
            && (!read.TryGetValue("--measure", out string? what) || Measurements.All.Contains(what));
    }
}
