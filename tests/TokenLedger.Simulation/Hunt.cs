// SPDX-License-Identifier: Apache-2.0
#if PLANTED
using System.Diagnostics;
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// Hunts the planted bugs, each in a process of its own: seeds with the faults that bring it out, until a
/// check sees it. A bug that none sees is a hole in the checks.
/// </summary>
internal static class Hunt
{
    private const ulong MostSeeds = 400;

    /// <summary>What came of a seed at a size.</summary>
    private delegate ViolationException? Run(ulong seed, int size);

    /// <summary>The sizes at which each bug must be seen, and runs with the faults that bring it out.
    /// </summary>
    private static readonly SortedDictionary<PlantedBug, (int[] Sizes, Run Run)> Table = new()
    {
        [PlantedBug.QuorumOf2fPlus1] = At([5, 6], [FaultKind.Split]),
        [PlantedBug.FinalizeAfterNullify] = At([4], [FaultKind.SlowLink, FaultKind.Loss]),
        [PlantedBug.FinalizeAfterNullifyAcrossRestart] =
            At([4], [FaultKind.RestartStorm, FaultKind.Crash, FaultKind.SlowLink, FaultKind.Loss]),
        [PlantedBug.VoteBeforeFsync] = At([4], [FaultKind.Crash]),
        [PlantedBug.LostCertification] = At([4], [FaultKind.Crash]),
        [PlantedBug.OwnVotesNotRecounted] = At([4], [FaultKind.Split, FaultKind.Outage, FaultKind.Clog]),
        [PlantedBug.CertificationAbandoned] = At([4], [FaultKind.SlowLink, FaultKind.Loss, FaultKind.Clog]),
        [PlantedBug.StaleCertificate] = At([4], [FaultKind.Duplicate, FaultKind.Reorder, FaultKind.Clog]),
        [PlantedBug.DuplicateSigner] = At([4], [FaultKind.Duplicate, FaultKind.Loss]),
        [PlantedBug.ExMemberCounted] = At([4], [], static () => new ForeignSignerCertifier()),
        [PlantedBug.StateRootNotCompared] = At([4], [], static () => new BadRootLeader()),
        [PlantedBug.MissingEvent] = At([4], []),
        [PlantedBug.WrongRemainder] = At([4], []),
        [PlantedBug.OverlayLeaked] = At([4], [FaultKind.SlowLink, FaultKind.Loss, FaultKind.Crash]),
        [PlantedBug.ApplicationAheadOfFloor] =
            At([4], [FaultKind.OneWayCut, FaultKind.Split, FaultKind.RestartStorm, FaultKind.Crash]),
        [PlantedBug.UnboundedVoteBuffer] = At([4], [], static () => new FarFutureSpammer()),
        [PlantedBug.TimestampUnchecked] = At([4], [FaultKind.ClockSkew], static () => new BadClockLeader()),
        [PlantedBug.WatermarkFromBackup] = At([4], [FaultKind.RestoreOldBackup]),
        [PlantedBug.PoolReplaysFinal] = At([4], []),
        [PlantedBug.UnsyncedServed] = At([4], [FaultKind.Crash]),
        [PlantedBug.BridgeExpiryByLedgerClock] =
            Bridge([BridgeFaultKind.RefusedReceiver, BridgeFaultKind.FinalityStall]),
        [PlantedBug.BridgeBurnReleasedTwice] = Bridge([]),
        [PlantedBug.BridgeSignsUnbacked] = Bridge([BridgeFaultKind.WrongSupply]),
        [PlantedBug.BridgeHeadBeforeFacts] = Bridge([BridgeFaultKind.PowerLoss, BridgeFaultKind.Outage]),
        [PlantedBug.BridgeOutcomesUnchecked] = Bridge([BridgeFaultKind.OmittedEvents]),
        [PlantedBug.BridgeQuorumOfF] = Bridge([], lies: true),
        [PlantedBug.BridgeBurnsUnchecked] =
            Bridge([BridgeFaultKind.InventedEvents, BridgeFaultKind.OmittedEvents]),
        [PlantedBug.BridgeReversalIgnored] = Bridge([BridgeFaultKind.FinalReversal]),
        [PlantedBug.BridgeSendUnwritten] = Bridge([]),
        [PlantedBug.BridgeCancelAtOnce] = Bridge([]),
    };

