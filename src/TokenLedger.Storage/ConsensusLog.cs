// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Storage;

/// <summary>
/// What a validator must still know after a crash: its own votes, certificates, certification results, and
/// the blocks that it may have to build on. Durable before spoken of.
/// </summary>
/// <remarks>Thread-safe; writes take their turns.</remarks>
public sealed class ConsensusLog : IDisposable
{
    /// <summary>Version of all that FORMAT.md says about this database.</summary>
    public const uint SchemaVersion = 1;

    private const string Name = "Consensus database";

    private static readonly Family Records = new(0, "records");
    private static readonly Family Candidates = new(1, "candidates");
    private static readonly Family CandidateViews = new(2, "candidate-views");
    private static readonly Family Meta = new(3, "meta");
    private static readonly byte[] FloorKey = [3];

    private readonly IKeyValueStore _store;
    private readonly Lock _writing = new();
    private readonly CanonicalWriter _writer = new(4 * 1024);
    private ulong _nextSequence;

    // Pruning begins where the last one ended, for what was removed still costs a scan time until it is
    // compacted.
    private View _lowestRecord;
    private View _lowestCandidate;
    private volatile Certificate? _floor;

    private ConsensusLog(IKeyValueStore store)
    {
        _store = store;
        _floor = store.TryGet(Meta, FloorKey, out byte[]? floor) ? Decode(floor, Certificate.Read) : null;
        foreach (KeyValue entry in AllRecords())
        {
            _nextSequence = Math.Max(_nextSequence, SequenceOf(entry.Key) + 1);
        }
    }

    /// <summary>The families that this database is opened with, in this order.</summary>
    public static ImmutableArray<Family> Families { get; } = [Records, Candidates, CandidateViews, Meta];

    /// <summary>
    /// The finalization below which nothing is needed any more: its block is committed in the ledger. Null at
    /// first.
    /// </summary>
    public Certificate? Floor => _floor;

