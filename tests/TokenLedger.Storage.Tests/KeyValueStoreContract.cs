// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Storage.Tests;

/// <summary>What every store promises.</summary>
public abstract class KeyValueStoreContract : IDisposable
{
    protected static readonly Family A = new(0, "a");
    protected static readonly Family B = new(1, "b");
    protected static readonly ImmutableArray<Family> Families = [A, B];

    private readonly StoreHarness _harness;
    private IKeyValueStore _store;

    protected KeyValueStoreContract(StoreHarness harness)
    {
        _harness = harness;
        _store = harness.Open(Families);
    }

    public void Dispose()
    {
        _store.Dispose();
        _harness.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void TryGet_UnknownKey_IsFalse()
    {
        Put(A, "k", "v");
        Assert.False(_store.TryGet(B, Bytes("k"), out _));
        Assert.False(_store.TryGet(A, Bytes("kk"), out _));
        Assert.False(_store.TryGet(A, [], out _));
    }

    [Fact]
    public void Write_BatchOverFamilies_AppliesInOrder()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(A, Bytes("k"), Bytes("1"));
        batch.Put(A, Bytes("k"), Bytes("2"));
        batch.Put(B, Bytes("k"), Bytes("3"));
        batch.Put(B, Bytes("gone"), Bytes("4"));
        batch.Delete(B, Bytes("gone"));
        Assert.Equal(5, batch.Count);
        _store.Write(batch, sync: true);
        Assert.Equal("2", Get(A, "k"));
        Assert.Equal("3", Get(B, "k"));
        Assert.Null(Get(B, "gone"));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void Write_EmptyKeyAndValue_AreKept()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(A, [], []);
        _store.Write(batch, sync: false);
        Assert.True(_store.TryGet(A, [], out byte[]? value));
        Assert.Empty(value);
    }

