// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>A mistake that the wiring makes on purpose, so that a test sees the checker see it.</summary>
internal enum Breakage
{
    None,

    /// <summary>Own votes leave before their record is synced.</summary>
    VoteBeforeSync,

    /// <summary>Blocks are called final before they are synced.</summary>
    FinalBeforeSync,

    /// <summary>A node comes back from its first crash with empty disks, and votes.</summary>
    ForgottenVotes,

    /// <summary>The links never heal.</summary>
    Stalled,

    /// <summary>A transfer in the model moves one unit less.</summary>
    WrongModel,

    /// <summary>The second node reports another block than the one it committed.</summary>
    Forked,

    /// <summary>Evidence is read as if it named the validator after the guilty one.</summary>
    BlamedNeighbour,

    /// <summary>Evidence never comes to anybody's notice.</summary>
    UnreportedEvidence,

    /// <summary>Backups have the signer guard with them, which comes back as old as the rest.</summary>
    GuardInBackup,
}

/// <summary>All that a run depends on.</summary>
internal sealed record SimOptions
{
    public required ulong Seed { get; init; }

    public required int Nodes { get; init; }

    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Length of the first phase, in which the faults happen.</summary>
    public required ulong ChaosMs { get; init; }

    /// <summary>In which a healthy quorum must finalize a block and a new transaction.</summary>
    public ulong LivenessMs { get; init; } = 30_000;

    /// <summary>Whether no more nodes break for good than the protocol stands.</summary>
    public bool InBudget { get; init; } = true;

    /// <summary>Real signatures on votes in the place of keyed hashes.</summary>
    public bool RealSignatures { get; init; }

    /// <summary>Mean time between two client actions; zero for none.</summary>
    public ulong ClientEveryMs { get; init; } = 400;

    /// <summary>Client actions left out, by number: what shrinking leaves out.</summary>
    public IReadOnlySet<ulong> Without { get; init; } = new HashSet<ulong>();

    /// <summary>Who is Byzantine: with those that are lost in the end, at most f.</summary>
    public IReadOnlyList<ByzantineNode> Byzantine { get; init; } = [];

    public Breakage Breakage { get; init; }

    /// <summary>Nodes that may be left out for good.</summary>
    public int MaxFaulty => (Nodes - 1) / 3;

    /// <summary>
    /// The test network's, but that an atomic unit of the bond is worth half a millionth of a dollar more
    /// than a round number, and the first tier ends half a millionth below an amount: whoever rounds down
    /// misses it.
    /// </summary>
    public GenesisDocument Genesis(Func<int, Address> voteKey) => TestNetwork.Genesis() with
    {
        Assets = [.. TestNetwork.Genesis().Assets.Select(Revalued)],
        Policies = [.. TestNetwork.Genesis().Policies.Select(WithEdge)],
        Consensus = new ConsensusParameters(200, 1_000),
        Validators = [.. Enumerable.Range(0, Nodes).Select(index => new Core.Consensus.Validator(
            $"validator-{index}",
            voteKey(index),
            Hashing.Hash(DomainTag.StateValue, [(byte)index])))],
    };

    private static GenesisAsset Revalued(GenesisAsset asset) => asset.Definition.Id == TestNetwork.Bond
        ? asset with
        {
            Definition = asset.Definition with { UnitValueMicroUsd = BalanceModel.UnitValueMicroUsd },
        }
        : asset;

    private static ApprovalPolicy WithEdge(ApprovalPolicy policy) => policy.Kind == PrivilegedKind.IssueUnits
        ? policy with
        {
            Tiers = policy.Tiers.SetItem(
                0, policy.Tiers[0] with { UpToMicroUsd = BalanceModel.FirstTierMicroUsd }),
        }
        : policy;

    public override string ToString() =>
        $"nodes {Nodes}, chaos {ChaosMs} ms, {(InBudget ? "in budget" : "over budget")},"
        + $" {(RealSignatures ? "secp256k1" : "keyed-hash")} votes, a client action each {ClientEveryMs} ms,"
        + $" {Without.Count} actions left out, breakage {Breakage}, {Faults.Count} faults"
        + string.Concat(Byzantine.Select(one => $", {one}"));
}
