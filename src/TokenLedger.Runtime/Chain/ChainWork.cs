// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Runtime.Chain;

/// <summary>One thing for the chain's thread to do.</summary>
internal abstract record ChainWork;

/// <summary>An effect of consensus: build, verify, certify, finalize, or a view that began.</summary>
internal sealed record ConsensusAsks(ConsensusEffect Effect) : ChainWork;

/// <summary>A block's body, pushed by its proposer or fetched.</summary>
internal sealed record BodyArrived(Block Block) : ChainWork;

/// <summary>Transactions for the pool.</summary>
/// <param name="Transactions">Admitted.</param>
/// <param name="Reply">Gets one answer for each; null when nobody waits.</param>
internal sealed record AddTransactions(
    ImmutableArray<VerifiedTransaction> Transactions,
    TaskCompletionSource<ImmutableArray<Rejection?>>? Reply) : ChainWork;

/// <summary>The nonce behind all that waits in a sender's lane.</summary>
internal sealed record AskNonce(Address Sender, uint Lane, TaskCompletionSource<ulong> Reply) : ChainWork;

/// <summary>Whether a transaction waits in the pool.</summary>
internal sealed record AskPending(Hash256 TransactionId, TaskCompletionSource<bool> Reply) : ChainWork;

/// <summary>Which waiting transaction a sender's request stands for.</summary>
internal sealed record AskRequest(Address Sender, RequestId RequestId, TaskCompletionSource<Hash256?> Reply) : ChainWork;

/// <summary>Consecutive blocks from the head's child on, which a verified certificate for the last one finalizes.</summary>
internal sealed record SyncedBlocks(
    ImmutableArray<Block> Blocks, Certificate Certificate, TaskCompletionSource<string?> Reply) : ChainWork;

/// <summary>Look at what waits for something again.</summary>
internal sealed record LookAgain : ChainWork;