    /// <summary>
    /// Opens the log, and owns <paramref name="store"/> from here on, even when it cannot be opened.
    /// </summary>
    /// <exception cref="StorageFault">Another schema version (Version), another network (Genesis), or bytes
    /// that do not decode (Corrupt).</exception>
    public static ConsensusLog Open(IKeyValueStore store, in Hash256 genesisHash)
    {
        try
        {
            if (DatabaseIdentity.IsNew(store, Meta, Name, SchemaVersion, genesisHash))
            {
                using IWriteBatch batch = store.CreateBatch();
                DatabaseIdentity.Put(batch, Meta, SchemaVersion, genesisHash);
                store.Write(batch, sync: true);
            }

            return new ConsensusLog(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Appends records in one batch with one sync, which also makes all earlier candidates durable.
    /// </summary>
    /// <returns>For every <see cref="OwnVoteRecord"/>, in order, the leave to sign it.</returns>
    /// <exception cref="StorageFault">Nothing may be said: what of it is durable is unknown.</exception>
    public ImmutableArray<DurableVote> Append(IReadOnlyList<ConsensusRecord> records)
    {
        if (records.Count == 0)
        {
            return [];
        }

        lock (_writing)
        {
            using IWriteBatch batch = _store.CreateBatch();
            foreach (ConsensusRecord record in records)
            {
                PutRecord(batch, record);
            }

#if PLANTED
            if (Planted.Is(PlantedBug.VoteBeforeFsync)) { _store.Write(batch, sync: false); } else
#endif
            _store.Write(batch, sync: true);
        }

        return [.. records.OfType<OwnVoteRecord>().Select(own => new DurableVote(own.Subject))];
    }

    /// <summary>
    /// All records that are kept, in the order of appending: also those at or below the floor that were not
    /// pruned.
    /// </summary>
    public ImmutableArray<ConsensusRecord> Replay() =>
        [
            .. AllRecords()
                .OrderBy(entry => SequenceOf(entry.Key))
                .Select(entry => Decode(entry.Value, ConsensusRecord.Read)),
        ];

    /// <summary>The leave to sign again a vote whose record is durable already, after a restart.</summary>
    /// <exception cref="InvariantException">There is no record of it.</exception>
    public DurableVote DurableAgain(in VoteSubject subject)
    {
        const int RecordsOfOneView = 64;
        VoteSubject wanted = subject;
        IReadOnlyList<KeyValue> records = _store.Scan(
            Records, ViewKey(subject.View), ViewKey(subject.View.Next), RecordsOfOneView);
        bool recorded = records.Any(entry =>
            Decode(entry.Value, ConsensusRecord.Read) is OwnVoteRecord own && own.Subject == wanted);
        Invariant.Require(recorded, "only a recorded vote is signed again");
        return new DurableVote(subject);
    }

    /// <summary>Forgets the records of all views under <paramref name="below"/>.</summary>
    /// <remarks>Not synced: after a crash some may come back, which is harmless.</remarks>
    /// <exception cref="InvariantException">It would forget a view above the floor, and with it own
    /// votes.</exception>
    public void Prune(View below)
    {
        lock (_writing)
        {
            RequireBelowFloor(below);
            _lowestRecord = DeleteBelow(Records, _lowestRecord, below, static (batch, key) =>
                batch.Delete(Records, key));
        }
    }

    /// <summary>Raises the floor, durably. The same view again changes nothing.</summary>
    /// <param name="floor">A finalization whose block is committed in the ledger.</param>
    /// <exception cref="InvariantException">It is no finalization, or is below the floor.</exception>
    public void SetFloor(Certificate floor)
    {
        VoteSubject subject = floor.Subject;
        Invariant.Require(subject.Kind == VoteKind.Finalize, "a floor is a finalization");
        lock (_writing)
        {
            if (_floor is { } old)
            {
                Invariant.Require(subject.View >= old.Subject.View, "the floor never sinks");
                if (subject.View == old.Subject.View)
                {
                    Invariant.Require(subject == old.Subject, "a view has one finalized block");
                    return;
                }
            }

            using IWriteBatch batch = _store.CreateBatch();
            _writer.Clear();
            floor.Write(_writer);
            batch.Put(Meta, FloorKey, _writer.Written);
            _store.Write(batch, sync: true);
            _floor = floor;
        }
    }

    /// <summary>
    /// Keeps a block that is not finalized yet. It is durable only after the next synced write of this log
    /// (<see cref="Append"/> of anything, <see cref="SetFloor"/>) or <see cref="Sync"/>.
    /// </summary>
    /// <param name="hash">The block's hash.</param>
    /// <param name="block">Its canonical form.</param>
    /// <exception cref="InvariantException">The bytes do not begin with the header of that hash.</exception>
    public void PutCandidate(in Hash256 hash, ReadOnlySpan<byte> block)
    {
        var reader = new CanonicalReader(block);
        BlockHeader header = BlockHeader.Read(ref reader);
        Invariant.Require(header.Hash == hash, "a candidate is kept under its own hash");
        using IWriteBatch batch = _store.CreateBatch();
        byte[] key = hash.ToArray();
        batch.Put(Candidates, key, block);
        batch.Put(CandidateViews, [.. ViewKey(header.View), .. key], []);
        lock (_writing)
        {
            _lowestCandidate = Lower(_lowestCandidate, header.View);
            _store.Write(batch, sync: false);
        }
    }

    /// <summary>The canonical bytes of a candidate.</summary>
    /// <exception cref="StorageFault">What is there is not the block of that hash: a read went astray.
    /// </exception>
    public bool TryGetCandidate(in Hash256 hash, [NotNullWhen(true)] out byte[]? block)
    {
        if (!_store.TryGet(Candidates, hash.ToArray(), out block))
        {
            return false;
        }

        Hash256 found = Decode(block[..Math.Min(block.Length, BlockHeader.Size)], BlockHeader.Read).Hash;
        if (found != hash)
        {
            throw new StorageFault(
                StorageFaultKind.Corrupt,
                StorageScope.Process,
                $"{Name}: in the place of candidate {hash} stands {found}. The device returns what was not"
                    + " asked for: replace it, and let this node catch up.");
        }

        return true;
    }

    /// <summary>Makes all candidates so far durable.</summary>
    public void Sync() => _store.Sync();

    /// <summary>Forgets the candidates of all views under <paramref name="below"/>. Not synced.</summary>
    /// <exception cref="InvariantException">It would forget a view above the floor.</exception>
    public void PruneCandidates(View below)
    {
        lock (_writing)
        {
            RequireBelowFloor(below);
            _lowestCandidate = DeleteBelow(CandidateViews, _lowestCandidate, below, static (batch, key) =>
            {
                batch.Delete(Candidates, key.AsSpan(8));
                batch.Delete(CandidateViews, key);
            });
        }
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => _store.Dispose();

    private static View Lower(View a, View b) => a < b ? a : b;

    private static byte[] ViewKey(View view)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(key, view.Value);
        return key;
    }

    private static ulong SequenceOf(byte[] key) => Decode(key, ReadRecordKey);

    private static ulong ReadRecordKey(ref CanonicalReader reader)
    {
        reader.U64();
        return reader.U64();
    }

    private static T Decode<T>(byte[] value, CanonicalRead<T> read)
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
            throw new StorageFault(
                StorageFaultKind.Corrupt,
                StorageScope.Process,
                $"{Name}: a record does not decode ({e.Message}) Move the folder away and start again: the"
                    + " signer guard knows what was signed, and the rest comes from peers.",
                e);
        }
    }

    private void RequireBelowFloor(View below) => Invariant.Require(
        below.Value == 0 || (_floor is { } floor && below.Previous <= floor.Subject.View),
        "nothing above the floor is forgotten");

    private void PutRecord(IWriteBatch batch, ConsensusRecord record)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(key, record.View.Value);
        BinaryPrimitives.WriteUInt64BigEndian(key[8..], _nextSequence++);
        _writer.Clear();
        record.Write(_writer);
        batch.Put(Records, key, _writer.Written);
        _lowestRecord = Lower(_lowestRecord, record.View);
    }

    /// <summary>
    /// Deletes entries of views from <paramref name="lowest"/> to under <paramref name="below"/>.
    /// </summary>
    /// <returns>The lowest view that there can be an entry of now.</returns>
    private View DeleteBelow(Family byView, View lowest, View below, Action<IWriteBatch, byte[]> delete)
    {
        if (below <= lowest)
        {
            return lowest;
        }

        const int PageEntries = 256;
        byte[] from = ViewKey(lowest);
        IReadOnlyList<KeyValue> page;
        do
        {
            page = _store.Scan(byView, from, ViewKey(below), PageEntries);
            using IWriteBatch batch = _store.CreateBatch();
            foreach (KeyValue entry in page)
            {
                delete(batch, entry.Key);
                from = entry.Key;
            }

            _store.Write(batch, sync: false);
        }
        while (page.Count == PageEntries);
        return below;
    }

    private IEnumerable<KeyValue> AllRecords()
    {
        byte[] from = [];
        while (true)
        {
            const int PageEntries = 1_024;
            IReadOnlyList<KeyValue> page = _store.Scan(Records, from, [], PageEntries);
            foreach (KeyValue entry in page)
            {
                yield return entry;
            }

            if (page.Count < PageEntries)
            {
                yield break;
            }

            from = [.. page[^1].Key, 0];
        }
    }
}
