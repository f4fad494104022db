// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>Whether a transaction may stand in a block, and what standing there costs it.</summary>
internal static class InclusionRules
{
    public static Rejection? Check(Session session, Transaction transaction, in Hash256 id) =>
        TransactionRules.CheckStateless(transaction)
        ?? CheckTime(transaction, session.Now)
        ?? CheckSender(session.Read, transaction.Sender)
        ?? CheckNonce(transaction, session.Read.NextNonce(transaction.Sender, transaction.Lane))
        ?? CheckRequest(session.Read, transaction, id, session.Now);

    /// <summary>Uses up the nonce, and the request id if there is one.</summary>
    public static void Consume(Session session, Transaction transaction, in Hash256 id)
    {
        LedgerState state = session.State;
        state.PutNextNonce(transaction.Sender, transaction.Lane, transaction.Nonce + 1);
        if (transaction.RequestId is not { } requestId)
        {
            return;
        }

        if (session.Read.Request(transaction.Sender, requestId) is { } expired)
        {
            // It is past its time, and housekeeping has not come to it yet.
            state.Overlay.Remove(StateKeys.RequestExpiry(expired.ValidUntil, transaction.Sender, requestId));
        }

        state.PutRequest(transaction.Sender, requestId, new RequestState(id, transaction.ValidUntil));
    }

    public static Rejection? CheckTime(Transaction transaction, TimestampMs now)
    {
        if (transaction.ValidUntil < now)
        {
            return new Rejection(
                RejectionCode.Expired,
                $"The transaction was valid until {Words.Utc(transaction.ValidUntil)}; block time is "
                + $"{Words.Utc(now)}.");
        }

        return transaction.ValidUntil.Since(now) <= Limits.ValidityMs
            ? null
            : new Rejection(
                RejectionCode.ValidityTooLong,
                $"Valid until {Words.Utc(transaction.ValidUntil)} is more than "
                + $"{Words.Days(Limits.ValidityMs)} after {Words.Utc(now)}.");
    }

    public static Rejection? CheckSender(LedgerView read, in Address sender) =>
        read.Account(sender) is not null || read.Officer(sender) is { Duties: not Duties.None }
            ? null
            : new Rejection(
                RejectionCode.SenderUnknown,
                $"{sender} is neither a registered account nor an active officer.");

    public static Rejection? CheckRequest(
        LedgerView read, Transaction transaction, in Hash256 id, TimestampMs now) =>
        transaction.RequestId is { } requestId
        && read.Request(transaction.Sender, requestId) is { } known
        && known.ValidUntil >= now
        && known.TransactionId != id
            ? new Rejection(
                RejectionCode.IdempotencyConflict,
                $"Request {Words.Uuid(requestId)} stands for transaction {known.TransactionId} until "
                + $"{Words.Utc(known.ValidUntil)}.")
            : null;

    private static Rejection? CheckNonce(Transaction transaction, ulong next)
    {
        if (transaction.Nonce == next)
        {
            return null;
        }

        RejectionCode code = transaction.Nonce < next ? RejectionCode.NonceUsed : RejectionCode.NonceGap;
        return new Rejection(
            code,
            $"Lane {transaction.Lane} of {transaction.Sender} uses {next} next, not {transaction.Nonce}.");
    }
}
