// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// The ledger: a function from (state, block) to (state, receipts, events). It keeps nothing between calls that could
/// influence a result. One caller at a time; several machines over one frozen state are fine.
/// </summary>
public sealed class LedgerMachine
{
    /// <summary>A machine for one network.</summary>
    /// <param name="genesisHash">The network: payload hashes are bound to it.</param>
    public LedgerMachine(Hash256 genesisHash) => throw new NotImplementedException();

    /// <summary>
    /// Executes a whole block, as every validator does. A transaction that may not be included makes the block
    /// invalid; one that is included and fails gets a failed receipt and its nonce is consumed.
    /// </summary>
    /// <param name="parent">The state after the parent block; it does not change while its children live.</param>
    /// <param name="context">Height and time.</param>
    /// <param name="transactions">In the block's order.</param>
    public BlockResult Execute(
        IStateView parent, BlockContext context, IReadOnlyList<VerifiedTransaction> transactions) =>
        throw new NotImplementedException();

    /// <summary>
    /// Executes candidates in order and leaves out those that may not be included: a proposer's way to a block that
    /// <see cref="Execute"/> accepts. Stops at the budget.
    /// </summary>
    public AssembledBlock Assemble(
        IStateView parent, BlockContext context, IEnumerable<VerifiedTransaction> candidates, BlockBudget budget) =>
        throw new NotImplementedException();

    /// <summary>
    /// What would become of a transaction, alone in a block with this context. Nothing is written. Its signature is
    /// not asked for, so it need not have one.
    /// </summary>
    public SimulationResult Simulate(IStateView state, BlockContext context, Transaction transaction) =>
        throw new NotImplementedException();
}
