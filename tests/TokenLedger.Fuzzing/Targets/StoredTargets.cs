// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Storage;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>
/// Values that the databases keep beyond the canonical types: a disk is outside, and what it gives back may
/// have rotted.
/// </summary>
internal static class StoredTargets
{
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        List(
            "stored.Receipts", g => g.Receipt(), (w, v) => v.Write(w), Limits.TransactionsPerBlock,
            Receipt.Read),
        List("stored.Events", g => g.Event(), EventCodec.Write, LedgerFormat.MaxEvents, EventCodec.Read),
        CanonicalTargets.Of(
            "stored.Location", "LedgerFormat.ReadLocation",
            g => LedgerFormat.Location(new TransactionLocation(new Height(g.U64()), g.U32())),
            bytes => StateCodec.Decode(bytes, LedgerFormat.ReadLocation),
            value => LedgerFormat.Location((TransactionLocation)value)),
        CanonicalTargets.Of(
            "stored.Height", "LedgerFormat.ReadHeight",
            g => LedgerFormat.HeightKey(new Height(g.U64())),
            bytes => StateCodec.Decode(bytes, LedgerFormat.ReadHeight),
            value => LedgerFormat.HeightKey((Height)value)),
        CanonicalTargets.Of(
            "stored.Head", "LedgerFormat.ReadHead",
            g => Head(new Height(g.U64()), new View(g.U64()), g.Hash()),
            bytes => StateCodec.Decode(bytes, LedgerFormat.ReadHead),
            value =>
            {
                (Height height, View view, Hash256 hash) = ((Height, View, Hash256))value;
                return Head(height, view, hash);
            }),
        CanonicalTargets.Of(
            "stored.HistoryRow", "LedgerFormat.ReadHistory",
            g => [.. LedgerFormat.HistoryKey(default, new Height(g.U64()), g.U32()), .. g.Bytes(4)],
            ReadRow,
            value => Row((HistoryRow)value)),
    ];

    private static byte[] Head(Height height, View view, Hash256 hash) =>
    [
        .. LedgerFormat.HeightKey(height), .. LedgerFormat.HeightKey(new Height(view.Value)),
        .. hash.ToArray(),
    ];

    private static object? ReadRow(byte[] bytes)
    {
        HistoryRow row = StateCodec.Decode(bytes, LedgerFormat.ReadHistory);
        return bytes.AsSpan(0, Address.Size).ContainsAnyExcept((byte)0) ? null : row;
    }

    /// <summary>The address is not of the row; here it is zero.</summary>
    private static byte[] Row(HistoryRow row)
    {
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, row.TransactionIndex);
        return [.. LedgerFormat.HistoryKey(default, row.Height, row.EventIndex), .. value];
    }

    private static FuzzTarget List<T>(
        string name, Func<CoreGenerator, T> item, Action<CanonicalWriter, T> write, int max,
        CanonicalRead<T> read) => CanonicalTargets.Of(
            name,
            "",
            g => StateCodec.Encode(g.List(4, () => item(g)), (w, items) => w.List(items, write)),
            bytes => StateCodec.Decode(bytes, (ref CanonicalReader reader) => reader.List(max, read)),
            value => StateCodec.Encode((ImmutableArray<T>)value, (w, items) => w.List(items, write)))
        with { Covers = [] };
}
