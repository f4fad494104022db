// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>An injury and what must hold under it and after it.</summary>
/// <param name="Name">What a person calls it by.</param>
/// <param name="About">One line.</param>
/// <param name="IsLong">Whether only a campaign has time for it.</param>
/// <param name="RunAsync">Does it, on a whole cluster, which it leaves whole; tells what came of it.</param>
internal sealed record Scenario(
    string Name, string About, bool IsLong, Func<ChaosRun, DeterministicRandom, Task<string>> RunAsync);

/// <summary>All of them.</summary>
internal static class Scenarios
{
    public static Scenario[] All { get; } =
    [
        new("pause", "SIGSTOP for 10 s: the others go on, and it comes back", false,
            ProcessScenarios.PauseAsync),
        new("storm", "one validator restarts five times in a row", false,
            (run, random) => ProcessScenarios.StormAsync(run, random, 5, TimeSpan.FromMilliseconds(1_500))),
        new("long-storm", "one validator restarts ten times in a minute", true,
            (run, random) => ProcessScenarios.StormAsync(run, random, 10, TimeSpan.FromSeconds(6))),
        new("halves", "two and two cannot hear each other: nothing is final, and then it is", false,
            NetworkScenarios.HalvesAsync),
        new("deaf", "one validator hears nothing and is heard: the others go on", false,
            (run, random) => NetworkScenarios.OneWayAsync(run, random, isDeaf: true)),
        new("mute", "one validator hears all and is not heard: the others go on", false,
            (run, random) => NetworkScenarios.OneWayAsync(run, random, isDeaf: false)),
        new("ring", "everybody hears its neighbours only", false, NetworkScenarios.RingAsync),
        new("swizzle", "validators are cut off one by one, and come back in another order", true,
            NetworkScenarios.SwizzleAsync),
        new("delay", "one validator is 300 ms away: the others go on", false,
            (run, random) => NetworkScenarios.SlowAsync(
                run, random, new Traffic(Delay: TimeSpan.FromMilliseconds(300)))),
        new("throttle", "one validator has 20 kB/s: the others go on", false,
            (run, random) => NetworkScenarios.SlowAsync(run, random, new Traffic(BytesPerSecond: 20_000))),
        new("half-open", "one validator's connections are gone at one end only: it comes back", false,
            NetworkScenarios.HalfOpenAsync),
        new("reset", "one validator's connections are closed, and refused for 3 s", false,
            NetworkScenarios.ResetAsync),
        new("flood", "a validator's key floods the others with messages of every kind", false,
            PeerScenarios.FloodAsync),
        new("idle-connections", "800 connections that say nothing, at peers' and clients' ports", false,
            PeerScenarios.IdleConnectionsAsync),
        new("clock", "one validator's clock is wrong, within the tolerance and by an hour, then right", false,
            ClockScenarios.WrongAsync),
    ];
}
