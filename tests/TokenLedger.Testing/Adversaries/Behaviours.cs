// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Where Byzantine validators can be let loose.</summary>
[Flags]
public enum Harness
{
    None = 0,

    /// <summary>Consensus alone: <see cref="SeededNetwork"/>. Blocks have no bodies here.</summary>
    Network = 1,

    /// <summary>Whole clusters in virtual time: TokenLedger.Simulation.</summary>
    Simulation = 2,

    /// <summary>Real processes, with a Byzantine validator among them: TokenLedger.Cluster.Tests.</summary>
    Processes = 4,

    All = Network | Simulation | Processes,
}

/// <summary>One named way to misbehave.</summary>
/// <param name="Name">As the list of 24 calls it; the last ones are beyond that list.</param>
/// <param name="Create">Makes one.</param>
/// <param name="Where">The harnesses in which it can act.</param>
/// <param name="WhyNot">Why it cannot act in the others; null when there are none.</param>
public sealed record Behaviour(string Name, Func<Adversary> Create, Harness Where, string? WhyNot);

/// <summary>Every named Byzantine behaviour.</summary>
public static class Behaviours
{
    private const string NoBodies = "blocks have no bodies there, and nothing travels but consensus messages";

    /// <summary>How many of them are on the list that the project owes.</summary>
    public const int Named = 24;

    /// <summary>The named ones first, in the list's order.</summary>
    public static IReadOnlyList<Behaviour> All { get; } =
    [
        Everywhere("double proposal", static () => new EquivocatingLeader()),
        Everywhere("double prevote (notarize)", static () => new DoubleNotarizer()),
        Everywhere("double precommit (finalize)", static () => new DoubleFinalizer()),
        Everywhere("forgotten lock", static () => new ForgetfulVoter()),
        Everywhere("unlock without proof", static () => new StaleParentLeader()),
        Everywhere("vote for invalid block", static () => new BlindVoter()),
        Everywhere("duplicate-signer certificate", static () => new DuplicateSignerCertifier()),
        Everywhere("ex-member certificate", static () => new ForeignSignerCertifier()),
        Everywhere("stale-round votes", static () => new StaleVoter()),
        Everywhere("far-future rounds", static () => new FarFutureSpammer()),
        Everywhere("always-nil", static () => new Nullifier()),
        Everywhere("silent leader", static () => new SilentLeader()),
        Everywhere("proposal to half", static () => new WithholdingLeader()),
        Everywhere("proposal at timeout edge", static () => new LateLeader()),
        Everywhere("selective vote withholding", static () => new HiddenVoter()),
        Everywhere("replay", static () => new Replayer()),
        Everywhere("bad timestamp", static () => new BadClockLeader()),
        Everywhere("bad root", static () => new BadRootLeader()),
        NotInNetwork("invalid tx in block", static () => new InvalidTransactionLeader(), NoBodies),
        NotInNetwork("oversized block", static () => new OversizedBlockLeader(), NoBodies),
        NotInNetwork("censorship", static () => new Censor(), NoBodies),
        Everywhere("false evidence", static () => new FalseAccuser()),
        Everywhere("evidence flood", static () => new EvidenceFlooder()),
        Everywhere("lying sync", static () => new LyingSource()),
        Everywhere("silent validator", static () => new SilentValidator()),
        Everywhere("forged signatures", static () => new ForgingVoter()),
        Everywhere("typed mutation", static () => new MessageMutator()),
    ];

    /// <summary>One of those that can act in a harness.</summary>
    public static Adversary Draw(DeterministicRandom random, Harness harness) =>
        random.Pick([.. All.Where(one => one.Where.HasFlag(harness))]).Create();

    private static Behaviour Everywhere(string name, Func<Adversary> create) =>
        new(name, create, Harness.All, null);

    private static Behaviour NotInNetwork(string name, Func<Adversary> create, string why) =>
        new(name, create, Harness.Simulation | Harness.Processes, why);
}
