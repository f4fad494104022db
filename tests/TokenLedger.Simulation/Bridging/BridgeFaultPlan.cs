// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>What a seed has in any case: the bias of a hunt for one mistake.</summary>
/// <param name="Faults">Kinds of fault that exist.</param>
/// <param name="Lies">Whether a signer lies.</param>
internal sealed record BridgeBias(BridgeFaultKind[] Faults, bool Lies = false);

/// <summary>Draws what a seed is about: its lane, its length, and which faults happen when.</summary>
internal static class BridgeFaultPlan
{
    private const ulong WarmUpMs = 20_000;

    /// <summary>What nothing proves and only a quorum outvotes: at no more than f signers, the last ones.
    /// </summary>
    private static readonly BridgeFaultKind[] OfFaultySigners =
    [
        BridgeFaultKind.SwappedOutcomes, BridgeFaultKind.MovedEvents, BridgeFaultKind.RotationLies,
        BridgeFaultKind.WrongSupply, BridgeFaultKind.EarlyFinality,
    ];

    /// <summary>What halts the lane, or a signer, for good: few seeds have it, so that the others come to
    /// their end.</summary>
    private static readonly BridgeFaultKind[] Halting =
    [
        BridgeFaultKind.FinalReversal, BridgeFaultKind.ForgedUnits, BridgeFaultKind.WrongSupplyEverywhere,
    ];

    /// <summary>Draws a seed's run.</summary>
    public static BridgeOptions Draw(ulong seed, int? signers = null, BridgeBias? bias = null)
    {
        DeterministicRandom random = new Purpose(seed, "bridge options").At(0);
        int size = random.Below(10) switch { < 6 => 4, < 8 => 5, < 9 => 6, _ => 7 };
        ulong chaos = random.Between(120_000, 360_000);
        ulong every = random.Between(2_000, 9_000);
        ulong remote = random.Between(3_000, 12_000);
        ulong lag = random.Between(1, 6);
        ulong ledger = random.Between(1_000, 3_000);
        ulong lifetime = random.Between(150_000, 300_000);
        ulong gather = random.Between(0, 15_000);
        size = signers ?? size;
        return new BridgeOptions
        {
            Seed = seed,
            Signers = size,
            ChaosMs = chaos,
            ClientEveryMs = every,
            RemoteEveryMs = remote,
            FinalLag = lag,
            LedgerEveryMs = ledger,
            LifetimeMs = lifetime,
            GatherMs = gather,
            Byzantine = [.. Byzantine(seed, size, bias)],
            Faults = [.. Faults(seed, size, chaos, bias).OrderBy(fault => fault.AtMs).ThenBy(f => f.Id)],
        };
    }

    private static IEnumerable<int> Byzantine(ulong seed, int signers, BridgeBias? bias)
    {
        DeterministicRandom random = new Purpose(seed, "bridge byzantine").At(0);
        int most = (signers - 1) / 3;
        int count = random.PerMille(500) || bias?.Lies == true ? 1 + random.Below(most) : 0;
        return Enumerable.Range(signers - count, count);
    }

    /// <summary>Which kinds exist is drawn first: seeds differ in kind, and not only in place.</summary>
    private static IEnumerable<BridgeFault> Faults(
        ulong seed, int signers, ulong chaosMs, BridgeBias? bias)
    {
        var exists = new Purpose(seed, "bridge exists");
        var places = new Purpose(seed, "bridge fault");
        foreach (BridgeFaultKind kind in Enum.GetValues<BridgeFaultKind>())
        {
            DeterministicRandom swarm = exists.At((ulong)kind);
            bool isHalting = Halting.Contains(kind);
            if (!swarm.PerMille(isHalting ? 40 : 250) && bias?.Faults.Contains(kind) != true)
            {
                continue;
            }

            int count = isHalting ? 1 : 1 + swarm.Below(4);
            for (int i = 0; i < count; i++)
            {
                ulong id = ((ulong)kind * 100) + (ulong)i;
                yield return Place(id, kind, signers, chaosMs, places.At(id));
            }
        }
    }

    private static BridgeFault Place(
        ulong id, BridgeFaultKind kind, int signers, ulong chaosMs, DeterministicRandom random)
    {
        ulong at = random.Between(WarmUpMs, chaosMs - 1_000);
        ulong length = random.Between(2_000, 90_000);
        int spared = signers - ((signers - 1) / 3);
        int target = OfFaultySigners.Contains(kind)
            ? spared + random.Below(signers - spared)
            : random.Below(signers);
        return new BridgeFault(id, at, length, kind, target, random.Next() >> 8);
    }
}
