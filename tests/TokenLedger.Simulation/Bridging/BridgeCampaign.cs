// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>Many seeds of the bridge, and one report.</summary>
internal sealed class BridgeCampaign(int workers, int? signers, TextWriter output)
{
    private const ulong SeedsOfACampaign = 400;
    private const string ActsTitle = "what Byzantine signers did:";

    private readonly CampaignFrame<BridgeFaultKind, BridgeResult> _frame =
        new(BridgeLiars.All, SeedsOfACampaign, output);

    private ulong _locks;
    private ulong _mints;
    private ulong _releases;

    public int Run(ulong from, ulong to, TimeSpan? time)
    {
        TimeSpan wall = _frame.Run(workers, from, to, time, RunOne, Add);
        output.WriteLine($"commit {CommandLine.Commit}");
        output.WriteLine($"locks {_locks}, mints {_mints}, releases {_releases}, seeds repeated in another"
            + $" process {_frame.Repeated}");
        _frame.Counts(ActsTitle);
        return _frame.End(wall, FormattableString.Invariant(
            $"bridge-seeds {_frame.Seeds} bridge-hours {_frame.Hours:F2}"));
    }

    /// <summary>Runs one seed, and prints all that it was.</summary>
    public int Replay(ulong seed, bool shrinks)
    {
        BridgeOptions options = BridgeFaultPlan.Draw(seed, signers);
        BridgeResult result = shrinks ? Shrink(options) : BridgeRun.Run(options);
        output.WriteLine($"bridge seed {seed}, commit {CommandLine.Commit}");
        output.WriteLine(result.Options.ToString());
        foreach (BridgeFault fault in result.Options.Faults)
        {
            output.WriteLine($"  {fault}");
        }

        output.WriteLine($"{result.Locks} locks, {result.Mints} mints, {result.Releases} releases,"
            + $" {result.Events} events in {result.VirtualMs} ms");
        Add(result);
        _frame.Add(result);
        _frame.Counts(ActsTitle);
        output.WriteLine($"digest {result.Digest}");
        return result.Violation is null ? 0 : 1;
    }

    private static BridgeResult Shrink(BridgeOptions options)
    {
        string? rule = BridgeRun.Run(options).Violation?.Invariant;
        bool Fails(BridgeOptions tried) => BridgeRun.Run(tried).Violation?.Invariant == rule;
        if (rule is not null)
        {
            options = options with
            {
                Faults = Shrinker.Reduce(options.Faults, kept => Fails(options with { Faults = kept })),
            };
            options = options with
            {
                Byzantine = Shrinker.Reduce(
                    options.Byzantine, kept => Fails(options with { Byzantine = kept })),
            };
            ulong[] actions = [.. options.Actions];
            IReadOnlyList<ulong> left = Shrinker.Reduce(
                actions, kept => Fails(options with { Without = actions.Except(kept).ToHashSet() }));
            options = options with { Without = actions.Except(left).ToHashSet() };
        }

        return BridgeRun.Run(options);
    }

    private BridgeResult RunOne(ulong seed, bool repeats)
    {
        BridgeResult result = BridgeRun.Run(BridgeFaultPlan.Draw(seed, signers));
        return repeats
            && !OtherProcess.Repeats(result.Digest, "--bridge", seed, result.Options.Signers)
            ? result with { Violation = result.Violation ?? OtherProcess.Differs }
            : result;
    }

    private void Add(BridgeResult result)
    {
        _locks += result.Locks;
        _mints += result.Mints;
        _releases += result.Releases;
        if (result.Violation is { } violation)
        {
            output.WriteLine($"VIOLATION of \"{violation.Invariant}\" in bridge seed {result.Options.Seed}");
            output.WriteLine($"  {violation.Message}");
            output.WriteLine($"  {result.Options}");
            output.WriteLine("  the last events:");
            foreach (string line in result.Last.TakeLast(CommandLine.LinesShown))
            {
                output.WriteLine($"    {line}");
            }

            output.WriteLine("  replay: dotnet run -c Release --project tests/TokenLedger.Simulation --"
                + $" --bridge --seed {result.Options.Seed} --nodes {result.Options.Signers}");
        }
    }
}
