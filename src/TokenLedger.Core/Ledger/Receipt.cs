// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>What became of an included transaction. A failed one changed nothing but its nonce.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Code">Null on success, else why it failed.</param>
/// <param name="FailedOperation">Index of the operation that failed; −1 on success, or when the transaction
/// failed as a whole.</param>
/// <param name="FirstEvent">Index in the block of its first event.</param>
/// <param name="EventCount">How many events it caused.</param>
public sealed record Receipt(
    Hash256 TransactionId, RejectionCode? Code, int FailedOperation, uint FirstEvent, uint EventCount)
{
    /// <summary>True when all operations applied.</summary>
    public bool Succeeded => Code is null;

    // What stands for "no operation".
    private const byte NoOperation = 0xFF;

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        Invariant.Require(IsOperation(FailedOperation), "a receipt's operation is one of a transaction's");
        Invariant.Require(Code is not null || FailedOperation == -1, "a success has no failed operation");
        writer.Hash(TransactionId);
        writer.U16(Code is { } code ? (ushort)code : (ushort)0);
        writer.U8(FailedOperation < 0 ? NoOperation : (byte)FailedOperation);
        writer.U32(FirstEvent);
        writer.U32(EventCount);
    }

    /// <summary>Reads the canonical form.</summary>
    public static Receipt Read(ref CanonicalReader reader)
    {
        Hash256 id = reader.Hash();
        ushort code = reader.U16();
        byte index = reader.U8();
        int operation = index == NoOperation ? -1 : index;
        if (code != 0 && !Enum.IsDefined((RejectionCode)code))
        {
            throw new CanonicalFormatException($"{code} is no rejection code.");
        }

        if (!IsOperation(operation) || (code == 0 && operation != -1))
        {
            throw new CanonicalFormatException($"{operation} is no operation that failed.");
        }

        return new Receipt(id, code == 0 ? null : (RejectionCode)code, operation, reader.U32(), reader.U32());
    }

    private static bool IsOperation(int index) => index is >= -1 and < Limits.OperationsPerTransaction;
}
