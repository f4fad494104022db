// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>Draws what a seed is about: its network, its length, and which faults happen when.</summary>
internal static class FaultPlan
{
    private const ulong WarmUpMs = 3_000;

    private static readonly FaultKind[] OnLinks =
    [
        FaultKind.Loss, FaultKind.Duplicate, FaultKind.Reorder, FaultKind.Corrupt, FaultKind.OneWayCut,
        FaultKind.Deaf, FaultKind.Ring, FaultKind.Split, FaultKind.Clog, FaultKind.SlowLink,
    ];

    /// <summary>Draws a seed's run.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="nodes">The cluster's size, if it is not to be drawn.</param>
    /// <param name="bias">What exists in any case.</param>
    public static SimOptions Draw(ulong seed, int? nodes = null, Bias? bias = null)
    {
        DeterministicRandom random = new Purpose(seed, "options").At(0);
        int size = random.Below(10) switch { < 6 => 4, < 7 => 5, < 8 => 6, _ => 7 };
        ulong chaos = random.Between(15_000, 45_000);
        bool inBudget = !random.PerMille(150);
        bool real = random.PerMille(30);
        ulong every = random.Between(100, 800);
        size = nodes ?? (real ? 4 : size);
        return new SimOptions
        {
            Seed = seed,
            Nodes = size,
            ChaosMs = chaos,
            InBudget = inBudget,
            RealSignatures = real,
            ClientEveryMs = every,
            Byzantine = [.. Byzantine(seed, size, bias)],
            Faults =
            [
                .. Faults(seed, size, chaos, inBudget, bias).OrderBy(fault => fault.AtMs).ThenBy(f => f.Id),
            ],
        };
    }

    /// <summary>
    /// Up to f of the last nodes, which are those that may be lost in the end. The behaviours take turns from
    /// seed to seed, so that none is left out; now and then one has two.
    /// </summary>
    private static IEnumerable<ByzantineNode> Byzantine(ulong seed, int nodes, Bias? bias)
    {
        var choices = new Purpose(seed, "byzantine");
        int most = (nodes - 1) / 3;
        int count = most > 0 && (bias?.Adversary is not null || choices.At(0).PerMille(600))
            ? 1 + choices.At(0, 1).Below(most)
            : 0;
        for (int i = 0; i < count; i++)
        {
            DeterministicRandom random = choices.At((ulong)i + 1);
            Adversary adversary = i == 0
                ? bias?.Adversary?.Invoke()
                    ?? Behaviours.All[(int)(seed % (ulong)Behaviours.All.Count)].Create()
                : Behaviours.Draw(random, Harness.Simulation);
            if (random.PerMille(250) && bias?.Adversary is null)
            {
                adversary = new BothOf(adversary, Behaviours.Draw(random, Harness.Simulation));
            }

            yield return new ByzantineNode(nodes - 1 - i, adversary);
        }
    }

    /// <summary>Which kinds exist is drawn first: seeds differ in kind, and not only in place.</summary>
    private static IEnumerable<Fault> Faults(
        ulong seed, int nodes, ulong chaosMs, bool inBudget, Bias? bias)
    {
        var exists = new Purpose(seed, "exists");
        var places = new Purpose(seed, "fault");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            DeterministicRandom swarm = exists.At((ulong)kind);
            if (!swarm.PerMille(350) && bias?.Faults.Contains(kind) != true)
            {
                continue;
            }

            int count = 1 + swarm.Below(4);
            for (int i = 0; i < count; i++)
            {
                ulong id = ((ulong)kind * 100) + (ulong)i;
                yield return Place(id, kind, nodes, chaosMs, inBudget, places.At(id));
            }
        }
    }

    private static Fault Place(
        ulong id, FaultKind kind, int nodes, ulong chaosMs, bool inBudget, DeterministicRandom random)
    {
        ulong at = random.Between(WarmUpMs, chaosMs - 1_000);
        ulong length = random.Between(200, Math.Min(12_000, chaosMs - at));
        int target = random.Below(nodes);
        int peer = random.PerMille(300) ? -1 : random.Below(nodes);
        // What only a new disk could heal, and wrong clocks, come to at most f nodes: the last ones.
        int spared = nodes - ((nodes - 1) / 3);
        bool budgeted = kind is FaultKind.BitRot or FaultKind.MisdirectedRead or FaultKind.ClockSkew
            or FaultKind.ClockJump or FaultKind.ClockFreeze;
        // A node that has forgotten what it said or held is one of the f faulty, whatever its guard does.
        bool forgets = kind is FaultKind.RestoreOldBackup or FaultKind.LostGuard or FaultKind.OldGuard
            or FaultKind.WipedDisk;
        bool isOneOfF = (budgeted && inBudget) || forgets;
        target = isOneOfF ? spared + random.Below(nodes - spared) : target;
        return new Fault(id, at, length, kind, target, peer, Parameter(kind, nodes, random));
    }

    private static ulong Parameter(FaultKind kind, int nodes, DeterministicRandom random) => kind switch
    {
        _ when OnLinks.Contains(kind) && kind == FaultKind.SlowLink => random.Between(50, 800),
        FaultKind.Split => random.Between(1, (1ul << nodes) - 2),
        FaultKind.Corrupt => random.Between(5, 200),
        FaultKind.Loss => random.Between(20, 500),
        FaultKind.Duplicate or FaultKind.Reorder => random.Between(100, 600),
        FaultKind.ClockSkew => random.Between(0, 7_200_000),
        FaultKind.ClockJump => random.Between(0, 7_200_000),
        FaultKind.DiskStall => random.Between(20, 1_500),
        _ => random.Next() >> 8,
    };
}
