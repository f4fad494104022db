// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution.Governance;

namespace TokenLedger.Execution;

/// <summary>What a proposal needs to take effect.</summary>
/// <param name="ValueMicroUsd">Value of its payload, in millionths of a US dollar, rounded up.</param>
/// <param name="Approvals">Distinct officers.</param>
/// <param name="Institutions">Distinct institutions among them.</param>
/// <param name="RequiredKinds">Kinds of institution of which at least one approval is needed: a mask.</param>
/// <param name="Makers">Kinds of institution whose makers may propose it: a mask.</param>
/// <param name="Checkers">Kinds of institution whose checkers count: a mask.</param>
/// <param name="DelayMs">Time-lock between threshold and effect.</param>
public sealed record ApprovalRequirement(
    UInt128 ValueMicroUsd,
    int Approvals,
    int Institutions,
    uint RequiredKinds,
    uint Makers,
    uint Checkers,
    ulong DelayMs)
{
    private static readonly ApprovalRequirement Nothing = new(0, 0, 0, 0, uint.MaxValue, uint.MaxValue, 0);

    /// <summary>What a payload needs by the policies of a state.</summary>
    /// <param name="state">The state; an asset that the payload itself creates is taken from the
    /// payload.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="rejection">Why it cannot be said: no policy, an unknown asset, a value over 128
    /// bits.</param>
    /// <returns>Null exactly when there is a rejection.</returns>
    public static ApprovalRequirement? Of(
        LedgerView state, ImmutableArray<PrivilegedOperation> payload, out Rejection? rejection)
    {
        // Per kind in the order of kinds: the value of all its operations picks one tier.
        var values = new SortedDictionary<PrivilegedKind, UInt128>();
        UInt128 total = 0;
        foreach (PrivilegedOperation operation in payload)
        {
            UInt128 value = 0;
            rejection = operation switch
            {
                IssueUnits o => ValueOf(state, payload, o.Asset, o.Amount, out value),
                BurnUnits o => ValueOf(state, payload, o.Asset, o.Amount, out value),
                _ => null,
            };
            if (rejection is null && value > UInt128.MaxValue - total)
            {
                rejection = new Rejection(RejectionCode.Overflow, "The payload's value is over 128 bits.");
            }

            if (rejection is not null)
            {
                return null;
            }

            total += value;
            values[operation.Kind] = values.GetValueOrDefault(operation.Kind) + value;
        }

        ApprovalRequirement needed = Nothing with { ValueMicroUsd = total };
        foreach ((PrivilegedKind kind, UInt128 value) in values)
        {
            if (state.Policy(kind) is not { } policy)
            {
                rejection = new Rejection(
                    RejectionCode.NoPolicy,
                    $"No approval policy covers '{Words.Of(kind)}': it is not possible.");
                return null;
            }

            needed = needed.And(policy, PolicyRules.TierOf(policy, value));
        }

        rejection = null;
        return needed;
    }

    private ApprovalRequirement And(ApprovalPolicy policy, ApprovalTier tier) => this with
    {
        Approvals = Math.Max(Approvals, tier.Approvals),
        Institutions = Math.Max(Institutions, tier.Institutions),
        RequiredKinds = RequiredKinds | tier.RequiredKinds,
        Makers = Makers & policy.Makers,
        Checkers = Checkers & policy.Checkers,
        DelayMs = Math.Max(DelayMs, tier.DelayMs),
    };

    private static Rejection? ValueOf(
        LedgerView state,
        ImmutableArray<PrivilegedOperation> payload,
        AssetId id,
        Amount amount,
        out UInt128 microUsd)
    {
        microUsd = 0;
        AssetDefinition? asset = state.Asset(id)?.Definition ?? CreatedIn(payload, id);
        if (asset is null)
        {
            return new Rejection(RejectionCode.AssetUnknown, $"There is no asset {id}.");
        }

        if (!amount.TryMultiply(asset.UnitValueMicroUsd, out Amount product))
        {
            return new Rejection(
                RejectionCode.Overflow, $"The value of {amount} atomic units of {id} is over 128 bits.");
        }

        UInt128 unit = 1;
        for (int i = 0; i < asset.Decimals; i++)
        {
            unit *= 10;
        }

        microUsd = (product.Units / unit) + (product.Units % unit == 0 ? 0u : 1u);
#if PLANTED
        microUsd = Planted.Is(PlantedBug.WrongRemainder) ? product.Units / unit : microUsd;
#endif
        return null;
    }

    private static AssetDefinition? CreatedIn(ImmutableArray<PrivilegedOperation> payload, AssetId id)
    {
        foreach (PrivilegedOperation operation in payload)
        {
            if (operation is CreateAsset create && create.Definition.Id == id)
            {
                return create.Definition;
            }
        }

        return null;
    }
}
