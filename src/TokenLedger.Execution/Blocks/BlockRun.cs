// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution.Bridge;

namespace TokenLedger.Execution;

/// <summary>
/// One block in the making. Validators and proposers walk the same path, <see cref="TryInclude"/>; they
/// differ only in what they do about a refusal.
/// </summary>
internal sealed class BlockRun
{
    private readonly Session _session;
    private readonly BlockBudget _budget;
    private readonly List<Receipt> _receipts = [];
    private int _bytes = BlockHeader.Size + sizeof(uint);
    private int _work;
    private int _requests;

    public BlockRun(IStateView parent, BlockContext context, Hash256 genesisHash, BlockBudget budget)
    {
        _session = new Session(new LedgerState(new Overlay(parent)), context, genesisHash);
        _budget = new BlockBudget(
            Math.Min(budget.Bytes, BlockBudget.Full.Bytes),
            Math.Min(budget.Transactions, BlockBudget.Full.Transactions),
            Math.Min(budget.Work, BlockBudget.Full.Work));
        Housekeeping.ExecuteDue(_session);
    }

    public Session Session => _session;

    /// <summary>True when the block has no room for the transaction.</summary>
    public bool IsOver(VerifiedTransaction transaction) =>
        _receipts.Count >= _budget.Transactions
        || transaction.Signed.EncodedSize > _budget.Bytes - _bytes
        || TransactionRules.Work(transaction.Content) > _budget.Work - _work;

    /// <summary>Includes and executes a transaction that fits.</summary>
    /// <returns>Null when it is included, successful or not; else why it may not be, with nothing
    /// changed.</returns>
    public Rejection? TryInclude(VerifiedTransaction transaction)
    {
        Transaction content = transaction.Content;
        if (InclusionRules.Check(_session, content, transaction.Id) is { } rejection)
        {
            return rejection;
        }

        _bytes += transaction.Signed.EncodedSize;
        _work += TransactionRules.Work(content);
        _requests += content.RequestId is null ? 0 : 1;
        _session.Enter(_receipts.Count, content.Sender);
        InclusionRules.Consume(_session, content, transaction.Id);
        int first = _session.Events.Count;
        Rejection? failure = _session.Atomically(content, OperationRules.ApplyAll);
        _receipts.Add(new Receipt(
            transaction.Id,
            failure?.Code,
            failure?.Operation ?? -1,
            (uint)first,
            (uint)(_session.Events.Count - first)));
        return null;
    }

    public ExecutedBlock Finish()
    {
        _session.Leave();
        BridgeMessages.Gather(_session);
        Housekeeping.ForgetRequests(_session, _requests);
        Overlay state = _session.State.Overlay;
        state.Freeze();
        ImmutableArray<Receipt> receipts = [.. _receipts];
        ImmutableArray<EventRecord> events = [.. _session.Events];
        return new ExecutedBlock(
            state,
            state.Changes(),
            receipts,
            events,
            ListTree.Root(receipts, static (writer, receipt) => receipt.Write(writer)),
            ListTree.Root(events, EventCodec.Write));
    }
}
