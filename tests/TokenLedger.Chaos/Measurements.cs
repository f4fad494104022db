// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Chaos;

/// <summary>
/// The figures under faults. Each is printed beside its goal, and a figure that misses it counts as a
/// failure; so does a run that is void.
/// </summary>
internal sealed class Measurements : IAsyncDisposable
{
    private const int Clients = 400;
    private const double ShareOfSaturation = 0.7;

    /// <summary>Transactions a second before the fault below which a run says nothing.</summary>
    private const double VoidBelow = 100;

    private const int LeaderKills = 50;
    private const int Victim = ChaosCluster.Size - 1;
    private const double LightPerSecond = 60;

    /// <summary>The dead one's turn comes, with all of its timer, and one second is left over.</summary>
    private static readonly TimeSpan AfterADeath = TimeSpan.FromSeconds(3);

    /// <summary>As fast as the network takes them.</summary>
    private const double Unlimited = 1_000_000;

    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(12);

    private readonly ChaosCluster _cluster = new(links: true);
    private readonly TextWriter _output;
    private OfferedLoad? _load;
    private int _missed;

    private Measurements(TextWriter output) => _output = output;

    /// <summary>What there is to measure.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["all", "clients", "throughput", "leaders", "partitions", "returns", "byzantine"];

    /// <summary>Measures one of <see cref="All"/> on a fresh network.</summary>
    /// <returns>0: every figure meets its goal.</returns>
    public static async Task<int> RunAsync(string what, TextWriter output)
    {
        await using var measurements = new Measurements(output);
        if (what is "all" or "clients")
        {
            await measurements.ClientsAsync();
        }

        await measurements._cluster.EnsureWholeAsync();
        measurements._load = await OfferedLoad.PrepareAsync(measurements._cluster, Clients);
        foreach ((string name, Func<Task> measure) in new (string, Func<Task>)[]
        {
            ("throughput", measurements.ThroughputAsync),
            ("leaders", measurements.LeadersAsync),
            ("partitions", measurements.PartitionsAsync),
            ("returns", measurements.ReturnsAsync),
            // Last, for no honest process may have that validator's key any more.
            ("byzantine", measurements.ByzantineAsync),
        })
        {
            if (what == "all" || what == name)
            {
                await measure();
            }
        }

        await output.WriteLineAsync($"figures missed {measurements._missed}");
        return measurements._missed == 0 ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    private void Tell(string what, string figure, string goal, bool isMet)
    {
        _missed += isMet ? 0 : 1;
        _output.WriteLine($"{what,-34} {figure,-46} {goal,-18} {(isMet ? "ok" : "MISSED")}");
    }

    private async Task ClientsAsync()
    {
        (double quiet, double flooded, double refused) = await ClientFlood.MeasureAsync();
        Tell("a client floods: another's p99",
            Text($"{quiet:F1} ms, flooded {flooded:F1} ms, {refused:F0} refusals/s"), "< 10 % more",
            flooded < 1.1 * quiet && refused > 0);
    }

    /// <summary>What the network does without a fault: the figures that those with faults are shares of.
    /// </summary>
    private async Task<(double Offered, double Whole)> FaultlessAsync()
    {
        await RateAsync(Unlimited, Phase);
        (double saturation, _) = await RateAsync(Unlimited, Phase);
        double offered = ShareOfSaturation * saturation;
        (double whole, double p99) = await RateAsync(offered, Phase);
        Tell("saturation", Text($"{saturation:F0} tx/s"), "", true);
        Tell("no fault", Text($"{whole:F0} of {offered:F0} tx/s, p99 {p99:F0} ms"),
            Text($"not below {VoidBelow:F0}"), whole >= VoidBelow);
        return (offered, whole);
    }

    private async Task ThroughputAsync()
    {
        (double offered, double whole) = await FaultlessAsync();
        (double crashed, double crashedP99) = await RateAsync(offered, Phase, () => _cluster.Kill(Victim));
        Tell("f crashed", Text($"{100 * crashed / whole:F0} %, p99 {crashedP99:F0} ms"), ">= 80 %",
            crashed >= 0.8 * whole);

        foreach (FloodKind kind in Enum.GetValues<FloodKind>())
        {
            await using var flood = new Flood(
                _cluster, Victim, kind, Steps.Others(Victim), new DeterministicRandom(1));
            (double flooded, double floodedP99) = await RateAsync(offered, Phase);
            Tell($"f flood: {kind}", Text($"{100 * flooded / whole:F0} %, p99 {floodedP99:F0} ms"), ">= 50 %",
                flooded >= 0.5 * whole);
        }

        await _cluster.EnsureWholeAsync();
    }

    /// <summary>
    /// One of four says what no honest validator says: here, in this program, on its real keys. Clients pay
    /// at the others.
    /// </summary>
    private async Task ByzantineAsync()
    {
        (double offered, double whole) = await FaultlessAsync();
        int[] honest = Steps.Others(Victim);
        _cluster.Kill(Victim);
        foreach (Behaviour behaviour in Behaviours.All.Where(static behaviour => behaviour.Create()
            is EquivocatingLeader or SilentLeader or WithholdingLeader or OversizedBlockLeader or Nullifier))
        {
            Adversary adversary = behaviour.Create();
            await using ByzantineValidator liar =
                await ByzantineValidator.StartAsync(_cluster.Folder, Victim, adversary);
            ulong height = await HighestAsync();
            await Deadline.UntilAsync("the liar follows", TimeSpan.FromSeconds(60), () =>
                Task.FromResult(liar.Height >= height));
            (double rate, double p99) = await RateAsync(offered, Phase, at: honest);
            ulong acts = liar.Acts.Values.Aggregate(0ul, static (sum, count) => sum + count);
            Tell($"f Byzantine: {adversary}",
                Text($"{100 * rate / whole:F0} %, p99 {p99:F0} ms, {acts} lies"), ">= 50 %",
                rate >= 0.5 * whole && acts > 0);
        }
    }

    /// <summary>Offers a rate for a while; what is injured, is injured at its beginning.</summary>
    /// <returns>What became final in a second, and the 99th percentile of latency in ms.</returns>
    private async Task<(double PerSecond, double P99)> RateAsync(
        double perSecond, TimeSpan time, Action? injure = null, IReadOnlyList<int>? at = null)
    {
        _load!.Settled.Clear();
        long started = Stopwatch.GetTimestamp();
        _load.Start(perSecond, at ?? ChaosCluster.All);
        injure?.Invoke();
        await Task.Delay(time);
        Settled[] settled = [.. _load.Settled];
        double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await _load.StopAsync();
        return (settled.Length / elapsed,
            Percentile.Of(settled.Select(static one => one.Latency.TotalMilliseconds), 0.99));
    }

    /// <summary>
    /// The leader that a node tells of has often handed over before it dies, and the next block is on its
    /// way then. The dead one's next turn comes within four views, so the longest silence of the seconds
    /// after its death is the time from a leader's death to the first commit, whichever turn it was.
    /// </summary>
    private async Task LeadersAsync()
    {
        await using var watch = new CommitWatch(_cluster);
        _load!.Start(LightPerSecond, ChaosCluster.All);
        var gaps = new List<double>();
        for (int i = 0; i < LeaderKills; i++)
        {
            GetNodeStatusResponse status = (await _cluster.TryStatusAsync(i % ChaosCluster.Size))!;
            int leader = int.Parse(status.Leader.Split('-')[1], CultureInfo.InvariantCulture) - 1;
            _cluster.Kill(leader);
            long killed = Stopwatch.GetTimestamp();
            await Task.Delay(AfterADeath);
            gaps.Add(LongestGap(watch.Since(killed), killed));
            await _cluster.EnsureWholeAsync();
        }

        await _load.StopAsync();
        (double p50, double p99) = (Percentile.Of(gaps, 0.5), Percentile.Of(gaps, 0.99));
        Tell("first commit after leader's SIGKILL",
            Text($"p50 {p50:F0} ms, p99 {p99:F0} ms, {LeaderKills} kills"), "<= 1 s, <= 2 s",
            p50 <= 1_000 && p99 <= 2_000);
    }

    /// <summary>The longest time without a new height until now, in ms.</summary>
    private static double LongestGap(IEnumerable<Commit> commits, long from)
    {
        long longest = 0;
        ulong height = 0;
        foreach (Commit commit in commits.Where(commit => commit.Height > height))
        {
            height = commit.Height;
            longest = Math.Max(longest, commit.At - from);
            from = commit.At;
        }

        longest = Math.Max(longest, Stopwatch.GetTimestamp() - from);
        return 1_000.0 * longest / Stopwatch.Frequency;
    }

    private async Task PartitionsAsync()
    {
        const int Times = 6;
        _load!.Start(LightPerSecond, ChaosCluster.All);
        var resumed = new List<double>();
        for (int i = 0; i < Times; i++)
        {
            // Short ones leave connections as they are; long ones outlast the keep-alive.
            NetworkScenarios.CutHalves(_cluster.Links!, 1 + (i % 3));
            await Task.Delay(TimeSpan.FromSeconds(i % 2 == 0 ? 4 : 15));
            ulong height = await HighestAsync();
            _cluster.Links!.Heal();
            TimeSpan time = await _cluster.ReachAsync(height + 1, TimeSpan.FromSeconds(60), ChaosCluster.All);
            resumed.Add(time.TotalSeconds);
            await _cluster.EnsureWholeAsync();
        }

        await _load.StopAsync();
        Tell("all further after a partition", Text($"most {resumed.Max():F1} s of {Times}"), "<= 5 s",
            resumed.Max() <= 5);
    }

    private async Task ReturnsAsync()
    {
        const int Times = 4;
        _load!.Start(LightPerSecond, ChaosCluster.All);
        var resumed = new List<double>();
        for (int i = 0; i < Times; i++)
        {
            int[] victims = [i, (i + 1) % ChaosCluster.Size];
            Array.ForEach(victims, _cluster.Kill);
            await Task.Delay(TimeSpan.FromSeconds(5));
            ulong height = await HighestAsync();
            Array.ForEach(victims, victim => _cluster.Start(victim));
            TimeSpan time = await _cluster.ReachAsync(height + 1, TimeSpan.FromSeconds(60), ChaosCluster.All);
            resumed.Add(time.TotalSeconds);
            await _cluster.EnsureWholeAsync();
        }

        await _load.StopAsync();
        Tell("all further after more than f return", Text($"most {resumed.Max():F1} s of {Times}"), "<= 15 s",
            resumed.Max() <= 15);
    }

    private async Task<ulong> HighestAsync()
    {
        ulong highest = 0;
        foreach (int node in _cluster.Running)
        {
            highest = Math.Max(highest, (await _cluster.TryStatusAsync(node))?.Height ?? 0);
        }

        return highest;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
