// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution.Accounts;
using TokenLedger.Execution.Bridge;
using TokenLedger.Execution.Governance;
using TokenLedger.Execution.Transfers;

namespace TokenLedger.Execution;

/// <summary>The way for each operation to its room.</summary>
internal static class OperationRules
{
    /// <summary>Applies a transaction's operations up to the first that fails.</summary>
    public static Rejection? ApplyAll(Session session, Transaction transaction)
    {
        for (int i = 0; i < transaction.Operations.Length; i++)
        {
            if (Apply(session, transaction.Operations[i]) is { } rejection)
            {
                return rejection with { Operation = i };
            }
        }

        return null;
    }

    private static Rejection? Apply(Session session, Operation operation) => operation switch
    {
        Transfer o => TransferRules.Apply(session, o),
        RegisterAccount o => RegisterRules.Apply(session, o),
        RequireTag o => TagRules.Apply(session, o),
        Propose o => ProposalRules.Open(session, o),
        ApproveProposal o => ProposalRules.Approve(session, o),
        CancelProposal o => ProposalRules.Cancel(session, o),
        LockForBridge o => BridgeLocks.Lock(session, o),
        CancelBridgeLock o => BridgeLocks.Cancel(session, o),
        RetryBridgeRelease o => BridgeOutcomes.Retry(session, o),
        AttestBridge o => BridgeMessages.Attest(session, o),
        ObserveBridge o => BridgeVotes.Observe(session, o),
        _ => new Rejection(
            RejectionCode.InvalidField, $"{operation.GetType().Name} has no rule in this version."),
    };
}
