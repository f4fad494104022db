// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;

namespace TokenLedger.Testing;

/// <summary>A planted bug that the checks must find.</summary>
public enum Sabotage
{
    None,

    /// <summary>Votes leave before their record is durable.</summary>
    VoteBeforeSync,

    /// <summary>A view that was nullified is finalized all the same once its block is certified.</summary>
    FinalizeAfterNullify,

    /// <summary>A restart forgets the own votes.</summary>
    ForgetOwnVotes,

    /// <summary>Blocks are called certified before they are durable.</summary>
    CertifyBeforeDurable,

    /// <summary>Nothing is ever repeated or fetched.</summary>
    NeverRepeat,

    /// <summary>A node delivers what was only notarized.</summary>
    FinalizeOnNotarization,
}

/// <summary>
/// One simulated run: which faults exist and how strong they are. All times are virtual milliseconds.
/// </summary>
public sealed record SimulationOptions
{
    public required ulong Seed { get; init; }

    public required int Validators { get; init; }

    /// <summary>How long faults last; then all heals.</summary>
    public ulong ChaosMs { get; init; } = 6_000;

    /// <summary>How long after healing every honest node must have made new blocks final.</summary>
    public ulong HealMs { get; init; } = 30_000;

    public int LossPerMille { get; init; }

    public int DuplicatePerMille { get; init; }

    public ulong DelayLowMs { get; init; } = 2;

    public ulong DelayHighMs { get; init; } = 20;

    /// <summary>Chance of a new partition in each 500 ms, symmetric or one-way.</summary>
    public int PartitionPerMille { get; init; }

    /// <summary>Chance of each node's crash in each 500 ms.</summary>
    public int CrashPerMille { get; init; }

    /// <summary>Chance that all nodes crash at one moment of the run.</summary>
    public bool TotalOutage { get; init; }

    public ulong SyncHighMs { get; init; } = 4;

    public ulong ApplicationHighMs { get; init; } = 30;

    /// <summary>Views in which transactions wait, so that the leader does not idle.</summary>
    public int BusyPerMille { get; init; } = 700;

    /// <summary>Builds that fail.</summary>
    public int BuildFailPerMille { get; init; }

    /// <summary>So many first nodes start only when all heals.</summary>
    public int Asleep { get; init; }

    /// <summary>What the Byzantine nodes are, by index from the last: at most f.</summary>
    public IReadOnlyList<Adversary> Adversaries { get; init; } = [];

    public Sabotage Sabotage { get; init; }

    public ConsensusTimers Timers { get; init; } = ConsensusTimers.FromDelta(100, 200);

    /// <summary>Draws which faults exist, and how strong, from the seed.</summary>
    public static SimulationOptions Draw(ulong seed, int validators)
    {
        DeterministicRandom random = new DeterministicRandom(seed).Fork("options" + validators);
        int faulty = random.Below(((validators - 1) / 3) + 1);
        return new SimulationOptions
        {
            Seed = seed,
            Validators = validators,
            ChaosMs = random.Between(2_000, 16_000),
            LossPerMille = random.PerMille(500) ? random.Below(200) : 0,
            DuplicatePerMille = random.PerMille(500) ? random.Below(100) : 0,
            DelayHighMs = random.PerMille(200) ? random.Between(50, 400) : random.Between(5, 40),
            PartitionPerMille = random.PerMille(500) ? random.Below(400) : 0,
            CrashPerMille = random.PerMille(500) ? random.Below(100) : 0,
            TotalOutage = random.PerMille(200),
            SyncHighMs = random.PerMille(200) ? random.Between(20, 120) : random.Between(1, 6),
            ApplicationHighMs = random.PerMille(200) ? random.Between(60, 200) : random.Between(5, 40),
            BusyPerMille = random.Below(1001),
            BuildFailPerMille = random.PerMille(300) ? random.Below(100) : 0,
            Adversaries =
            [
                .. Enumerable.Range(0, faulty).Select(_ => Behaviours.Draw(random, Harness.Network)),
            ],
        };
    }
}
