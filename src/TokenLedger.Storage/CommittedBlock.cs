// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Storage;

/// <summary>A finalized block and all that executing it gave: what one commit writes.</summary>
/// <param name="Block">The block.</param>
/// <param name="Receipts">One for each transaction, in order.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="StateChanges">Every key that the block changed, each once, in any order.</param>
/// <param name="Certificate">The finalization of this very block; null when a later block's covers
/// it.</param>
/// <param name="Former">What the state's tree had before at the places that the block changed, by key hash in
/// order; default when nobody knows, as of genesis and of a repair.</param>
public sealed record CommittedBlock(
    Block Block,
    ImmutableArray<Receipt> Receipts,
    ImmutableArray<EventRecord> Events,
    IReadOnlyList<StateChange> StateChanges,
    Certificate? Certificate = null,
    ImmutableArray<FormerLeaf> Former = default);
