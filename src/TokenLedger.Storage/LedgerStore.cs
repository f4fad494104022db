// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Storage;

/// <summary>
/// The finalized ledger on disk: state, blocks, receipts, events, certificates and what finds them. A block
/// enters whole, in one atomic synced write, or not at all.
/// </summary>
/// <remarks>Thread-safe; writes take their turns. Reads of one answer that must fit together go to a
/// <see cref="Snapshot"/>.</remarks>
public sealed class LedgerStore : LedgerReader, IDisposable
{
    private const string Name = "Ledger database";

    private readonly IKeyValueStore _store;
    private readonly Lock _writing = new();
    private readonly CanonicalWriter _writer = new(64 * 1024);
    private volatile ChainHead _head;
    private volatile MountainRange _history;

    private LedgerStore(IKeyValueStore store, CommittedBlock genesis, bool isNew)
        : base(store, Name)
    {
        _store = store;
        if (store.TryGet(LedgerFormat.Meta, LedgerFormat.StagingKey, out _))
        {
            // A state that is still being fetched is nobody's ledger.
            throw Corrupt(LedgerFormat.Meta, null);
        }

        ChainHead? head = FindHead();
        if (isNew != (head is null))
        {
            throw Corrupt(LedgerFormat.Meta, null);
        }

        _head = head ?? WriteGenesis(genesis);
        _history = FindRange() ?? throw Corrupt(LedgerFormat.Meta, null);
        GenesisHash = genesis.Block.Header.GenesisHash;
        Invariant.Require(_history.Count == _head.Height.Value + 1, "the range covers all headers");
        SnapshotHeight = FindSnapshotHeight();
    }

    /// <inheritdoc/>
    public override ChainHead Head => _head;

    /// <summary>The network.</summary>
    public Hash256 GenesisHash { get; }

    /// <summary>As <see cref="LedgerReader.FindSnapshotHeight"/>; it does not change while open.</summary>
    public Height SnapshotHeight { get; }

    /// <summary>
    /// The mountain range over all headers up to and with the head: its root stands in the next header.
    /// </summary>
    public MountainRange HistoryRange => _history;

    /// <summary>Bytes on disk and in memory tables, roughly.</summary>
    public long ApproximateBytes => _store.ApproximateBytes;

