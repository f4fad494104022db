// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Core.Ledger;

/// <summary>What a sender asks for. Its operations apply all or none.</summary>
/// <param name="Sender">Whose key signs.</param>
/// <param name="Lane">One of the sender's independent nonce sequences; 0 unless paying in parallel.</param>
/// <param name="Nonce">From 0, each exactly one more than the last in its lane.</param>
/// <param name="ValidUntil">Block time after which it can never be included; at most seven days
/// ahead.</param>
/// <param name="RequestId">Null, or 16 bytes that are unique for the sender until
/// <paramref name="ValidUntil"/>.</param>
/// <param name="Memo">Text for the receiver, at most <see cref="Limits.MemoBytes"/> of UTF-8; may be
/// empty.</param>
/// <param name="Operations">1 to <see cref="Limits.OperationsPerTransaction"/>.</param>
public sealed record Transaction(
    Address Sender,
    uint Lane,
    ulong Nonce,
    TimestampMs ValidUntil,
    RequestId? RequestId,
    string Memo,
    ImmutableArray<Operation> Operations)
{
    /// <summary>Same content: lists are compared item by item.</summary>
    public bool Equals(Transaction? other) =>
        other is not null
        && Sender == other.Sender
        && Lane == other.Lane
        && Nonce == other.Nonce
        && ValidUntil == other.ValidUntil
        && RequestId == other.RequestId
        && Memo == other.Memo
        && Operations.AsSpan().SequenceEqual(other.Operations.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sender, Lane, Nonce, ValidUntil, Operations.Length);
}

/// <summary>A client's own name for a request: 16 bytes, commonly a UUID.</summary>
public readonly record struct RequestId(UInt128 Value)
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() =>
        Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// A transaction that passed what can be checked without state: canonical bytes, limits, signature. Only the
/// admission code of Runtime builds it for foreign bytes.
/// </summary>
/// <param name="Id">Its id on this network.</param>
/// <param name="Content">The decoded body.</param>
/// <param name="Signed">The bytes it came in.</param>
public sealed record VerifiedTransaction(Hash256 Id, Transaction Content, SignedTransaction Signed);