    [Fact]
    public void Write_BatchUsedAgain_WritesOnlyWhatIsNew()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(A, Bytes("k"), Bytes("1"));
        _store.Write(batch, sync: false);
        Delete("k");
        batch.Put(A, Bytes("l"), Bytes("2"));
        _store.Write(batch, sync: false);
        Assert.Null(Get(A, "k"));
        Assert.Equal("2", Get(A, "l"));
    }

    [Fact]
    public void Clear_OfABatch_ForgetsItsChanges()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(A, Bytes("k"), Bytes("1"));
        batch.Clear();
        _store.Write(batch, sync: false);
        Assert.Null(Get(A, "k"));
    }

    [Fact]
    public void Write_FamilyOfAnotherStore_BreaksAnInvariant()
    {
        using IWriteBatch batch = _store.CreateBatch();
        Assert.Throws<InvariantException>(() =>
        {
            batch.Put(new Family(0, "other"), Bytes("k"), Bytes("v"));
            _store.Write(batch, sync: false);
        });
        Assert.Throws<InvariantException>(() => _store.TryGet(new Family(2, "c"), Bytes("k"), out _));
    }

    [Fact]
    public void DeleteRange_RemovesFromInclusiveToExclusive()
    {
        Put(A, "a", "1");
        Put(A, "b", "2");
        Put(A, "c", "3");
        Put(B, "b", "4");
        using IWriteBatch batch = _store.CreateBatch();
        batch.DeleteRange(A, Bytes("a"), Bytes("c"));
        batch.DeleteRange(B, Bytes("z"), Bytes("a"));
        batch.DeleteRange(B, Bytes("b"), Bytes("b"));
        batch.Put(A, Bytes("ab"), Bytes("5"));
        _store.Write(batch, sync: false);
        Assert.Equal(["ab", "c"], Keys(_store.Scan(A, [], [], 10)));
        Assert.Equal("4", Get(B, "b"));
    }

    [Fact]
    public void Scan_Bounds_AreInclusiveAndExclusive()
    {
        foreach (string key in new[] { "a", "b", "ba", "c", "d" })
        {
            Put(A, key, key);
        }

        Assert.Equal(["b", "ba", "c"], Keys(_store.Scan(A, Bytes("b"), Bytes("d"), 10)));
        Assert.Equal(["c", "ba", "b"], Keys(_store.Scan(A, Bytes("b"), Bytes("d"), 10, reverse: true)));
        Assert.Equal(["b", "ba"], Keys(_store.Scan(A, Bytes("aa"), Bytes("d"), 2)));
        Assert.Equal(["d", "c"], Keys(_store.Scan(A, [], [], 2, reverse: true)));
        Assert.Empty(_store.Scan(A, Bytes("d"), Bytes("b"), 10));
        Assert.Empty(_store.Scan(A, Bytes("b"), Bytes("b"), 10));
        Assert.Empty(_store.Scan(A, Bytes("e"), [], 10));
        Assert.Empty(_store.Scan(B, [], [], 10));
    }

    [Fact]
    public void Scan_HighBytes_OrderUnsigned()
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(A, [0xFF], [1]);
        batch.Put(A, [0x7F], [2]);
        batch.Put(A, [0x80, 0x00], [3]);
        batch.Put(A, [0x80], [4]);
        _store.Write(batch, sync: false);
        Assert.Equal([2, 4, 3, 1], _store.Scan(A, [], [], 10).Select(entry => entry.Value[0]));
    }

    [Fact]
    public void MultiGet_ManyKeys_KeepsTheirOrder()
    {
        const int Keys = 300;
        for (int i = 0; i < Keys; i += 2)
        {
            Put(A, $"key-{i}", $"{i}");
        }

        ReadOnlyMemory<byte>[] keys = [.. Enumerable.Range(0, Keys).Reverse().Select(i => Bytes($"key-{i}"))];
        byte[]?[] values = _store.MultiGet(A, keys);
        for (int i = 0; i < Keys; i++)
        {
            int number = Keys - 1 - i;
            Assert.Equal(number % 2 == 0 ? $"{number}" : null, Text(values[i]));
        }

        Assert.Empty(_store.MultiGet(A, []));
    }

    [Fact]
    public void TryGet_ReturnedArrayChanged_LeavesTheStoreAlone()
    {
        Put(A, "k", "v");
        Assert.True(_store.TryGet(A, Bytes("k"), out byte[]? value));
        value[0] = 0;
        Assert.Equal("v", Get(A, "k"));
    }

    [Fact]
    public void Snapshot_LaterWrites_AreNotSeen()
    {
        Put(A, "k", "1");
        using ISnapshot snapshot = _store.Snapshot();
        Put(A, "k", "2");
        Put(A, "l", "3");
        Assert.True(snapshot.TryGet(A, Bytes("k"), out byte[]? value));
        Assert.Equal("1", Text(value));
        Assert.Equal(["k"], Keys(snapshot.Scan(A, [], [], 10)));
        Assert.Equal(["1", null], snapshot.MultiGet(A, [Bytes("k"), Bytes("l")]).Select(Text));
        Assert.Equal("2", Get(A, "k"));
    }

    [Fact]
    public void Dispose_WithASnapshotOpen_ClosesWhenThatIsDisposed()
    {
        Put(A, "k", "1");
        ISnapshot snapshot = _store.Snapshot();
        _store.Dispose();
        snapshot.Dispose();
        _store = _harness.Open(Families);
        Assert.Equal("1", Get(A, "k"));
    }

    [Fact]
    public void Reopen_AfterClose_FindsEverything()
    {
        Put(A, "k", "1");
        Put(B, "k", "2");
        Reopen();
        Assert.Equal("1", Get(A, "k"));
        Assert.Equal("2", Get(B, "k"));
    }

    [Fact]
    public void Reopen_WithAFurtherFamily_KeepsTheOthers()
    {
        Put(B, "k", "1");
        _store.Dispose();
        var c = new Family(2, "c");
        _store = _harness.Open([A, B, c]);
        Assert.Equal("1", Get(B, "k"));
        Put(c, "k", "2");
        Assert.Equal("2", Get(c, "k"));
    }

    [Fact]
    public void Open_WithoutAFamilyThatIsThere_IsAVersionFault()
    {
        _store.Dispose();
        StorageFault fault = Assert.Throws<StorageFault>(() => _harness.Open([A]));
        Assert.Equal(StorageFaultKind.Version, fault.Kind);
        _store = _harness.Open(Families);
    }

    [Fact]
    public void Open_Twice_IsALockedFault()
    {
        StorageFault fault = Assert.Throws<StorageFault>(() => _harness.Open(Families));
        Assert.Equal(StorageFaultKind.Locked, fault.Kind);
        Assert.Equal(StorageScope.Process, fault.Scope);
        Assert.True(fault.IsTransient);
        Put(A, "k", "still works");
    }

    [Fact]
    public void Checkpoint_OpenedAsADatabase_HoldsThatMoment()
    {
        Put(A, "k", "1");
        _store.Checkpoint(_harness.CheckpointPath);
        Put(A, "k", "2");
        using IKeyValueStore copy = _harness.OpenCheckpoint(Families);
        Assert.True(copy.TryGet(A, Bytes("k"), out byte[]? value));
        Assert.Equal("1", Text(value));
    }

    [Fact]
    public void Checkpoint_ToAPathThatExists_FailsOnlyTheRequest()
    {
        _store.Checkpoint(_harness.CheckpointPath);
        StorageFault fault = Assert.Throws<StorageFault>(() => _store.Checkpoint(_harness.CheckpointPath));
        Assert.Equal(StorageScope.Request, fault.Scope);
        Put(A, "k", "still works");
        Assert.Equal("still works", Get(A, "k"));
    }

    [Fact]
    public void ApproximateBytes_AfterWrites_Grows()
    {
        long before = _store.ApproximateBytes;
        Put(A, "k", new string('x', 100_000));
        Assert.True(_store.ApproximateBytes >= before + 50_000);
    }

    [Fact]
    public void AnyCall_AfterDispose_Throws()
    {
        _store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _store.TryGet(A, Bytes("k"), out _));
        Assert.Throws<ObjectDisposedException>(() => _store.Sync());
        Assert.Throws<ObjectDisposedException>(() => _store.Snapshot());
    }

    [Fact]
    public void Reads_WhileAnotherThreadWrites_SeeWholeBatches()
    {
        const int Rounds = 500;
        Task writer = Task.Run(() =>
        {
            using IWriteBatch batch = _store.CreateBatch();
            for (int i = 1; i <= Rounds; i++)
            {
                byte[] value = BitConverter.GetBytes(i);
                batch.Put(A, Bytes("x"), value);
                batch.Put(B, Bytes("x"), value);
                _store.Write(batch, sync: false);
            }
        });
        int last = 0;
        while (last < Rounds)
        {
            Assert.False(writer.IsFaulted, writer.Exception?.ToString());
            using ISnapshot snapshot = _store.Snapshot();
            bool first = snapshot.TryGet(A, Bytes("x"), out byte[]? a);
            Assert.Equal(first, snapshot.TryGet(B, Bytes("x"), out byte[]? b));
            if (first)
            {
                Assert.Equal(a, b);
                int seen = BitConverter.ToInt32(a!);
                Assert.True(seen >= last);
                last = seen;
            }
        }
    }

    [Fact]
    public void RandomOperations_AgreeWithASortedDictionary()
    {
        int seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(0x10000);
        for (int round = 0; round < 8; round++, seed++)
        {
            try
            {
                RunModel(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }

    /// <summary>
    /// Runs random operations on the store and on dictionaries, and compares what both say.
    /// </summary>
    protected void RunModel(int seed)
    {
        var random = new Random(seed);
        var model = new StoreModel(Families);
        model.Load(_store);
        for (int step = 0; step < 150; step++)
        {
            using (IWriteBatch batch = _store.CreateBatch())
            {
                model.RandomBatch(random, batch);
                _store.Write(batch, sync: random.Next(8) == 0);
            }

            model.CompareRandomReads(random, _store);
            switch (random.Next(25))
            {
                case 0:
                    Reopen();
                    break;
                case 1:
                    using (ISnapshot snapshot = _store.Snapshot())
                    {
                        StoreModel frozen = model.Clone();
                        using IWriteBatch batch = _store.CreateBatch();
                        model.RandomBatch(random, batch);
                        _store.Write(batch, sync: false);
                        frozen.CompareAll(snapshot);
                    }

                    break;
            }
        }

        model.CompareAll(_store);
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected static string? Text(byte[]? bytes) =>
        bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static IEnumerable<string?> Keys(IEnumerable<KeyValue> entries) =>
        entries.Select(entry => Text(entry.Key));

    private string? Get(Family family, string key) =>
        _store.TryGet(family, Bytes(key), out byte[]? value) ? Text(value) : null;

    private void Put(Family family, string key, string value)
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Put(family, Bytes(key), Bytes(value));
        _store.Write(batch, sync: false);
    }

    private void Delete(string key)
    {
        using IWriteBatch batch = _store.CreateBatch();
        batch.Delete(A, Bytes(key));
        _store.Write(batch, sync: false);
    }

    private void Reopen()
    {
        _store.Dispose();
        _store = _harness.Open(Families);
    }
}
