// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Maintenance.Backups;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;
using TokenLedger.Testing;

namespace TokenLedger.Maintenance.Tests;

/// <summary>Backups of a real database: what was saved comes back, and nothing else does.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("a passphrase of this test");

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-backup-").FullName;
    private readonly ChainHead _head;

    public BackupTests() => _head = SampleLedger.WriteTo(OpenStore(In("ledger")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_BackupOfALedger_IsRestoredBitForBit(bool encrypted)
    {
        BackupManifest manifest = Save(encrypted);

        Assert.Equal(_head.Hash, manifest.BlockHash);
        Assert.Equal(manifest.ToJson(), BackupManifest.Load(In("backup")).ToJson());
        ChainHead restored = Restore(encrypted ? Passphrase : []);
        Assert.Equal(_head, restored);
        Assert.Equal(Content(In("ledger")), Content(In("data/ledger")));
        Assert.False(Directory.Exists(In("data/ledger.unfinished")));
    }

    [Fact]
    public void Write_WithPassphrase_LeavesNoPlainText()
    {
        Save(encrypted: true);

        Assert.True(HasPlainText(In("ledger")));
        Assert.False(HasPlainText(In("backup")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_AnyFileChangedCutOrMissing_RefusesAndPutsNothingInPlace(bool encrypted)
    {
        BackupManifest manifest = Save(encrypted);
        foreach (BackupFile file in manifest.Files)
        {
            string path = Path.Combine(In("backup"), file.Name);
            byte[] right = File.ReadAllBytes(path);
            if (right.Length > 0)
            {
                byte[] flipped = [.. right];
                flipped[flipped.Length / 2] ^= 1;
                File.WriteAllBytes(path, flipped);
                Assert.Equal("BACKUP_CORRUPT", Refused(encrypted ? Passphrase : []));
                File.WriteAllBytes(path, right[..^1]);
                Assert.Equal("BACKUP_CORRUPT", Refused(encrypted ? Passphrase : []));
            }

            File.Delete(path);
            Assert.Equal("BACKUP_CORRUPT", Refused(encrypted ? Passphrase : []));
            File.WriteAllBytes(path, right);
        }

        Assert.False(Directory.Exists(In("data/ledger")));
        Assert.Equal(_head, Restore(encrypted ? Passphrase : []));
    }

    [Fact]
    public void Run_WrongOrNoPassphrase_Refuses()
    {
        Save(encrypted: true);

        Assert.Equal("BACKUP_PASSPHRASE", Refused([]));
        Assert.Equal("BACKUP_PASSPHRASE", Refused(Encoding.UTF8.GetBytes("another")));
    }

    [Fact]
    public void Run_LedgerThatIsThere_IsNotOverwritten()
    {
        Save(encrypted: false);
        Directory.CreateDirectory(In("data/ledger"));
        File.WriteAllText(In("data/ledger/CURRENT"), "mine");

        Assert.Equal("RESTORE_TARGET", Refused([]));
        Assert.Equal("mine", File.ReadAllText(In("data/ledger/CURRENT")));
    }

    [Fact]
    public void Run_BackupOfAnotherNetwork_Refuses()
    {
        Save(encrypted: false);
        var other = new LedgerRestore(
            SampleLedger.Genesis with { NetworkName = "other" }, new KeyedHashScheme(), OpenStore);

        Assert.Equal("BACKUP_GENESIS", Assert.Throws<MaintenanceException>(
            () => other.Run(In("backup"), In("data"), [], null, CancellationToken.None)).Code);
    }

    /// <summary>Whoever writes manifests can write no checksums of a quorum's signatures.</summary>
    [Fact]
    public void Run_ChecksumsAreRightButTheStateIsNot_Refuses()
    {
        using (RocksKeyValueStore store = OpenStore(In("ledger")))
        {
            Family state = LedgerFormat.Families.Single(family => family.Name == "state");
            KeyValue entry = store.Scan(state, [], [], 1_000).Last(e => e.Value.Length > 0);
            entry.Value[^1] ^= 1;
            using IWriteBatch batch = store.CreateBatch();
            batch.Put(state, entry.Key, entry.Value);
            store.Write(batch, sync: true);
        }

        Save(encrypted: false);
        Assert.Equal("BACKUP_CORRUPT", Refused([]));
        Assert.False(Directory.Exists(In("data/ledger")));
    }

    [Theory]
    [InlineData("kind", "\"other\"")]
    [InlineData("format", "2")]
    [InlineData("height", "-1")]
    [InlineData("unknown", "1")]
    [InlineData("files", """[{"name":"../escaped","bytes":0,"sha256":"00"}]""")]
    [InlineData("encryption", """{"cipher":"ROT13","kdf":"scrypt","n":2,"r":1,"p":1,"salt":""}""")]
    public void Load_ManifestThatIsNone_IsRefused(string field, string value)
    {
        Save(encrypted: false);
        string path = Path.Combine(In("backup"), BackupManifest.FileName);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest[field] = JsonNode.Parse(value);
        File.WriteAllText(path, manifest.ToJsonString());

        Assert.Equal("BACKUP_INVALID", Refused([]));
    }

    [Fact]
    public void Write_FolderThatIsNotEmpty_IsLeftAlone()
    {
        Directory.CreateDirectory(In("backup"));
        File.WriteAllText(In("backup/mine"), "mine");

        Assert.Equal("BACKUP_EXISTS", Assert.Throws<MaintenanceException>(() => Save(encrypted: false)).Code);
        Assert.Single(Directory.EnumerateFileSystemEntries(In("backup")));
    }

    [Fact]
    public void Create_CheckpointOfADeadProcess_IsRemovedAndOneInUseIsNot()
    {
        using var used = CheckpointFolder.Create(_folder);
        Directory.CreateDirectory(used.Path);
        string dead = Path.Combine(Path.GetDirectoryName(used.Path)!, "dead");
        Directory.CreateDirectory(dead);
        File.WriteAllText(dead + ".lock", "");

        using var next = CheckpointFolder.Create(_folder);

        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(used.Path));
        Assert.NotEqual(used.Path, next.Path);
    }

    /// <summary>The library writes its own name into tables and options.</summary>
    private static bool HasPlainText(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file) is var name
            && name != BackupManifest.FileName && !name.StartsWith("LOG", StringComparison.Ordinal))
        .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf("rocksdb"u8) >= 0);

    private static RocksKeyValueStore OpenStore(string folder) =>
        RocksKeyValueStore.Open(folder, LedgerFormat.Families, RocksOptions.Ledger);

    private static string[] Content(string folder)
    {
        using RocksKeyValueStore store = OpenStore(folder);
        return
        [
            .. LedgerFormat.Families.SelectMany(family => store.Scan(family, [], [], 10_000).Select(entry =>
                $"{family.Name} {Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)}")),
        ];
    }

    private string In(string name) => Path.Combine(_folder, name);

    private BackupManifest Save(bool encrypted)
    {
        string copy = In("copy");
        using (RocksKeyValueStore store = OpenStore(In("ledger")))
        {
            store.Checkpoint(copy);
        }

        return BackupWriter.Write(
            copy, _head, SampleLedger.Genesis.ChainId, In("backup"), encrypted ? Passphrase : [],
            ScryptCost.Development, TimeProvider.System, null, CancellationToken.None);
    }

    private ChainHead Restore(ReadOnlySpan<byte> passphrase) =>
        new LedgerRestore(SampleLedger.Genesis, new KeyedHashScheme(), OpenStore)
            .Run(In("backup"), In("data"), passphrase, null, CancellationToken.None);

    private string Refused(byte[] passphrase) =>
        Assert.Throws<MaintenanceException>(() => Restore(passphrase)).Code;
}
