// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>A cluster under load, what is known of it, and where its accidents are drawn from.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    /// <summary>Enough that each has one payment under way and the rate is still reached.</summary>
    private const int Clients = 60;

    /// <summary>What all clients offer together: far below saturation, so that what stalls is seen.</summary>
    private const double PerSecond = 120;

    private readonly TextWriter _output;
    private OfferedLoad? _load;
    private Auditor? _auditor;

    private ChaosRun(ulong seed, bool links, TextWriter output)
    {
        Random = new DeterministicRandom(seed);
        Cluster = new ChaosCluster(links);
        _output = output;
    }

    public DeterministicRandom Random { get; }

    public ChaosCluster Cluster { get; }

    public OfferedLoad Load => _load!;

    public Auditor Auditor => _auditor!;

    /// <summary>Starts the validators and the load, and takes down where the chain stands.</summary>
    public static async Task<ChaosRun> StartAsync(ulong seed, bool links, TextWriter output)
    {
        var run = new ChaosRun(seed, links, output);
        long started = Stopwatch.GetTimestamp();
        await run.Cluster.EnsureWholeAsync();
        run.Say($"all four finalize after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        run._load = await OfferedLoad.PrepareAsync(run.Cluster, Clients);
        run._auditor = new Auditor(run.Cluster, run._load);
        await run._auditor.LookAsync(run.Random.Fork("start"), ChaosCluster.All);
        run._load.Start(PerSecond, ChaosCluster.All);
        run.Say($"{Clients} clients pay after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        return run;
    }

    /// <summary>Ends the load and reads everything again.</summary>
    public async Task EndAsync()
    {
        await Load.StopAsync();
        await Auditor.LookAtAllAsync(ChaosCluster.All);
    }

    public void Say(FormattableString line) => _output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }
}
