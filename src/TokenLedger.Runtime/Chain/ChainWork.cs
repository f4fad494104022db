// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Runtime.Chain;

/// <summary>One thing for the chain's thread to do.</summary>
internal abstract record ChainWork
{
    /// <summary>Memory that it holds while it waits; only what comes from outside can be large.</summary>
    public virtual long Bytes => 0;

    /// <summary>It will never be done: tells whoever waits for the answer.</summary>
    public virtual void Cancel()
    {
    }

    protected static long BytesOf(SignedTransaction signed) => signed.Body.Length + Limits.SignatureBytes;
}

/// <summary>An effect of consensus: build, verify, certify, finalize, or a view that began.</summary>
internal sealed record ConsensusAsks(ConsensusEffect Effect) : ChainWork;

/// <summary>A block's body, pushed by its proposer or fetched.</summary>
/// <param name="Block">The block.</param>
/// <param name="Source">Index of the validator that pushed it; null when it was asked for.</param>
internal sealed record BodyArrived(Block Block, int? Source) : ChainWork
{
    public override long Bytes => Block.Transactions.Sum(BytesOf);
}

/// <summary>Transactions for the pool.</summary>
/// <param name="Transactions">Admitted.</param>
/// <param name="Reply">Gets one answer for each; null when nobody waits.</param>
internal sealed record AddTransactions(
    ImmutableArray<VerifiedTransaction> Transactions,
    TaskCompletionSource<ImmutableArray<Rejection?>>? Reply) : ChainWork
{
    public override long Bytes => Transactions.Sum(transaction => BytesOf(transaction.Signed));

    public override void Cancel() => Reply?.TrySetResult(
        [.. Transactions.Select(_ => new Rejection(RejectionCode.Unavailable, "The node is stopping."))]);
}

/// <summary>The nonce behind all that waits in a sender's lane.</summary>
internal sealed record AskNonce(Address Sender, uint Lane, TaskCompletionSource<ulong> Reply) : ChainWork
{
    public override void Cancel() => Reply.TrySetCanceled();
}

/// <summary>Whether a transaction waits in the pool.</summary>
internal sealed record AskPending(Hash256 TransactionId, TaskCompletionSource<bool> Reply) : ChainWork
{
    public override void Cancel() => Reply.TrySetCanceled();
}

/// <summary>Which waiting transaction a sender's request stands for.</summary>
internal sealed record AskRequest(Address Sender, RequestId RequestId, TaskCompletionSource<Hash256?> Reply) : ChainWork
{
    public override void Cancel() => Reply.TrySetCanceled();
}

/// <summary>Consecutive blocks from the head's child on, which a verified certificate for the last one finalizes.</summary>
internal sealed record SyncedBlocks(
    ImmutableArray<Block> Blocks, Certificate Certificate, TaskCompletionSource<string?> Reply) : ChainWork
{
    public override void Cancel() => Reply.TrySetCanceled();
}

/// <summary>Look at what waits for something again.</summary>
internal sealed record LookAgain : ChainWork;
