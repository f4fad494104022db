// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// Checks that the ledger's books are right, independently of the code that keeps them. Pure. What to do
/// about a finding is the host's: it stops the node.
/// </summary>
public static class InvariantChecker
{
    /// <summary>
    /// Checks what a block touched: per asset, balances and supply changed by the same amount; supply within
    /// the cap; no row of zero; each lane's nonce grew by its included transactions; the events reproduce
    /// every change of a balance; each bridge's escrow holds what its books say. Cost grows with the block,
    /// not with the state.
    /// </summary>
    /// <param name="parent">The state before the block.</param>
    /// <param name="block">The executed block.</param>
    /// <param name="transactions">Its transactions.</param>
    /// <returns>What does not hold, in words; empty when all is well.</returns>
    public static IReadOnlyList<string> CheckBlock(
        IStateView parent, ExecutedBlock block, IReadOnlyList<VerifiedTransaction> transactions) =>
        BlockCheck.Run(parent, block, transactions);

    /// <summary>Counts everything anew over a whole state.</summary>
    /// <returns>What does not hold, in words; empty when all is well.</returns>
    public static IReadOnlyList<string> FullCheck(IStateView state) => new StateCheck(state).Run();
}
