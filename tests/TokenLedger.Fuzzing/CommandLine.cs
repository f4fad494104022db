// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using TokenLedger.Fuzzing.Targets;

namespace TokenLedger.Fuzzing;

/// <summary>
/// What a person asks of the fuzzer. Exit code 0: no violation; 1: one, or a void run; 2: usage.
/// </summary>
internal static class CommandLine
{
    public const string Help = """
        Feeds every parser of outside bytes with valid, half-valid and broken inputs.

          --cases N           so many cases of each parser, and a report
          --minutes M         cases for so long, and a report; a campaign
          --seed S            the seed of all cases (default 1)
          --parser P          this parser only
          --case N            with --parser and --seed: one case, and all about it
          --workers W         threads (default: one a core)
          --list              the parsers
        """;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args is ["--list"])
        {
            foreach (FuzzTarget target in FuzzTargets.All)
            {
                output.WriteLine(target.Name);
            }

            return 0;
        }

        if (!TryRead(args, out Dictionary<string, string> read))
        {
            output.WriteLine(Help);
            return 2;
        }

        ulong seed = Number(read, "--seed", 1);
        ImmutableArray<FuzzTarget> targets = read.TryGetValue("--parser", out string? name)
            ? [.. FuzzTargets.All.Where(target => target.Name == name)]
            : FuzzTargets.All;
        if (targets.IsEmpty)
        {
            output.WriteLine($"There is no parser {name}; --list names them.");
            return 2;
        }

        if (read.ContainsKey("--case"))
        {
            return Replay(new Fuzzer(targets[0], seed), Number(read, "--case", 0), output);
        }

        int workers = (int)Number(read, "--workers", (ulong)Environment.ProcessorCount);
        var campaign = new Campaign(targets, seed, workers, output);
        return read.TryGetValue("--minutes", out string? minutes)
            ? campaign.Run(0, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)))
            : campaign.Run(Number(read, "--cases", 1_000), null);
    }

    /// <summary>Says what went wrong in a case, and how to see it again.</summary>
    public static void Report(Fuzzer fuzzer, ulong index, string problem, TextWriter output)
    {
        output.WriteLine($"VIOLATION in parser {fuzzer.Target}, seed {fuzzer.Seed}, case {index}");
        output.WriteLine($"  {problem}");
        output.WriteLine($"  {Convert.ToHexString(fuzzer.Input(index, out _))}");
        output.WriteLine("  replay: dotnet run -c Release --project tests/TokenLedger.Fuzzing --"
            + $" --parser {fuzzer.Target} --seed {fuzzer.Seed} --case {index}");
    }

    private static int Replay(Fuzzer fuzzer, ulong index, TextWriter output)
    {
        byte[] input = fuzzer.Input(index, out bool mutated);
        CaseResult result = fuzzer.Run(index);
        output.WriteLine($"parser {fuzzer.Target}, seed {fuzzer.Seed}, case {index}");
        output.WriteLine($"{(mutated ? "a changed" : "a valid")} input of {input.Length} bytes:"
            + $" {(result.Accepted ? "accepted" : "refused")}, {result.Allocated} bytes allocated");
        output.WriteLine(Convert.ToHexString(input));
        if (result.Problem is not null)
        {
            Report(fuzzer, index, result.Problem, output);
        }

        return result.Problem is null ? 0 : 1;
    }

    private static ulong Number(Dictionary<string, string> read, string name, ulong otherwise) =>
        read.TryGetValue(name, out string? text)
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    private static bool TryRead(IReadOnlyList<string> args, out Dictionary<string, string> read)
    {
        read = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i + 1 < args.Count; i += 2)
        {
            if (!Help.Contains($"  {args[i]} ", StringComparison.Ordinal))
            {
                return false;
            }

            read[args[i]] = args[i + 1];
        }

        return read.Count > 0 && args.Count % 2 == 0
            && (!read.ContainsKey("--case") || read.ContainsKey("--parser"));
    }
}
