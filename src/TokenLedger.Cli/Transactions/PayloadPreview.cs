// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// What a proposal's payload would change once it is approved: the simulation of a proposal only opens it.
/// </summary>
internal static class PayloadPreview
{
    public static async Task ShowAsync(
        Session session, ImmutableArray<PrivilegedOperation> payload, CancellationToken token)
    {
        foreach (PrivilegedOperation operation in payload)
        {
            (string asset, Amount amount, bool adds) = operation switch
            {
                IssueUnits issue => (issue.Asset.ToString(), issue.Amount, true),
                BurnUnits burn => (burn.Asset.ToString(), burn.Amount, false),
                _ => ("", Amount.Zero, false),
            };
            if (asset.Length > 0)
            {
                V1.Asset state = await Decimals.RequireAssetAsync(session, asset, token);
                ProvenAsset proven = await session.AssetProofs.RequireAsync(AssetId.Parse(asset), token);
                ShowSupply(session, state, asset, proven.Decimals, amount, adds);
            }
        }

        await ShowNeedsAsync(session, payload, token);
    }

    private static void ShowSupply(
        Session session, V1.Asset state, string asset, int decimals, Amount amount, bool adds)
    {
        if (!Amount.TryParse(state.Supply, out Amount before) || !Amount.TryParse(state.Cap, out Amount cap))
        {
            return;
        }

        bool fits = adds ? before.TryAdd(amount, out Amount after) : before.TrySubtract(amount, out after);
        RejectionCode code = adds ? RejectionCode.SupplyCapExceeded : RejectionCode.InsufficientAvailable;
        if (!fits || after > cap)
        {
            throw RpcFailure.Refused(
                RejectionCodes.Name(code), adds
                    ? $"It would pass the cap of {asset}."
                    : $"There is less of {asset} than that.");
        }

        session.Output.Lines(
            ("asset", asset),
            ("supply now", AmountText.Grouped(before, decimals)),
            ("then", AmountText.Grouped(after, decimals)),
            ("cap", AmountText.Grouped(cap, decimals)));
    }

    private static async Task ShowNeedsAsync(
        Session session, ImmutableArray<PrivilegedOperation> payload, CancellationToken token)
    {
        V1.ListPoliciesResponse policies = await session.Connection.ReadAsync(
            (node, call) => node.Queries.ListPoliciesAsync(new V1.ListPoliciesRequest(), call), token);
        foreach (string name in payload.Select(OperationView.Name).Distinct(StringComparer.Ordinal))
        {
            V1.Policy? policy = policies.Policies.FirstOrDefault(p => p.Operation == name);
            string[] needs = policy is null
                ? ["no policy: it cannot be done"]
                : [.. policy.Tiers.Select(t => $"{PolicyText.UpTo(t)}: {ProposalView.Needs(t)}")];
            session.Output.Lines([.. needs.Select((n, i) => (i == 0 ? "needs" : "", n))]);
        }
    }
}
