// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>What executing a block came to: an <see cref="ExecutedBlock"/> or an
/// <see cref="InvalidBlock"/>.</summary>
public abstract record BlockResult;

/// <summary>A block that may stand in the chain.</summary>
/// <param name="State">The state after it: a frozen overlay over the parent's state.</param>
/// <param name="Changes">What it changed, by key in byte order: for the database and
/// <see cref="StateTree.Update"/>.</param>
/// <param name="Receipts">One for each transaction, in order.</param>
/// <param name="Events">In order of happening; the block's own first.</param>
/// <param name="ReceiptsRoot">As the header carries it.</param>
/// <param name="EventsRoot">As the header carries it.</param>
public sealed record ExecutedBlock(
    Overlay State,
    IReadOnlyList<StateChange> Changes,
    ImmutableArray<Receipt> Receipts,
    ImmutableArray<EventRecord> Events,
    Hash256 ReceiptsRoot,
    Hash256 EventsRoot) : BlockResult;

/// <summary>A block that nobody may vote for: it contains a transaction that may not be included.</summary>
/// <param name="TransactionIndex">Index of the first such transaction.</param>
/// <param name="Reason">Why it may not be included.</param>
public sealed record InvalidBlock(int TransactionIndex, Rejection Reason) : BlockResult;

/// <summary>A block as its proposer builds it.</summary>
/// <param name="Block">The executed block: the same as <see cref="LedgerMachine.Execute"/> gives for
/// <paramref name="Included"/>.</param>
/// <param name="Included">The transactions that made it, in order.</param>
/// <param name="Dropped">Those that may not be included in this block, with the reason. A reason that is not
/// <see cref="Rejection.Retriable"/> will not go away on this branch. Candidates beyond the budget are in
/// neither list.</param>
public sealed record AssembledBlock(
    ExecutedBlock Block,
    ImmutableArray<VerifiedTransaction> Included,
    ImmutableArray<DroppedTransaction> Dropped);

/// <summary>A candidate that was left out.</summary>
/// <param name="Transaction">The candidate.</param>
/// <param name="Reason">Why.</param>
public readonly record struct DroppedTransaction(VerifiedTransaction Transaction, Rejection Reason);

/// <summary>How much a block may hold. <see cref="Full"/> is the consensus limit.</summary>
/// <param name="Bytes">Bytes of the block's canonical form, header included.</param>
/// <param name="Transactions">Transactions.</param>
/// <param name="Work">Sum of <see cref="TransactionRules.Work"/>.</param>
public readonly record struct BlockBudget(int Bytes, int Transactions, int Work)
{
    /// <summary>The most that is valid.</summary>
    public static BlockBudget Full =>
        new(Limits.BlockBytes, Limits.TransactionsPerBlock, Limits.OperationsPerBlock);
}
