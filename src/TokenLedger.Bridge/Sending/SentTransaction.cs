// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Sending;

/// <summary>A transaction that was, or is about to be, sent abroad.</summary>
/// <param name="MessageId">The message that it carries; 0 for one that only uses up its nonce.</param>
/// <param name="SentAt">When this form of it was first sent.</param>
/// <param name="Signed">Its bytes.</param>
public sealed record SentTransaction(ulong MessageId, TimestampMs SentAt, SignedEip1559Transaction Signed)
{
    internal byte[] Encode()
    {
        var writer = new CanonicalWriter();
        writer.U64(MessageId);
        writer.U64(SentAt.Value);
        writer.Bytes(Signed.Raw.AsSpan());
        return writer.ToArray();
    }

    internal static SentTransaction Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes);
        var sent = new SentTransaction(
            reader.U64(), new TimestampMs(reader.U64()),
            Eip1559Transaction.Decode(reader.Bytes(EvmLimits.TransactionBytes)));
        reader.End();
        return sent;
    }
}
