// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Services;

/// <summary>
/// A final block in messages of a bounded size: the events of a full block are larger than an answer to a
/// client may be. Not thread-safe.
/// </summary>
internal sealed class FinalBlockParts
{
    /// <summary>Bytes in one message, but for one item more: far below what clients take.</summary>
    public const int MessageBytes = 1024 * 1024;

    private readonly List<V1.FinalBlock> _parts = [];
    private readonly CanonicalWriter _writer = new();
    private int _bytes;

    private FinalBlockParts()
    {
    }

    /// <summary>The messages of a block, in order; all but the last say that more follows.</summary>
    /// <param name="block">Header and transactions.</param>
    /// <param name="certificate">Its own finalization; null when it has none.</param>
    /// <param name="receipts">One for each transaction.</param>
    /// <param name="events">All of the block.</param>
    public static IReadOnlyList<V1.FinalBlock> Of(
        Block block, Certificate? certificate, ImmutableArray<Receipt> receipts,
        ImmutableArray<EventRecord> events)
    {
        var parts = new FinalBlockParts();
        parts._parts.Add(new V1.FinalBlock
        {
            Header = parts.Encode(block.Header.Write),
            Certificate = certificate is null ? ByteString.Empty : parts.Encode(certificate.Write),
        });
        foreach (SignedTransaction transaction in block.Transactions)
        {
            parts.RoomFor(transaction.EncodedSize).Transactions.Add(TransactionMapper.ToWire(transaction));
        }

        foreach (Receipt receipt in receipts)
        {
            ByteString bytes = parts.Encode(receipt.Write);
            parts.RoomFor(bytes.Length).Receipts.Add(bytes);
        }

        foreach (EventRecord record in events)
        {
            ByteString bytes = parts.Encode(writer => EventCodec.Write(writer, record));
            parts.RoomFor(bytes.Length).Events.Add(bytes);
        }

        return parts._parts;
    }

    private V1.FinalBlock RoomFor(int bytes)
    {
        if (_bytes + bytes > MessageBytes)
        {
            _parts[^1].More = true;
            _parts.Add(new V1.FinalBlock());
            _bytes = 0;
        }

        _bytes += bytes;
        return _parts[^1];
    }

    private ByteString Encode(Action<CanonicalWriter> write)
    {
        _writer.Clear();
        write(_writer);
        return ByteString.CopyFrom(_writer.Written);
    }
}
