// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
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
        CanonicalTargets.Of(
            "stored.BalanceRow", "LedgerFormat.ReadBalance",
            g => BalanceRow(new BalanceRow(
                g.Asset(), new BalanceStep(new Height(g.U64()), g.U32(), g.Amount(), g.Amount()))),
            ReadBalanceRow,
            value => BalanceRow((BalanceRow)value)),
        CanonicalTargets.Of(
            "stored.Guard", "GuardState.Decode",
            g => Guard(g).Encode()[..^SHA256.HashSizeInBytes],
            bytes => GuardState.Decode([.. bytes, .. SHA256.HashData(bytes)]),
            value => ((GuardState)value).Encode()[..^SHA256.HashSizeInBytes]),
        new()
        {
            Name = "stored.SnapshotFile",
            Shape = BytesShape.Instance,
            Sample = SampleSnapshot,
            Decode = ReadSnapshot,
            Encode = value =>
            {
                (SnapshotHead head, List<byte[]> chunks) = ((SnapshotHead, List<byte[]>))value;
                return Snapshot(head, chunks);
            },
            Declared = [typeof(CanonicalFormatException)],
        },
    ];

    /// <summary>Its checksum is made anew for each input: it is no hurdle to whoever can write the
    /// file.</summary>
    private static GuardState Guard(CoreGenerator g)
    {
        VoteSubject[] released = [.. Enumerable.Range(0, g.Below(4)).Select(_ => g.Subject())];
        return new GuardState(
            g.Hash(), g.Address(), g.Enum<GuardDoubt>(),
            released.Select(static subject => GuardPosition.Of(subject)).DefaultIfEmpty().Max(),
            [.. released]);
    }

    private static byte[] SampleSnapshot(CoreGenerator g)
    {
        KeyRange[] ranges = g.Coin() ? [KeyRange.All] : [KeyRange.All.Child(false), KeyRange.All.Child(true)];
        return Snapshot(g.SnapshotHead(), ranges.Select(range => new StateChunk(
            range, [.. Enumerable.Range(0, range.Depth).Select(_ => g.Hash())],
            [new StateEntry(g.Bytes(g.Below(40)), g.Bytes(g.Below(40)))]).Encode()));
    }

    private static byte[] Snapshot(SnapshotHead head, IEnumerable<byte[]> chunks) =>
        [.. "TLSNAP01"u8, .. chunks.Prepend(head.Encode()).SelectMany(Part)];

    private static byte[] Part(byte[] part)
    {
        byte[] bytes = [.. new byte[4], .. part];
        BinaryPrimitives.WriteInt32BigEndian(bytes, part.Length);
        return bytes;
    }

    /// <summary>What it has, chunk by chunk as a node serves them.</summary>
    private static object? ReadSnapshot(byte[] bytes)
    {
        string path = Path.Combine(
            Path.GetTempPath(), $"tl-fuzz-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        File.WriteAllBytes(path, bytes);
        try
        {
            using SnapshotFile file = SnapshotFile.Open(path);
            var chunks = new List<byte[]>();
            Hash256? next = Hash256.Zero;
            while (next is { } start)
            {
                chunks.Add(file.FindChunk(start)!);
                next = SnapshotFile.RangeOf(chunks[^1]).Next;
            }

            return (file.Head, chunks);
        }
        finally
        {
            File.Delete(path);
        }
    }

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

    private static object? ReadBalanceRow(byte[] bytes)
    {
        BalanceRow row = StateCodec.Decode(bytes, LedgerFormat.ReadBalance);
        return bytes.AsSpan(0, Address.Size).ContainsAnyExcept((byte)0) ? null : row;
    }

    /// <summary>As above.</summary>
    private static byte[] BalanceRow(BalanceRow row)
    {
        var writer = new CanonicalWriter();
        writer.U32(row.Change.EventIndex);
        writer.Amount(row.Change.Before);
        writer.Amount(row.Change.After);
        return [.. LedgerFormat.BalanceKey(default, row.Asset, row.Change.Height), .. writer.Written];
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
        with
        { Covers = [] };
}
