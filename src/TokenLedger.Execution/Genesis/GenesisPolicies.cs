// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution;

/// <summary>What is wrong with a genesis document's approval policies.</summary>
internal static class GenesisPolicies
{
    /// <summary>A longer time-lock is a slip of the pen: one year.</summary>
    private const ulong MaxDelayMs = 365UL * 24 * 3600 * 1000;

    public static void Check(
        ImmutableArray<ApprovalPolicy> policies, IReadOnlyList<RosterEntry> roster, Findings findings)
    {
        var kinds = new HashSet<PrivilegedKind>();
        foreach (ApprovalPolicy policy in policies)
        {
            findings.Require(
                Enum.IsDefined(policy.Kind), $"A policy governs the unknown kind {policy.Kind}.");
            findings.Require(kinds.Add(policy.Kind), $"{policy.Kind} has two policies.");
            bool sound = CheckMask(policy.Kind, "makers", policy.Makers, findings)
                & CheckMask(policy.Kind, "checkers", policy.Checkers, findings)
                & CheckTiers(policy, findings);
            if (sound && PolicyRules.Unmet(policy, roster) is { } problem)
            {
                findings.Add($"The policy for {policy.Kind} cannot be met: {problem}");
            }
        }
    }

    private static bool CheckMask(PrivilegedKind kind, string who, uint mask, Findings findings)
    {
        uint known = 0;
        foreach (InstitutionKind institution in Enum.GetValues<InstitutionKind>())
        {
            known |= ApprovalPolicy.Bit(institution);
        }

        int before = findings.Problems.Count;
        findings.Require(mask != 0, $"{kind} has no {who}.");
        findings.Require((mask & ~known) == 0, $"{kind} has {who} of a kind that nobody defined.");
        findings.Require(
            !PolicyRules.Has(mask, InstitutionKind.Auditor),
            $"{kind} has auditors as {who}: an auditor never writes.");
        return findings.Problems.Count == before;
    }

    private static bool CheckTiers(ApprovalPolicy policy, Findings findings)
    {
        int before = findings.Problems.Count;
        findings.Require(
            policy.Tiers.Length is >= 1 and <= Limits.TiersPerPolicy,
            $"{policy.Kind} has {policy.Tiers.Length} tiers; there are 1 to {Limits.TiersPerPolicy}.");
        for (int i = 0; i < policy.Tiers.Length; i++)
        {
            ApprovalTier tier = policy.Tiers[i];
            string name = $"Tier {i} of {policy.Kind}";
            bool last = i == policy.Tiers.Length - 1;
            findings.Require(
                !last || tier.UpToMicroUsd == UInt128.MaxValue,
                $"{name} is the last and has an upper bound.");
            findings.Require(
                i == 0 || policy.Tiers[i - 1].UpToMicroUsd < tier.UpToMicroUsd, $"{name} does not rise.");
            findings.Require(
                tier.Approvals is >= 1 and <= Limits.ApprovalsPerProposal,
                $"{name} needs {tier.Approvals} approvals; it is 1 to {Limits.ApprovalsPerProposal}.");
            findings.Require(
                tier.Institutions >= 1 && tier.Institutions <= tier.Approvals,
                $"{name} needs {tier.Institutions} institutions for {tier.Approvals} approvals.");
            findings.Require(
                (tier.RequiredKinds & ~policy.Checkers) == 0, $"{name} requires a kind that may not check.");
            findings.Require(
                tier.DelayMs <= MaxDelayMs, $"{name} has a time-lock of {tier.DelayMs} ms, over a year.");
        }

        return findings.Problems.Count == before;
    }
}
