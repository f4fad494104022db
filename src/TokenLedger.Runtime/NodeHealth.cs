// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime;

/// <summary>One validator as this node sees it.</summary>
/// <param name="Validator">Who.</param>
/// <param name="Reachable">True when heard from within <see cref="NodeHealth.ReachableWithin"/>; always for
/// itself.</param>
/// <param name="Height">Its final height, as it last said.</param>
/// <param name="StateRoot">Its state root there.</param>
public sealed record ValidatorHealth(Validator Validator, bool Reachable, Height Height, Hash256 StateRoot);

/// <summary>How a node is, in one immutable picture.</summary>
/// <param name="Head">The final head.</param>
/// <param name="Consensus">Where consensus stands.</param>
/// <param name="Validators">All validators, by index.</param>
/// <param name="Finalizing">True while blocks become final in time: reads are current.</param>
/// <param name="Diagnosis">What the node waits for when they do not; empty when they do.</param>
/// <param name="PoolTransactions">Transactions waiting here.</param>
public sealed record NodeHealth(
    FinalizedHead Head,
    ConsensusStatus Consensus,
    ImmutableArray<ValidatorHealth> Validators,
    bool Finalizing,
    string Diagnosis,
    int PoolTransactions)
{
    /// <summary>Why this validator signs nothing, in one sentence; empty when it does.</summary>
    public string Quarantine => Consensus.Doubt switch
    {
        GuardDoubt.None => "",
        GuardDoubt.Missing => Signs("its signer guard is missing"),
        GuardDoubt.Corrupt => Signs("its signer guard is corrupt"),
        GuardDoubt.OlderThanRecord => Signs("its signer guard is older than its own votes"),
        _ => Signs("its operator ordered it"),
    };

    /// <summary>
    /// Silence after which a validator counts as unreachable: it says something every second.
    /// </summary>
    public static TimeSpan ReachableWithin { get; } = TimeSpan.FromSeconds(4);

    internal static NodeHealth Assess(
        FinalizedHead head,
        ConsensusStatus consensus,
        ValidatorSet validators,
        int ownIndex,
        ImmutableArray<PeerReport> reports,
        TimeSpan staleAfter,
        TimestampMs now,
        int poolTransactions)
    {
        var seen = ImmutableArray.CreateBuilder<ValidatorHealth>(validators.Count);
        for (int i = 0; i < validators.Count; i++)
        {
            PeerReport report = reports[i];
            seen.Add(i == ownIndex
                ? new ValidatorHealth(validators[i], true, head.Height, head.Header.StateRoot)
                : new ValidatorHealth(
                    validators[i], report.Age < ReachableWithin, report.Height, report.StateRoot));
        }

        ulong silentMs = now.Since(head.Header.Timestamp);
        bool finalizing = head.Height.Value > 0 && silentMs < (ulong)staleAfter.TotalMilliseconds;
        return new NodeHealth(
            head,
            consensus,
            seen.MoveToImmutable(),
            finalizing,
            finalizing ? "" : Diagnose(validators, reports, ownIndex, consensus, silentMs),
            poolTransactions);
    }

    private static string Signs(string because) =>
        $"This validator is in quarantine and signs nothing: {because}. It leaves by itself when enough"
            + " others have told how far its key signed, or by: tl node guard import.";

    private static string Diagnose(
        ValidatorSet validators,
        ImmutableArray<PeerReport> reports,
        int ownIndex,
        ConsensusStatus consensus,
        ulong silentMs)
    {
        string[] missing = [.. Enumerable.Range(0, validators.Count)
            .Where(i => i != ownIndex && reports[i].Age >= ReachableWithin)
            .Select(i => validators[i].Name)];
        int reachable = validators.Count - missing.Length;
        string since = $"No block became final for {silentMs / 1_000} s. ";
        return reachable < validators.Quorum
            ? since + $"{reachable} of the {validators.Quorum} validators that a quorum needs are reachable; "
            + "missing: "
                + $"{string.Join(", ", missing)}."
            : since + $"View {consensus.View} of {validators[consensus.Leader].Name} waits for votes.";
    }
}