    /// <summary>
    /// Opens the ledger, writing genesis when the database is new, and bringing one of the version before up
    /// to this one (<c>FORMAT.md</c>). The ledger owns <paramref name="store"/> from here on, and disposes it
    /// when it cannot be opened.
    /// </summary>
    /// <param name="store">Opened with <see cref="LedgerFormat.Families"/>.</param>
    /// <param name="genesis">Height 0; its changes are the whole initial state.</param>
    /// <exception cref="StorageFault">The database is of another schema version (Version) or network
    /// (Genesis), or does not fit together (Corrupt).</exception>
    public static LedgerStore Open(IKeyValueStore store, CommittedBlock genesis)
    {
        try
        {
            LedgerUpgrade.Run(store, Name, genesis.Block.Header.GenesisHash);
            bool isNew = DatabaseIdentity.IsNew(
                store, LedgerFormat.Meta, Name, LedgerFormat.SchemaVersion, genesis.Block.Header.GenesisHash);
            var ledger = new LedgerStore(store, genesis, isNew);
            Height? found = ledger.FindHeight(genesis.Block.Hash);
            return found == new Height(0) ? ledger : throw DatabaseIdentity.OtherGenesis(Name);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes a finalized block and all it caused, atomically and durably: when this returns, it survives a
    /// crash.
    /// </summary>
    /// <exception cref="StorageFault">The write failed; the store is dead. After a new open the block is
    /// there whole or not at all.</exception>
    /// <exception cref="InvariantException">The block is not the next one of this chain.</exception>
    public void Commit(CommittedBlock committed)
    {
        BlockHeader header = committed.Block.Header;
        var head = new ChainHead(header, header.Hash);
        lock (_writing)
        {
            Invariant.Require(header.GenesisHash == GenesisHash, "a block is of this network");
            Invariant.Require(header.Height == _head.Height.Next, "a commit is of the next height");
            Invariant.Require(header.ParentHash == _head.Hash, "a block's parent is the head");
            Invariant.Require(header.View > _head.View, "views rise along the chain");
            Invariant.Require(header.HistoryRoot == _history.Root(), "the history root covers all before");
            _history = Write(head, committed, _history);
            _head = head;
        }
    }

    /// <summary>
    /// Keeps the finalization certificate of a block that is committed already. A second one for a height is
    /// ignored.
    /// </summary>
    /// <exception cref="InvariantException">It is not a finalization of a committed block.</exception>
    public void AddCertificate(Certificate certificate)
    {
        Height? height = FindHeight(certificate.Subject.BlockHash);
        BlockHeader? header = height is { } known ? FindHeader(known) : null;
        Invariant.Require(header is not null, "a certificate's block is committed");
        lock (_writing)
        {
            if (FindCertificate(header.Height)?.Height == header.Height)
            {
                return;
            }

            using IWriteBatch batch = _store.CreateBatch();
            PutCertificate(batch, header, certificate);
            _store.Write(batch, sync: true);
        }
    }

    /// <summary>
    /// Writes a committed height again, whose stored bytes are damaged: header, block, receipts, events,
    /// certificate and what finds them, atomically and durably. The state is never repaired.
    /// </summary>
    /// <param name="again">What was committed; its hash, roots and certificate were checked by the
    /// caller.</param>
    /// <exception cref="InvariantException">It is not of a committed height, or would change the
    /// state.</exception>
    public void Rewrite(CommittedBlock again)
    {
        BlockHeader header = again.Block.Header;
        lock (_writing)
        {
            Invariant.Require(header.GenesisHash == GenesisHash, "a block is of this network");
            Invariant.Require(
                header.Height.Value > 0 && header.Height <= _head.Height,
                "only a committed height is repaired");
            Invariant.Require(again.StateChanges.Count == 0, "a repair leaves the state alone");
            using IWriteBatch batch = _store.CreateBatch();
            PutBlock(batch, new ChainHead(header, header.Hash), again);
            PutIndexes(batch, header.Height, again);
            if (again.Certificate is { } certificate)
            {
                PutCertificate(batch, header, certificate);
            }

            _store.Write(batch, sync: true);
        }
    }

    /// <summary>The ledger as it is now, unchanged by later commits.</summary>
    public LedgerSnapshot Snapshot() => new(_store.Snapshot(), Name);

    /// <summary>A consistent copy of the database in a new directory.</summary>
    /// <exception cref="StorageFault">The copy failed; this store is unharmed.</exception>
    public void Checkpoint(string path) => _store.Checkpoint(path);

    /// <summary>Closes the database.</summary>
    public void Dispose() => _store.Dispose();

    private ChainHead WriteGenesis(CommittedBlock genesis)
    {
        BlockHeader header = genesis.Block.Header;
        Invariant.Require(header.Height == new Height(0), "genesis is height 0");
        Invariant.Require(header.ParentHash.IsZero, "genesis has no parent");
        var head = new ChainHead(header, header.Hash);
        Write(head, genesis, MountainRange.Empty);
        return head;
    }

    private MountainRange Write(ChainHead head, CommittedBlock committed, MountainRange before)
    {
        Invariant.Require(
            committed.Receipts.Length == committed.Block.Transactions.Length, "a transaction has a receipt");
        Invariant.Require(committed.Events.Length <= LedgerFormat.MaxEvents, "events are bounded");
        MountainRange range = before.Append(head.Hash);
        using IWriteBatch batch = _store.CreateBatch();
        PutState(batch, committed.StateChanges);
        PutBlock(batch, head, committed);
        PutIndexes(batch, head.Height, committed);
        if (committed.Certificate is { } certificate)
        {
            PutCertificate(batch, head.Header, certificate);
        }

        if (head.Height.Value == 0)
        {
            DatabaseIdentity.Put(
                batch, LedgerFormat.Meta, LedgerFormat.SchemaVersion, head.Header.GenesisHash);
        }

        batch.Put(LedgerFormat.Meta, LedgerFormat.HeadKey, LedgerFormat.Head(head));
        batch.Put(LedgerFormat.Meta, LedgerFormat.RangeKey, Encode(range.Write));
#if PLANTED
        if (Planted.Is(PlantedBug.UnsyncedServed)) { _store.Write(batch, sync: false); } else
#endif
        _store.Write(batch, sync: true);
        return range;
    }

    private static void PutState(IWriteBatch batch, IReadOnlyList<StateChange> changes)
    {
        StateChange[] sorted = [.. changes];
        Array.Sort(sorted, static (a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span));
        for (int i = 0; i < sorted.Length; i++)
        {
            StateChange change = sorted[i];
            Invariant.Require(
                i == 0 || !change.Key.Span.SequenceEqual(sorted[i - 1].Key.Span),
                "a block changes a key once");
            if (change.Value is { } value)
            {
                batch.Put(LedgerFormat.State, change.Key.Span, value.Span);
            }
            else
            {
                batch.Delete(LedgerFormat.State, change.Key.Span);
            }
        }
    }

    private void PutBlock(IWriteBatch batch, ChainHead head, CommittedBlock committed)
    {
        byte[] key = LedgerFormat.HeightKey(head.Height);
        batch.Put(LedgerFormat.Headers, key, Encode(head.Header.Write));
        batch.Put(LedgerFormat.Heights, head.Hash.ToArray(), key);
        batch.Put(LedgerFormat.Blocks, key, Encode(committed.Block.Write));
        batch.Put(LedgerFormat.Receipts, key, Encode(writer =>
            writer.List(committed.Receipts, static (w, receipt) => receipt.Write(w))));
        batch.Put(LedgerFormat.Events, key, Encode(writer =>
            writer.List(committed.Events, EventCodec.Write)));
    }

    private static void PutIndexes(IWriteBatch batch, Height height, CommittedBlock committed)
    {
        var transactions = new KeyValue[committed.Receipts.Length];
        for (int i = 0; i < transactions.Length; i++)
        {
            transactions[i] = new KeyValue(
                committed.Receipts[i].TransactionId.ToArray(),
                LedgerFormat.Location(new TransactionLocation(height, (uint)i)));
        }

        PutSorted(batch, LedgerFormat.Transactions, transactions);
        PutSorted(
            batch, LedgerFormat.History,
            CollectionsMarshal.AsSpan(LedgerFormat.HistoryOf(height, committed.Events)));
        PutSorted(
            batch, LedgerFormat.Balances,
            CollectionsMarshal.AsSpan(LedgerFormat.BalancesOf(height, committed.Events)));
    }

    /// <summary>In key order, neighbours find their place in a memory table in about half the time.</summary>
    internal static void PutSorted(IWriteBatch batch, Family family, Span<KeyValue> rows)
    {
        rows.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        foreach (KeyValue row in rows)
        {
            batch.Put(family, row.Key, row.Value);
        }
    }

    private void PutCertificate(IWriteBatch batch, BlockHeader header, Certificate certificate)
    {
        VoteSubject subject = certificate.Subject;
        Invariant.Require(
            subject == new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash),
            "a stored certificate finalizes its very block");
        byte[] key = LedgerFormat.HeightKey(header.Height);
        batch.Put(LedgerFormat.Certificates, key, Encode(certificate.Write));
    }

    /// <summary>The bytes that <paramref name="write"/> writes; valid until the next call.</summary>
    private ReadOnlySpan<byte> Encode(Action<CanonicalWriter> write)
    {
        _writer.Clear();
        write(_writer);
        return _writer.Written;
    }
}
