// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Storage.Tests;

/// <summary>Damaged files, full devices and what else a directory can do to a database.</summary>
public sealed class RocksFaultTests : IDisposable
{
    private const int Entries = 2_000;

    private static readonly Family A = new(0, "a");
    private static readonly ImmutableArray<Family> Families = [A];

    private readonly TemporaryDirectory _directory = new();

    private string DatabasePath => Path.Combine(_directory.Path, "db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_DamagedTable_IsACorruptFault()
    {
        using (RocksKeyValueStore store = Filled())
        {
            // A checkpoint writes memory tables out: the copy is all tables and no log.
            store.Checkpoint(Path.Combine(_directory.Path, "copy"));
        }

        string copy = Path.Combine(_directory.Path, "copy");
        foreach (string table in Directory.EnumerateFiles(copy, "*.sst"))
        {
            FlipBytes(table, from: 100, step: 1_000, count: 20);
        }

        StorageFault fault = Assert.Throws<StorageFault>(() =>
        {
            using var store = RocksKeyValueStore.Open(copy, Families, RocksOptions.Ledger);
            store.Scan(A, [], [], int.MaxValue);
        });
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Assert.False(fault.IsTransient);
        Assert.Contains(copy, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// What one read found damaged may be what another would silently lack: nothing more is served.
    /// </summary>
    [Theory]
    [InlineData("get")]
    [InlineData("multi-get")]
    [InlineData("scan")]
    [InlineData("snapshot")]
    public void Read_DamagedTable_IsTheLastThatTheInstanceDoes(string read)
    {
        string copy = Path.Combine(_directory.Path, "copy");
        using (RocksKeyValueStore filled = Filled())
        {
            filled.Checkpoint(copy);
        }

        byte[] last;
        using (RocksKeyValueStore whole = RocksKeyValueStore.Open(copy, Families, RocksOptions.Ledger))
        {
            last = whole.Scan(A, [], [], 1, reverse: true)[0].Key;
        }

        foreach (string table in Directory.EnumerateFiles(copy, "*.sst"))
        {
            // The first data blocks only: the index is whole, and so are the later entries.
            FlipBytes(table, from: 10, step: 50, count: 20);
        }

        using RocksKeyValueStore store = RocksKeyValueStore.Open(copy, Families, RocksOptions.Ledger);
        using ISnapshot before = store.Snapshot();
        using IWriteBatch batch = store.CreateBatch();
        Assert.True(store.TryGet(A, last, out _));
        byte[] first = [0, 0, 0, 0];
        StorageFault fault = Assert.Throws<StorageFault>(() => ReadOnce(store, before, read, first));
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Action[] later =
        [
            () => store.TryGet(A, last, out _),
            () => store.MultiGet(A, [last]),
            () => store.Scan(A, last, [], 1),
            () => store.CreateBatch(),
            () => store.Write(batch, sync: true),
            store.Sync,
            () => store.Snapshot(),
            () => store.Checkpoint(Path.Combine(_directory.Path, "later")),
            () => _ = store.ApproximateBytes,
        ];
        foreach (Action call in later)
        {
            StorageFault again = Assert.Throws<StorageFault>(call);
            Assert.Equal((fault.Kind, fault.Scope, fault.Message), (again.Kind, again.Scope, again.Message));
        }
    }

    private static void ReadOnce(RocksKeyValueStore store, ISnapshot before, string read, byte[] key)
    {
        switch (read)
        {
            case "get":
                store.TryGet(A, key, out _);
                break;
            case "multi-get":
                store.MultiGet(A, [key]);
                break;
            case "scan":
                store.Scan(A, [], [], int.MaxValue);
                break;
            default:
                before.TryGet(A, key, out _);
                break;
        }
    }

    [Fact]
    public void Open_DamageInTheMiddleOfTheLog_IsACorruptFaultAndNotASilentLoss()
    {
        Filled().Dispose();
        string log = LogFile();
        FlipBytes(log, from: (int)new FileInfo(log).Length / 2, step: 1, count: 1);
        StorageFault fault = Assert.Throws<StorageFault>(() => Open().Dispose());
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
    }

    [Fact]
    public void Open_LogThatEndsInHalfARecord_LosesThatRecordOnly()
    {
        Filled().Dispose();
        using (FileStream log = File.OpenWrite(LogFile()))
        {
            log.SetLength(log.Length - 3);
        }

        using RocksKeyValueStore store = Open();
        Assert.Equal(Entries - 1, store.Scan(A, [], [], int.MaxValue).Count);
    }

    [Theory]
    [InlineData("CURRENT")]
    [InlineData("CURRENT", "*.log")]
    [InlineData("MANIFEST-*")]
    public void Open_FilesAreMissing_IsACorruptFaultAndNotANewDatabase(params string[] patterns)
    {
        string copy = Path.Combine(_directory.Path, "copy");
        using (RocksKeyValueStore store = Filled())
        {
            store.Checkpoint(copy);
        }

        RocksKeyValueStore.Open(copy, Families, RocksOptions.Ledger).Dispose();
        foreach (string file in patterns.SelectMany(pattern => Directory.GetFiles(copy, pattern)))
        {
            File.Delete(file);
        }

        StorageFault fault = Assert.Throws<StorageFault>(
            () => RocksKeyValueStore.Open(copy, Families, RocksOptions.Ledger));
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
        Assert.NotEmpty(Directory.GetFiles(copy, "*.sst"));
    }

    [Fact]
    public void Open_ADirectoryThatCannotBe_IsAnIOFault()
    {
        string file = Path.Combine(_directory.Path, "file");
        File.WriteAllText(file, "");
        StorageFault fault = Assert.Throws<StorageFault>(
            () => RocksKeyValueStore.Open(Path.Combine(file, "db"), Families, RocksOptions.Ledger));
        Assert.Equal(StorageFaultKind.IO, fault.Kind);
    }

    [Theory]
    [InlineData("IO error: No space left on device: While appending: /d/4.log", StorageFaultKind.Full)]
    [InlineData("IO error: Disk quota exceeded: While appending: /d/4.log", StorageFaultKind.Full)]
    [InlineData("IO error: While lock file: /LOCK: Temporarily unavailable", StorageFaultKind.Locked)]
    [InlineData("IO error: lock hold by current process, acquire time 1: /d/LOCK", StorageFaultKind.Locked)]
    [InlineData("Corruption: block checksum mismatch: stored = 1", StorageFaultKind.Corrupt)]
    [InlineData("Invalid argument: Column families not opened: b", StorageFaultKind.Version)]
    [InlineData("Not implemented: Unknown format version", StorageFaultKind.Version)]
    [InlineData("IO error: Input/output error: While fdatasync: /d/000004.log", StorageFaultKind.IO)]
    [InlineData("Invalid argument: something else", StorageFaultKind.IO)]
    public void Map_Status_GivesTheKindAndTheStatusItself(string status, StorageFaultKind kind)
    {
        StorageFault fault = RocksError.Map(status, "/d", StorageScope.Process);
        Assert.Equal(kind, fault.Kind);
        Assert.Equal(StorageScope.Process, fault.Scope);
        Assert.Contains(status, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoSuchLibrary_IsZeroAndTheFaultSaysWhatToInstall()
    {
        Assert.Equal(0, RocksLibrary.Load(["librocksdb.so.0.0.none"]));
        Assert.NotEqual(0, RocksLibrary.Load(["librocksdb.so.none", "librocksdb.so.7.8", "librocksdb.so"]));
        StorageFault fault = RocksLibrary.NotFound();
        Assert.Equal(StorageFaultKind.Library, fault.Kind);
        Assert.Contains("apt-get install librocksdb7.8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FullDevice_IsAFullFaultAndFatalToTheInstance()
    {
        // Only root may mount a small device; for others the mapping of the status is what is left to test,
        // above.
        string device = Directory.CreateDirectory(Path.Combine(_directory.Path, "small")).FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", device))
        {
            Assert.NotEqual("root", Environment.UserName);
            return;
        }

        try
        {
            FillDevice(device);
        }
        finally
        {
            Assert.True(Run("umount", device));
        }
    }

    private static void FillDevice(string device)
    {
        string path = Path.Combine(device, "db");
        int written = 0;
        using (var store = RocksKeyValueStore.Open(path, Families, RocksOptions.Ledger))
        {
            StorageFault fault = Assert.Throws<StorageFault>(() =>
            {
                for (; written < 1_000; written++)
                {
                    Put(store, written, new byte[32 * 1024]);
                }
            });
            Assert.Equal(StorageFaultKind.Full, fault.Kind);
            Assert.True(fault.IsTransient);
            Assert.InRange(written, 1, 200);
            Assert.Equal(
                StorageFaultKind.Full, Assert.Throws<StorageFault>(() => store.TryGet(A, [0], out _)).Kind);
            Assert.Equal(StorageFaultKind.Full, Assert.Throws<StorageFault>(() => Put(store, 0, [])).Kind);
        }

        Assert.True(Run("mount", "-o", "remount,size=64m", device));
        using var again = RocksKeyValueStore.Open(path, Families, RocksOptions.Ledger);
        Assert.InRange(again.Scan(A, [], [], int.MaxValue).Count, written, written + 1);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Put(RocksKeyValueStore store, int number, byte[] value)
    {
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(A, BitConverter.GetBytes(number), value);
        store.Write(batch, sync: true);
    }

    private static void FlipBytes(string path, int from, int step, int count)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 0; i < count && from + (i * step) < bytes.Length; i++)
        {
            bytes[from + (i * step)] ^= 0x55;
        }

        File.WriteAllBytes(path, bytes);
    }

    private string LogFile() =>
        Directory.GetFiles(DatabasePath, "*.log").MaxBy(file => new FileInfo(file).Length)!;

    private RocksKeyValueStore Open() => RocksKeyValueStore.Open(DatabasePath, Families, RocksOptions.Ledger);

    private RocksKeyValueStore Filled()
    {
        RocksKeyValueStore store = Open();
        var random = new Random(1);
        byte[] value = new byte[100];
        for (int i = 0; i < Entries; i++)
        {
            random.NextBytes(value);
            using IWriteBatch batch = store.CreateBatch();
            batch.Put(A, BitConverter.GetBytes(i), value);
            store.Write(batch, sync: false);
        }

        store.Sync();
        return store;
    }
}
