// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;

namespace TokenLedger.Simulation;

/// <summary>
/// What a person asks of the simulator. Exit code 0: no violation; 1: one, or a void run; 2: usage.
/// </summary>
internal static class CommandLine
{
    /// <summary>Of the last events before a violation.</summary>
    public const int LinesShown = 25;

    public const string Help = """
        Runs whole clusters of the production machines in virtual time.

          --seed S            replay one seed, and print all that it was
          --seed S --shrink   reduce a failing seed's faults and transactions
          --seeds A..B        these seeds, and a report
          --count N           the seeds 1..N, and a report
          --minutes M         seeds for so long, and a report; a campaign; with --twins all: scenarios
          --hours H           the same in hours
          --bridge            with any of these: bridges between the ledger and a chain abroad
          --from S            the first seed of a campaign (default 1)
          --planted           hunt every planted bug; needs a build with -p:Planted=true
          --plant B           hunt one of them
          --nodes n           clusters of this size only
          --twins N           Twins scenarios 0..N-1: validators that run twice, and a report; N may be all,
                              with --minutes
          --twin ID           one of them, and what came of it
          --twins-seed S      what the drawn ones of them are drawn from (default 1)
          --workers w         seeds at a time (default: one a core)
        """;

    /// <summary>What the program was built from.</summary>
    public static string Commit { get; } = typeof(CommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (!TryRead(args, out Dictionary<string, string> read))
        {
            output.WriteLine(Help);
            return 2;
        }

        if (read.ContainsKey("--planted") || read.ContainsKey("--plant"))
        {
            return Plant(read, output);
        }

        int? nodes = read.TryGetValue("--nodes", out string? n) ? (int)Number(n) : null;
        if (read.ContainsKey("--bridge"))
        {
            return Bridge(read, nodes, output);
        }

        if (read.TryGetValue("--seed", out string? seed))
        {
            SimOptions options = FaultPlan.Draw(Number(seed), nodes);
            return read.ContainsKey("--shrink") ? Shrink(options, output) : Replay(options, output);
        }

        int workers = Workers(read);
        ulong drawn = read.TryGetValue("--twins-seed", out string? s) ? Number(s) : 1;
        if (read.TryGetValue("--twins", out string? twins) && (twins != "all" || Time(read) is not null))
        {
            return new TwinsCampaign(drawn, workers, output).Run(
                twins == "all" ? ulong.MaxValue : Number(twins), Time(read));
        }

        if (read.TryGetValue("--twin", out string? twin))
        {
            return new TwinsCampaign(drawn, workers, output).Replay(Number(twin));
        }

        return Seeds(read, new Campaign(workers, nodes, output).Run, output);
    }

    private static int Bridge(Dictionary<string, string> read, int? nodes, TextWriter output)
    {
        var campaign = new BridgeCampaign(Workers(read), nodes, output);
        return read.TryGetValue("--seed", out string? seed)
            ? campaign.Replay(Number(seed), read.ContainsKey("--shrink"))
            : Seeds(read, campaign.Run, output);
    }

    private static int Workers(Dictionary<string, string> read) =>
        read.TryGetValue("--workers", out string? w) ? (int)Number(w) : Environment.ProcessorCount;

    /// <summary>Those that are asked for: a range, a number, or as many as there is time for.</summary>
    private static int Seeds(
        Dictionary<string, string> read, Func<ulong, ulong, TimeSpan?, int> run, TextWriter output)
    {
        ulong from = read.TryGetValue("--from", out string? first) ? Number(first) : 1;
        if (read.TryGetValue("--seeds", out string? range) && range.Split("..") is [var a, var b])
        {
            return run(Number(a), Number(b), null);
        }

        if (read.TryGetValue("--count", out string? count))
        {
            return run(from, from + Number(count) - 1, null);
        }

        if (Time(read) is not { } time)
        {
            output.WriteLine(Help);
            return 2;
        }

        return run(from, ulong.MaxValue, time);
    }

    /// <summary>Says what went wrong in a run, and how to see it again.</summary>
    public static void Report(RunResult result, TextWriter output)
    {
        SimOptions options = result.Options;
        output.WriteLine($"VIOLATION of \"{result.Violation!.Invariant}\" in seed {options.Seed}");
        output.WriteLine($"  {result.Violation.Message}");
        output.WriteLine($"  {options}");
        output.WriteLine("  the last events:");
        foreach (string line in result.Last.TakeLast(LinesShown))
        {
            output.WriteLine($"    {line}");
        }

        output.WriteLine("  replay: dotnet run -c Release --project tests/TokenLedger.Simulation --"
            + $" --seed {options.Seed} --nodes {options.Nodes}");
    }

    private static int Replay(SimOptions options, TextWriter output)
    {
        output.WriteLine($"seed {options.Seed}, commit {Commit}");
        output.WriteLine(options.ToString());
        foreach (Fault fault in options.Faults)
        {
            output.WriteLine($"  {fault}");
        }

        RunResult result = SeedRun.Run(options);
        ulong checks = result.Checks.Values.Aggregate(0ul, (sum, count) => sum + count);
        output.WriteLine($"{result.Blocks} blocks, {result.Transactions} transactions, {result.Events} events"
            + $" in {result.VirtualMs} ms; {checks} checks");
        foreach ((string behaviour, ulong acts) in result.Acts)
        {
            output.WriteLine($"  {behaviour} acted {acts} times");
        }

        output.WriteLine($"digest {result.Digest}");
        if (result.Violation is not null)
        {
            Report(result, output);
        }

        return result.Violation is null ? 0 : 1;
    }

    private static int Shrink(SimOptions options, TextWriter output)
    {
        RunResult result = Shrinker.Shrink(options, output);
        if (result.Violation is null)
        {
            output.WriteLine("The seed does not fail: there is nothing to shrink.");
            return 0;
        }

        foreach (Fault fault in result.Options.Faults)
        {
            output.WriteLine($"  {fault}");
        }

        Report(result, output);
        return 1;
    }

    private static int Plant(Dictionary<string, string> read, TextWriter output)
    {
#if PLANTED
        return read.TryGetValue("--plant", out string? bug) ? Hunt.One(bug, output) : Hunt.All(output);
#else
        output.WriteLine($"{string.Join(' ', read.Keys)}: this build has no planted bug in it");
        return 2;
#endif
    }

    /// <summary>How long it shall take; null when nothing says so.</summary>
    private static TimeSpan? Time(Dictionary<string, string> read)
    {
        double minutes = read.TryGetValue("--minutes", out string? m)
            ? double.Parse(m, CultureInfo.InvariantCulture)
            : 60 * double.Parse(read.GetValueOrDefault("--hours", "0"), CultureInfo.InvariantCulture);
        return minutes > 0 ? TimeSpan.FromMinutes(minutes) : null;
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private static bool TryRead(IReadOnlyList<string> args, out Dictionary<string, string> read)
    {
        read = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Count; i++)
        {
            bool flag = args[i] is "--shrink" or "--planted" or "--bridge";
            if (!Help.Contains($"  {args[i]} ", StringComparison.Ordinal) && !flag)
            {
                return false;
            }

            if (!flag && i + 1 == args.Count)
            {
                return false;
            }

            read[args[i]] = flag ? "" : args[++i];
        }

        return read.Count > 0;
    }
}
