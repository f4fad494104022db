// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution.Accounts;
using TokenLedger.Execution.Assets;
using TokenLedger.Execution.Bridge;

namespace TokenLedger.Execution.Governance;

/// <summary>A proposal's operations and the institution in whose name they act.</summary>
internal readonly record struct Payload(Address Maker, ImmutableArray<PrivilegedOperation> Operations);

/// <summary>Applies payloads; the way for each privileged operation to its room.</summary>
internal static class PayloadRules
{
    public static Rejection? Apply(Session session, Payload payload)
    {
        int lastDuties = -1;
        for (int i = 0; i < payload.Operations.Length; i++)
        {
            PrivilegedOperation operation = payload.Operations[i];
            if (Apply(session, payload.Maker, operation) is { } rejection)
            {
                return At(i, rejection);
            }

            lastDuties = operation is GrantOfficer or RevokeOfficer ? i : lastDuties;
        }

        return lastDuties >= 0 && OfficerRules.CheckPolicies(session) is { } unmet
            ? At(lastDuties, unmet)
            : null;
    }

    private static Rejection At(int index, Rejection rejection) =>
        rejection with { Detail = $"Payload operation {index}: {rejection.Detail}" };

    private static Rejection? Apply(Session session, Address maker, PrivilegedOperation operation) =>
        operation switch
        {
            CreateAsset o => AssetRules.Create(session, maker, o),
            IssueUnits o => SupplyRules.Issue(session, maker, o),
            BurnUnits o => SupplyRules.Burn(session, maker, o),
            AttachDocument o => AssetRules.Attach(session, maker, o),
            SetAssetCap o => AssetRules.SetCap(session, maker, o),
            PauseAsset o => AssetRules.Pause(session, maker, o),
            ResumeAsset o => AssetRules.Resume(session, maker, o),
            FreezeAccount o => FreezeRules.Freeze(session, o),
            UnfreezeAccount o => FreezeRules.Unfreeze(session, o),
            GrantOfficer o => OfficerRules.Grant(session, o),
            RevokeOfficer o => OfficerRules.Revoke(session, o),
            OpenBridgeLane o => BridgeLanes.Open(session, maker, o),
            MapBridgeToken o => BridgeLanes.Map(session, maker, o),
            PauseBridge o => BridgeLanes.Pause(session, o),
            ResumeBridge o => BridgeLanes.Resume(session, o),
            RotateBridgeSigners o => BridgeLanes.Rotate(session, maker, o),
            RedirectBridgeRelease o => BridgeOutcomes.Redirect(session, o),
            _ => new Rejection(RejectionCode.InvalidField, $"{operation.Kind} has no rule in this version."),
        };
}
