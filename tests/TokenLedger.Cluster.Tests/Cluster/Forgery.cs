// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Cluster.Tests;

/// <summary>Transactions that look right and are not.</summary>
internal static class Forgery
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141",
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);

    /// <summary>
    /// The other signature that the curve's equation holds for: n − s with the other recovery id.
    /// </summary>
    public static SubmitTransactionRequest WithHighS(SubmitTransactionRequest request)
    {
        byte[] signature = request.Transaction.Signature.ToByteArray();
        var s = new BigInteger(signature.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        signature.AsSpan(32, 32).Clear();
        byte[] high = (Order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
        high.CopyTo(signature, 64 - high.Length);
        signature[64] = (byte)(27 + 28 - signature[64]);
        return WithSignature(request, signature);
    }

    public static SubmitTransactionRequest WithSignature(SubmitTransactionRequest request, byte[] signature)
    {
        SubmitTransactionRequest forged = request.Clone();
        forged.Transaction.Signature = ByteString.CopyFrom(signature);
        return forged;
    }

    /// <summary>A body with a field that no version of the schema has.</summary>
    public static byte[] WithUnknownField(Core.Ledger.Transaction transaction) =>
        [.. TransactionMapper.Encode(transaction), (15 << 3) | 0, 1];

    /// <summary>A body whose first length, the sender's 20, is written in two bytes.</summary>
    public static byte[] WithLongVarint(Core.Ledger.Transaction transaction)
    {
        byte[] body = TransactionMapper.Encode(transaction);
        Assert.Equal([(1 << 3) | 2, Address.Size], body[..2]);
        return [body[0], Address.Size | 0x80, 0, .. body[2..]];
    }

    /// <summary>A body whose sender comes last.</summary>
    public static byte[] WithSenderLast(Core.Ledger.Transaction transaction)
    {
        const int SenderBytes = 2 + Address.Size;
        byte[] body = TransactionMapper.Encode(transaction);
        return [.. body[SenderBytes..], .. body[..SenderBytes]];
    }

    /// <summary>A body whose lane 0 is written, where nothing stands for it.</summary>
    public static byte[] WithDefaultWritten(Core.Ledger.Transaction transaction)
    {
        const int SenderBytes = 2 + Address.Size;
        byte[] body = TransactionMapper.Encode(transaction);
        return [.. body[..SenderBytes], (2 << 3) | 0, 0, .. body[SenderBytes..]];
    }

    /// <summary>A body with any text for the amount of its only transfer.</summary>
    public static byte[] WithAmount(Core.Ledger.Transaction transaction, string amount)
    {
        Transaction wire = TransactionMapper.ToWire(transaction);
        wire.Operations.Single().Transfer.Amount = amount;
        return wire.ToByteArray();
    }
}
