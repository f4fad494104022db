// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Governance;

/// <summary>Approval policies: which tier a value falls in, and whether the officers that exist can meet
/// them.</summary>
internal static class PolicyRules
{
    public static bool Has(uint mask, InstitutionKind kind) => (mask & ApprovalPolicy.Bit(kind)) != 0;

    /// <summary>The first tier that reaches up to the value; the last one covers everything.</summary>
    public static ApprovalTier TierOf(ApprovalPolicy policy, UInt128 valueMicroUsd)
    {
        foreach (ApprovalTier tier in policy.Tiers)
        {
            if (valueMicroUsd <= tier.UpToMicroUsd)
            {
                return tier;
            }
        }

        return policy.Tiers[^1];
    }

    /// <summary>
    /// Whether some maker exists for whom the checkers other than itself can meet every tier. Approvals only
    /// add up, so it is enough to let all of them approve.
    /// </summary>
    /// <returns>Null, or what is missing, in words.</returns>
    public static string? Unmet(ApprovalPolicy policy, IReadOnlyList<RosterEntry> roster)
    {
        var checkers = new List<RosterEntry>();
        var makers = new List<RosterEntry>();
        foreach (RosterEntry officer in roster)
        {
            if ((officer.Duties & Duties.Checker) != 0 && Has(policy.Checkers, officer.Kind))
            {
                checkers.Add(officer);
            }

            if ((officer.Duties & Duties.Maker) != 0 && Has(policy.Makers, officer.Kind))
            {
                makers.Add(officer);
            }
        }

        if (makers.Count == 0)
        {
            return "no active maker may propose it.";
        }

        var perInstitution = new Dictionary<Address, int>();
        int[] perKind = new int[32];
        foreach (RosterEntry checker in checkers)
        {
            perInstitution[checker.Institution] = perInstitution.GetValueOrDefault(checker.Institution) + 1;
            perKind[(byte)checker.Kind]++;
        }

        foreach (ApprovalTier tier in policy.Tiers)
        {
            bool met = makers.Exists(maker =>
                Meets(tier, maker, policy, checkers.Count, perInstitution, perKind));
            if (!met)
            {
                string kinds = string.Join(", ", Enum.GetValues<InstitutionKind>()
                    .Where(kind => Has(tier.RequiredKinds, kind))
                    .Select(static kind => Words.Of(kind)));
                return $"{checkers.Count} checkers of {perInstitution.Count} institutions cannot give "
                    + $"{tier.Approvals} approvals of {tier.Institutions} institutions"
                    + (kinds.Length == 0 ? "" : $" ({kinds} among them)") + ", without the maker.";
            }
        }

        return null;
    }

    private static bool Meets(
        ApprovalTier tier,
        in RosterEntry maker,
        ApprovalPolicy policy,
        int checkers,
        Dictionary<Address, int> perInstitution,
        int[] perKind)
    {
        bool counted = (maker.Duties & Duties.Checker) != 0 && Has(policy.Checkers, maker.Kind);
        int institutions = perInstitution.Count
            - (counted && perInstitution[maker.Institution] == 1 ? 1 : 0);
        for (int kind = 0; kind < perKind.Length; kind++)
        {
            int there = perKind[kind] - (counted && (byte)maker.Kind == kind ? 1 : 0);
            if ((tier.RequiredKinds >> kind & 1) != 0 && there == 0)
            {
                return false;
            }
        }

        return checkers - (counted ? 1 : 0) >= tier.Approvals && institutions >= tier.Institutions;
    }
}
