// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Storage;

/// <summary>Reads of the finalized ledger, from the live database or from one moment of it.</summary>
/// <remarks>
/// Thread-safe. Stored bytes that do not decode, or do not fit together, throw <see cref="StorageFault"/> of
/// kind <see cref="StorageFaultKind.Corrupt"/>; they are never served. "Find…" returns null for what is not
/// there.
/// </remarks>
public abstract partial class LedgerReader
{
    private readonly IKeyValueReader _reader;
    private readonly string _name;

    private protected LedgerReader(IKeyValueReader reader, string name)
    {
        _reader = reader;
        _name = name;
        State = new StoredState(reader);
    }

    /// <summary>The newest block.</summary>
    public abstract ChainHead Head { get; }

    /// <summary>
    /// The flat state after <see cref="Head"/>. Of the live store it changes with each commit.
    /// </summary>
    public IStateView State { get; }

    /// <summary>
    /// The height of the snapshot that this ledger began with: it has no bodies, receipts, events and
    /// transactions up to there. 0 when it began with genesis, and has everything.
    /// </summary>
    public Height FindSnapshotHeight()
    {
        IReadOnlyList<KeyValue> first = _reader.Scan(
            LedgerFormat.Blocks, LedgerFormat.HeightKey(new Height(1)), [], limit: 1);
        return first.Count == 0
            ? Head.Height
            : new Height(Decode(LedgerFormat.Blocks, first[0].Key, LedgerFormat.ReadHeight).Value - 1);
    }

    /// <summary>A block's header.</summary>
    public BlockHeader? FindHeader(Height height) =>
        Find(LedgerFormat.Headers, LedgerFormat.HeightKey(height), BlockHeader.Read);

    /// <summary>The height of the block with this hash.</summary>
    public Height? FindHeight(in Hash256 blockHash) =>
        _reader.TryGet(LedgerFormat.Heights, blockHash.ToArray(), out byte[]? value)
            ? Decode(LedgerFormat.Heights, value, LedgerFormat.ReadHeight)
            : null;

    /// <summary>Headers from <paramref name="from"/> upwards without a gap; fewer at the head.</summary>
    /// <param name="from">The first height.</param>
    /// <param name="limit">1 to <see cref="Limits.PageRows"/>.</param>
    public ImmutableArray<BlockHeader> Headers(Height from, int limit)
    {
        RequirePage(limit);
        return [.. _reader.Scan(LedgerFormat.Headers, LedgerFormat.HeightKey(from), [], limit)
            .Select(entry => Decode(LedgerFormat.Headers, entry.Value, BlockHeader.Read))];
    }

    /// <summary>A block's canonical bytes, as peers fetch them.</summary>
    /// <exception cref="StorageFault">What is there is the block of another height.</exception>
    public byte[]? FindBlockBytes(Height height)
    {
        if (!_reader.TryGet(LedgerFormat.Blocks, LedgerFormat.HeightKey(height), out byte[]? bytes))
        {
            return null;
        }

        BlockHeader header = Decode(
            LedgerFormat.Blocks, bytes.AsSpan(0, Math.Min(bytes.Length, BlockHeader.Size)), BlockHeader.Read);
        return header.Height == height ? bytes : throw Corrupt(
            LedgerFormat.Blocks,
            new CanonicalFormatException($"At height {height} stands the block of {header.Height}."));
    }

    /// <summary>A block.</summary>
    public Block? FindBlock(Height height)
    {
        byte[]? bytes = FindBlockBytes(height);
        try
        {
            return bytes is null ? null : Block.Decode(bytes);
        }
        catch (CanonicalFormatException e)
        {
            throw Corrupt(LedgerFormat.Blocks, e);
        }
    }

    /// <summary>All that is stored of a height, undecoded: for who checks it.</summary>
    public StoredBlock FindStored(Height height)
    {
        byte[] key = LedgerFormat.HeightKey(height);
        return new StoredBlock(
            Bytes(LedgerFormat.Headers), Bytes(LedgerFormat.Blocks), Bytes(LedgerFormat.Receipts),
            Bytes(LedgerFormat.Events), Bytes(LedgerFormat.Certificates));

        byte[] Bytes(Family family) => _reader.TryGet(family, key, out byte[]? value) ? value : [];
    }

    /// <summary>The receipts of a block's transactions, in their order.</summary>
    public ImmutableArray<Receipt>? FindReceipts(Height height) => FindList(
        LedgerFormat.Receipts, height, Limits.TransactionsPerBlock, Receipt.Read);

    /// <summary>How many transactions a block has, by the count that its receipts begin with.</summary>
    public int? CountTransactions(Height height) =>
        _reader.TryGet(LedgerFormat.Receipts, LedgerFormat.HeightKey(height), out byte[]? receipts)
            ? Decode(
                LedgerFormat.Receipts, receipts.AsSpan(0, Math.Min(sizeof(uint), receipts.Length)),
                static (ref CanonicalReader reader) =>
                    reader.U32() is <= Limits.TransactionsPerBlock and var count
                    ? (int)count
                    : throw new CanonicalFormatException("The count is over its limit."))
            : null;

    /// <summary>A block's events, in their order.</summary>
    public ImmutableArray<EventRecord>? FindEvents(Height height) => FindList(
        LedgerFormat.Events, height, LedgerFormat.MaxEvents, EventCodec.Read);

