// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>What became of an included transaction. A failed one changed nothing but its nonce.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Code">Null on success, else why it failed.</param>
/// <param name="FailedOperation">Index of the operation that failed; −1 on success.</param>
/// <param name="FirstEvent">Index in the block of its first event.</param>
/// <param name="EventCount">How many events it caused.</param>
public sealed record Receipt(
    Hash256 TransactionId, RejectionCode? Code, int FailedOperation, uint FirstEvent, uint EventCount)
{
    /// <summary>True when all operations applied.</summary>
    public bool Succeeded => Code is null;

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.Hash(TransactionId);
        writer.U16(Code is { } code ? (ushort)code : (ushort)0);
        writer.U8(unchecked((byte)FailedOperation));
        writer.U32(FirstEvent);
        writer.U32(EventCount);
    }

    /// <summary>Reads the canonical form.</summary>
    public static Receipt Read(ref CanonicalReader reader)
    {
        Hash256 id = reader.Hash();
        ushort code = reader.U16();
        int operation = unchecked((sbyte)reader.U8());
        if (code != 0 && !Enum.IsDefined((RejectionCode)code))
        {
            throw new CanonicalFormatException($"{code} is no rejection code.");
        }

        return new Receipt(id, code == 0 ? null : (RejectionCode)code, operation, reader.U32(), reader.U32());
    }
}