    private static (int[] Sizes, Run Run) At(
        int[] sizes, FaultKind[] faults, Func<Adversary>? adversary = null)
    {
        var bias = new Bias(faults, adversary);
        return (sizes, (seed, size) => SeedRun.Run(FaultPlan.Draw(seed, size, bias)).Violation);
    }

    private static (int[] Sizes, Run Run) Bridge(BridgeFaultKind[] faults, bool lies = false)
    {
        var bias = new BridgeBias(faults, lies);
        return ([4], (seed, size) => BridgeRun.Run(BridgeFaultPlan.Draw(seed, size, bias)).Violation);
    }

    /// <summary>All bugs, as many at a time as there are cores, and a table.</summary>
    public static int All(TextWriter output)
    {
        PlantedBug[] bugs = [.. Table.Keys];
        string[] rows = new string[bugs.Length];
        int next = -1;
        output.WriteLine("| Planted bug | Seen by | Seeds | Seconds |");
        output.WriteLine("|---|---|---|---|");
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < bugs.Length)
            {
                rows[i] = OtherProcess.Run("--plant", bugs[i].ToString());
                lock (rows)
                {
                    output.WriteLine(rows[i]);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        int caught = rows.Count(row => row.StartsWith("| ", StringComparison.Ordinal));
        int planted = Enum.GetValues<PlantedBug>().Length - 1;
        output.WriteLine(FormattableString.Invariant($"planted {caught}/{planted}"));
        return caught == planted ? 0 : 1;
    }

    /// <summary>One bug, in this process: a line of the table, or why there is none.</summary>
    public static int One(string name, TextWriter output)
    {
        if (!Enum.TryParse(name, out PlantedBug bug)
            || !Table.TryGetValue(bug, out (int[] Sizes, Run Run) hunt))
        {
            output.WriteLine($"There is no planted bug {name} that is hunted.");
            return 2;
        }

        return Find(bug, hunt.Sizes, hunt.Run, output);
    }

    private static int Find(PlantedBug bug, int[] sizes, Run run, TextWriter output)
    {
        long started = Stopwatch.GetTimestamp();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        ulong seeds = 0;
        foreach (int size in sizes)
        {
            Planted.Choose(bug);
            ViolationException? violation = null;
            ulong seed = 0;
            while (violation is null && seed < MostSeeds)
            {
                violation = run(++seed, size);
            }

            seeds += seed;
            if (violation is null)
            {
                output.WriteLine($"NOT SEEN: {bug} at {size} nodes in {seeds} seeds");
                return 1;
            }

            // The same seed with right code must show nothing, or it was not the bug that was seen.
            Planted.Choose(PlantedBug.None);
            if (run(seed, size) is { } control)
            {
                output.WriteLine(
                    $"VIOLATION without {bug} too, seed {seed}, {size} nodes: {Describe(control)}");
                return 1;
            }

            seen.Add(Describe(violation));
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(FormattableString.Invariant(
            $"| {bug} | {string.Join("; ", seen)} | {seeds} | {seconds:F1} |"));
        return 0;
    }

    /// <summary>A node that stopped itself says by which of its own rules.</summary>
    private static string Describe(ViolationException violation)
    {
        string first = violation.Message.Split('\n')[0];
        return violation.Invariant == "no node stops itself"
            ? $"{violation.Invariant} ({first[..Math.Min(first.Length, 140)]})"
            : violation.Invariant;
    }
}
#endif