    /// <summary>Where a transaction stands, by its id.</summary>
    public TransactionLocation? FindTransaction(in Hash256 transactionId) =>
        _reader.TryGet(LedgerFormat.Transactions, transactionId.ToArray(), out byte[]? value)
            ? Decode(LedgerFormat.Transactions, value, LedgerFormat.ReadLocation)
            : null;

    /// <summary>
    /// The nearest certificate that finalizes this height: that of the lowest certified block at or above it.
    /// </summary>
    /// <returns>Null when no stored certificate is as high.</returns>
    public HeightCertificate? FindCertificate(Height atOrAbove)
    {
        IReadOnlyList<KeyValue> found = _reader.Scan(
            LedgerFormat.Certificates, LedgerFormat.HeightKey(atOrAbove), [], limit: 1);
        return found.Count == 0
            ? null
            : new HeightCertificate(
                Decode(LedgerFormat.Certificates, found[0].Key, LedgerFormat.ReadHeight),
                Decode(LedgerFormat.Certificates, found[0].Value, Certificate.Read));
    }

    /// <summary>
    /// An account's history, newest first: the events that changed its balances or standing.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="after">The last row of the page before; null for the newest.</param>
    /// <param name="limit">
    /// 1 to one more than <see cref="Limits.PageRows"/>: the row behind a page tells that another follows.
    /// </param>
    public ImmutableArray<HistoryRow> History(in Address account, HistoryRow? after, int limit)
    {
        Invariant.Require(limit is > 0 and <= Limits.PageRows + 1, "a page has 1 to PageRows rows");
        byte[] from = after is { } row
            ? [.. LedgerFormat.HistoryKey(account, row.Height, row.EventIndex), 0]
            : account.ToArray();
        byte[] last = LedgerFormat.HistoryKey(account, new Height(0), 0);
        return [.. _reader.Scan(LedgerFormat.History, from, [.. last, 0], limit)
            .Select(entry => Decode(
                LedgerFormat.History, [.. entry.Key, .. entry.Value], LedgerFormat.ReadHistory))];
    }

    /// <summary>
    /// All entries of the state in key order, read page by page. Do not commit while enumerating.
    /// </summary>
    public IEnumerable<StateEntry> StateEntries()
    {
        byte[] from = [];
        while (true)
        {
            const int PageEntries = 4_096;
            IReadOnlyList<KeyValue> page = _reader.Scan(LedgerFormat.State, from, [], PageEntries);
            foreach (KeyValue entry in page)
            {
                yield return new StateEntry(entry.Key, entry.Value);
            }

            if (page.Count < PageEntries)
            {
                yield break;
            }

            from = [.. page[^1].Key, 0];
        }
    }

    private protected ChainHead? FindHead()
    {
        if (!_reader.TryGet(LedgerFormat.Meta, LedgerFormat.HeadKey, out byte[]? value))
        {
            return null;
        }

        (Height height, View view, Hash256 hash) = Decode(LedgerFormat.Meta, value, LedgerFormat.ReadHead);
        return FindHeader(height) is { } header && header.Hash == hash && header.View == view
            ? new ChainHead(header, hash)
            : throw Corrupt(LedgerFormat.Meta, null);
    }

    private protected MountainRange? FindRange() =>
        Find(LedgerFormat.Meta, LedgerFormat.RangeKey, MountainRange.Read);

    private protected StorageFault Corrupt(Family family, Exception? cause) => new(
        StorageFaultKind.Corrupt,
        StorageScope.Process,
        $"{_name}: family {family.Name} holds bytes that are not of this format"
            + (cause is null ? "." : $" ({cause.Message})")
            + " Stop the node, move the directory away and let it sync again from its peers.",
        cause);

    private static void RequirePage(int limit) =>
        Invariant.Require(limit is > 0 and <= Limits.PageRows, "a page has 1 to PageRows rows");

    private ImmutableArray<T>? FindList<T>(
        Family family, Height height, int maxCount, CanonicalRead<T> read) =>
        _reader.TryGet(family, LedgerFormat.HeightKey(height), out byte[]? value)
            ? Decode(family, value, (ref CanonicalReader reader) => reader.List(maxCount, read))
            : null;

    private T? Find<T>(Family family, byte[] key, CanonicalRead<T> read)
        where T : class =>
        _reader.TryGet(family, key, out byte[]? value) ? Decode(family, value, read) : null;

    private T Decode<T>(Family family, ReadOnlySpan<byte> value, CanonicalRead<T> read)
    {
        try
        {
            var reader = new CanonicalReader(value);
            T decoded = read(ref reader);
            reader.End();
            return decoded;
        }
        catch (CanonicalFormatException e)
        {
            throw Corrupt(family, e);
        }
    }

    private sealed class StoredState(IKeyValueReader reader) : IStateView
    {
        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        {
            bool found = reader.TryGet(LedgerFormat.State, key, out byte[]? bytes);
            value = bytes;
            return found;
        }

        public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit)
        {
            // For a view an empty end is before all keys; for a scan it means "to the end".
            if (to.IsEmpty || limit <= 0)
            {
                return [];
            }

            IReadOnlyList<KeyValue> found = reader.Scan(LedgerFormat.State, from, to, limit);
            var entries = new StateEntry[found.Count];
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = new StateEntry(found[i].Key, found[i].Value);
            }

            return entries;
        }
    }
}
