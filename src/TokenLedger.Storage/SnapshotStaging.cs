// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;

namespace TokenLedger.Storage;

/// <summary>
/// A ledger that is being made from a snapshot: verified chunks, in order, in a database of its own that is
/// no ledger before all of them are there. A crash at any moment leaves a prefix of them, from which it goes
/// on.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class SnapshotStaging : LedgerReader, IDisposable
{
    private const string Name = "Snapshot database";

    private readonly IKeyValueStore _store;
    private SnapshotHead? _snapshot;

    private SnapshotStaging(IKeyValueStore store)
        : base(store, Name)
    {
        _store = store;
        if (store.TryGet(LedgerFormat.Meta, LedgerFormat.StagingKey, out byte[]? mark))
        {
            try
            {
                var reader = new CanonicalReader(mark);
                SnapshotHead head = SnapshotHead.Read(ref reader);
                Next = reader.Bool() ? reader.Hash() : null;
                reader.End();
                _snapshot = head;
            }
            catch (CanonicalFormatException e)
            {
                throw Corrupt(LedgerFormat.Meta, e);
            }
        }
    }

    /// <summary>What is being fetched; null before <see cref="Begin"/>.</summary>
    public SnapshotHead? Snapshot => _snapshot;

    /// <summary>Where the next chunk starts; null when all are here, and before the beginning.</summary>
    public Hash256? Next { get; private set; }

    /// <summary>True when every entry of the state is here.</summary>
    public bool IsComplete => _snapshot is not null && Next is null;

    /// <inheritdoc/>
    public override ChainHead Head
    {
        get
        {
            Invariant.Require(_snapshot is not null, "a snapshot that is being fetched has a head");
            return new ChainHead(_snapshot.Header, _snapshot.Header.Hash);
        }
    }

    /// <summary>
    /// Opens the database, which may hold what an earlier process fetched. It is owned from here on.
    /// </summary>
    /// <param name="store">Opened with <see cref="LedgerFormat.Families"/>.</param>
    /// <exception cref="StorageFault">Its bytes are not of this format.</exception>
    public static SnapshotStaging Open(IKeyValueStore store)
    {
        try
        {
            return new SnapshotStaging(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Forgets whatever is here and begins with a snapshot whose head was verified.</summary>
    public void Begin(SnapshotHead snapshot)
    {
        using IWriteBatch batch = _store.CreateBatch();
        foreach (Family family in LedgerFormat.Families)
        {
            // Above every key: none is longer than a state key, and none is all ones.
            batch.DeleteRange(family, [], LedgerFormat.BehindAll);
        }

        _snapshot = snapshot;
        Next = Hash256.Zero;
        PutMark(batch);
        _store.Write(batch, sync: true);
    }

    /// <summary>
    /// Verifies a chunk, and keeps it when it is exactly what the state has from <see cref="Next"/> on.
    /// </summary>
    /// <returns>Null, or what is wrong with it; then nothing was kept.</returns>
    /// <exception cref="StorageFault">The write failed.</exception>
    public string? TryAdd(StateChunk chunk)
    {
        Invariant.Require(_snapshot is not null, "a chunk belongs to a snapshot");
        if (chunk.Range.Start != Next)
        {
            return "a chunk is not the next one";
        }

        if (!chunk.Verify(_snapshot.Header.StateRoot))
        {
            return "a chunk is not part of the state";
        }

        using IWriteBatch batch = _store.CreateBatch();
        foreach (StateEntry entry in chunk.Entries.OrderBy(e => e.Key, ByKey.Instance))
        {
            batch.Put(LedgerFormat.State, entry.Key.Span, entry.Value.Span);
        }

        Next = chunk.Range.Next;
        PutMark(batch);

        // Not synced: what a crash takes is fetched again, and with it goes the mark.
        _store.Write(batch, sync: false);
        return null;
    }

    /// <summary>
    /// Makes it a ledger whose newest block is the snapshot's, in one synced write. The caller has compared
    /// the root of the whole state and checked its invariants.
    /// </summary>
    /// <param name="genesis">The network's genesis block.</param>
    public void Finish(Block genesis)
    {
        Invariant.Require(_snapshot is not null && IsComplete, "only a whole state becomes a ledger");
        Invariant.Require(
            genesis.Header.GenesisHash == _snapshot.Header.GenesisHash, "a snapshot is of this network");
        var writer = new CanonicalWriter();
        using IWriteBatch batch = _store.CreateBatch();
        PutHeader(batch, writer, genesis.Header);
        byte[] first = LedgerFormat.HeightKey(genesis.Header.Height);
        batch.Put(LedgerFormat.Blocks, first, genesis.Encode());
        batch.Put(LedgerFormat.Receipts, first, [0, 0, 0, 0]);
        batch.Put(LedgerFormat.Events, first, [0, 0, 0, 0]);
        PutHeader(batch, writer, Head.Header);
        writer.Clear();
        _snapshot.Certificate.Write(writer);
        batch.Put(LedgerFormat.Certificates, LedgerFormat.HeightKey(Head.Height), writer.Written);
        MountainRange range = _snapshot.HistoryBefore.Append(Head.Hash);
        writer.Clear();
        range.Write(writer);
        batch.Put(LedgerFormat.Meta, LedgerFormat.RangeKey, writer.Written);
        batch.Put(LedgerFormat.Meta, LedgerFormat.HeadKey, LedgerFormat.Head(Head));
        batch.Delete(LedgerFormat.Meta, LedgerFormat.StagingKey);
        DatabaseIdentity.Put(
            batch, LedgerFormat.Meta, LedgerFormat.SchemaVersion, genesis.Header.GenesisHash);
        _store.Write(batch, sync: true);
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => _store.Dispose();

    private void PutMark(IWriteBatch batch)
    {
        var writer = new CanonicalWriter(1024);
        _snapshot!.Write(writer);
        writer.Bool(Next is not null);
        if (Next is { } next)
        {
            writer.Hash(next);
        }

        batch.Put(LedgerFormat.Meta, LedgerFormat.StagingKey, writer.Written);
    }

    private static void PutHeader(IWriteBatch batch, CanonicalWriter writer, BlockHeader header)
    {
        byte[] key = LedgerFormat.HeightKey(header.Height);
        writer.Clear();
        header.Write(writer);
        batch.Put(LedgerFormat.Headers, key, writer.Written);
        batch.Put(LedgerFormat.Heights, header.Hash.ToArray(), key);
    }

    private sealed class ByKey : IComparer<ReadOnlyMemory<byte>>
    {
        public static readonly ByKey Instance = new();

        public int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) =>
            x.Span.SequenceCompareTo(y.Span);
    }
}
