// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// The ledger: a function from (state, block) to (state, receipts, events). It keeps nothing between calls
/// that could influence a result. One caller at a time; several machines over one frozen state are fine.
/// </summary>
public sealed class LedgerMachine
{
    private readonly Hash256 _genesisHash;

    /// <summary>A machine for one network.</summary>
    /// <param name="genesisHash">The network: payload hashes are bound to it.</param>
    public LedgerMachine(Hash256 genesisHash) => _genesisHash = genesisHash;

    /// <summary>
    /// Executes a whole block, as every validator does. A transaction that may not be included makes the
    /// block invalid; one that is included and fails gets a failed receipt and its nonce is consumed.
    /// </summary>
    /// <param name="parent">The state after the parent block; it does not change while its children
    /// live.</param>
    /// <param name="context">Height and time.</param>
    /// <param name="transactions">In the block's order.</param>
    public BlockResult Execute(
        IStateView parent, BlockContext context, IReadOnlyList<VerifiedTransaction> transactions)
    {
        var run = new BlockRun(parent, context, _genesisHash, BlockBudget.Full);
        for (int i = 0; i < transactions.Count; i++)
        {
            VerifiedTransaction transaction = transactions[i];
            Rejection? rejection = run.IsOver(transaction)
                ? new Rejection(
                    RejectionCode.TooLarge, $"With transaction {i} the block is over {BlockBudget.Full}.")
                : run.TryInclude(transaction);
            if (rejection is not null)
            {
                return new InvalidBlock(i, rejection);
            }
        }

        return run.Finish();
    }

    /// <summary>
    /// Executes candidates in order and leaves out those that may not be included: a proposer's way to a
    /// block that <see cref="Execute"/> accepts. Stops at the budget.
    /// </summary>
    public AssembledBlock Assemble(
        IStateView parent,
        BlockContext context,
        IEnumerable<VerifiedTransaction> candidates,
        BlockBudget budget)
    {
        var run = new BlockRun(parent, context, _genesisHash, budget);
        var included = ImmutableArray.CreateBuilder<VerifiedTransaction>();
        var dropped = ImmutableArray.CreateBuilder<DroppedTransaction>();
        foreach (VerifiedTransaction candidate in candidates)
        {
            if (run.IsOver(candidate))
            {
                break;
            }

            if (run.TryInclude(candidate) is { } rejection)
            {
                dropped.Add(new DroppedTransaction(candidate, rejection));
            }
            else
            {
                included.Add(candidate);
            }
        }

        return new AssembledBlock(run.Finish(), included.ToImmutable(), dropped.ToImmutable());
    }

    /// <summary>
    /// What would become of a transaction, alone in a block with this context. Nothing is written. Its
    /// signature is not asked for, so it need not have one.
    /// </summary>
    public SimulationResult Simulate(IStateView state, BlockContext context, Transaction transaction)
    {
        // The block's own work goes first, as in a real block; what it does is not the transaction's doing.
        var before = new BlockRun(state, context, _genesisHash, BlockBudget.Full).Session.State.Overlay;
        before.Freeze();
        var session = new Session(new LedgerState(new Overlay(before)), context, _genesisHash);
        if (InclusionRules.Check(session, transaction, Hash256.Zero) is { } refusal)
        {
            return new SimulationResult(Includable: false, refusal, [], []);
        }

        session.Enter(0, transaction.Sender);
        InclusionRules.Consume(session, transaction, Hash256.Zero);
        Rejection? failure = session.Atomically(transaction, OperationRules.ApplyAll);
        return new SimulationResult(
            Includable: true,
            failure,
            [.. session.Events.Select(static record => record.Event)],
            [.. session.State.Overlay.Changes().Where(IsBalance).Select(change => Compare(before, change))]);
    }

    private static bool IsBalance(StateChange change) => change.Key.Span[0] == (byte)Table.Balance;

    private static BalanceChange Compare(Overlay before, StateChange change)
    {
        var key = StateKeyReader.Balance(change.Key.Span);
        Amount after = change.Value is { } value
            ? StateCodec.Decode(value.Span, StateCodec.ReadAmount)
            : Amount.Zero;
        return new BalanceChange(
            key.Account, key.Asset, new LedgerView(before).Balance(key.Account, key.Asset), after);
    }
}
