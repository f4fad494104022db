// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Many seeds, and one report.</summary>
internal sealed class Campaign(int workers, int? nodes, TextWriter output)
{
    private const ulong SeedsOfACampaign = 200;

    private readonly CampaignFrame<FaultKind, RunResult> _frame = new(
        [.. Behaviours.All.Select(static one => one.Create().ToString()!)], SeedsOfACampaign, output);

    private ulong _blocks;
    private ulong _transactions;

    public int Run(ulong from, ulong to, TimeSpan? time)
    {
        TimeSpan wall = _frame.Run(workers, from, to, time, RunOne, Add);
        output.WriteLine($"commit {CommandLine.Commit}");
        output.WriteLine($"blocks {_blocks}, transactions {_transactions}, seeds repeated in another process"
            + $" {_frame.Repeated}");
        _frame.Counts("Byzantine behaviours that acted:");
        return _frame.End(
            wall, FormattableString.Invariant($"seeds {_frame.Seeds} cluster-hours {_frame.Hours:F2}"));
    }

    private RunResult RunOne(ulong seed, bool repeats)
    {
        RunResult result = SeedRun.Run(FaultPlan.Draw(seed, nodes));
        return repeats && !OtherProcess.Repeats(result)
            ? result with { Violation = result.Violation ?? OtherProcess.Differs }
            : result;
    }

    private void Add(RunResult result)
    {
        _blocks += result.Blocks;
        _transactions += result.Transactions;
        if (result.Violation is not null)
        {
            CommandLine.Report(result, output);
        }
    }
}
