// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Maintenance.Verification;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Maintenance.Tests;

public sealed class LedgerVerifierTests
{
    private readonly MemoryDisk _disk = new();
    private readonly ChainHead _head;

    public LedgerVerifierTests() => _head = SampleLedger.WriteTo(Open());

    [Fact]
    public void Run_HonestLedger_HoldsAndSaysWhatItLookedAt()
    {
        var heights = new List<ulong>();

        VerificationResult result = Verify(height => heights.Add(height.Value));

        Assert.Null(result.Difference);
        Assert.Equal(_head.Hash, result.HeadHash);
        Assert.Equal(_head.Header.StateRoot, result.StateRoot);
        Assert.Equal((long)SampleLedger.Blocks, result.Counts.Blocks);
        Assert.Equal((long)SampleLedger.Blocks, result.Counts.Transactions);
        Assert.Equal(8, result.Counts.Certificates);
        Assert.Equal((8 * 3) + (long)SampleLedger.Blocks, result.Counts.Signatures);
        Assert.True(result.Counts.StateEntries > 20);
        Assert.Equal(Enumerable.Range(1, (int)SampleLedger.Blocks).Select(h => (ulong)h), heights);
    }

    /// <summary>One byte of one value of each family, at height 6 or in the state: always found.</summary>
    [Theory]
    [InlineData("blocks", 6UL)]
    [InlineData("receipts", 6UL)]
    [InlineData("events", 6UL)]
    [InlineData("certificates", 6UL)]
    [InlineData("headers", 6UL)]
    [InlineData("heights", 6UL)]
    [InlineData("transactions", 6UL)]
    [InlineData("state", SampleLedger.Blocks)]
    public void Run_OneByteFlipped_IsFoundAtItsHeight(string family, ulong height)
    {
        Family named = LedgerFormat.Families.Single(f => f.Name == family);
        using var original = new MemoryStore(_disk.DurableCopy(), LedgerFormat.Families);
        for (int at = 0; at < 200; at += 13)
        {
            using (MemoryStore store = Open())
            {
                KeyValue entry = Entry(store, named, height);
                byte[] value = entry.Value;
                value[at % value.Length] ^= 0x04;
                Put(store, named, entry.Key, value);
            }

            VerificationResult result = Verify();

            Assert.NotNull(result.Difference);
            Assert.Equal(new Height(height), result.Difference.Height);
            using MemoryStore again = Open();
            Copy(original, again, named);
        }

        Assert.Null(Verify().Difference);
    }

    /// <summary>Bytes that are right in themselves, under another key.</summary>
    [Theory]
    [InlineData("blocks")]
    [InlineData("receipts")]
    [InlineData("events")]
    [InlineData("headers")]
    public void Run_ValueUnderAWrongKey_IsFound(string family)
    {
        using (MemoryStore store = Open())
        {
            Family named = LedgerFormat.Families.Single(f => f.Name == family);
            Put(store, named, Entry(store, named, 5).Key, Entry(store, named, 6).Value);
        }

        Assert.Equal(new Height(5), Verify().Difference?.Height);
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("certificates")]
    [InlineData("transactions")]
    [InlineData("state")]
    public void Run_ValueIsMissing_IsFound(string family)
    {
        using (MemoryStore store = Open())
        {
            Family named = LedgerFormat.Families.Single(f => f.Name == family);
            using IWriteBatch batch = store.CreateBatch();
            batch.Delete(named, Entry(store, named, SampleLedger.Blocks).Key);
            store.Write(batch, sync: true);
        }

        Assert.Equal(new Height(SampleLedger.Blocks), Verify().Difference?.Height);
    }

    [Fact]
    public void Run_TransactionThatItsSenderDidNotSign_IsFound()
    {
        using LedgerStore ledger = OpenLedger();
        using var scratch = new MemoryStore(ScratchState.Families);
        var verifier = new LedgerVerifier(
            SampleLedger.Genesis, new KeyedHashScheme(),
            (sender, _) => sender == TestNetwork.Alice
                ? new Rejection(RejectionCode.BadSignature, "forged")
                : null,
            TimeProvider.System);

        VerificationResult result = verifier.Run(ledger, scratch, null, CancellationToken.None);

        Assert.Equal(new Height(4), result.Difference?.Height);
    }

    private static void Put(MemoryStore store, Family family, byte[] key, byte[] value)
    {
        using IWriteBatch batch = store.CreateBatch();
        batch.Put(family, key, value);
        store.Write(batch, sync: true);
    }

    /// <summary>The entry of a height; of what has no height, the entry that height 6 wrote, or the
    /// last.</summary>
    private static KeyValue Entry(MemoryStore store, Family family, ulong height) =>
        store.Scan(family, [], [], 1_000).Last(entry => family.Name switch
        {
            "state" => entry.Value.Length > 0,
            "heights" => Number(entry.Value) == height,
            "transactions" => Number(entry.Value) == height,
            _ => Number(entry.Key) == height,
        });

    private static ulong Number(byte[] bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private static void Copy(MemoryStore from, MemoryStore to, Family family)
    {
        foreach (KeyValue entry in from.Scan(family, [], [], 1_000))
        {
            Put(to, family, entry.Key, entry.Value);
        }
    }

    private MemoryStore Open() => new MemoryStore(_disk, LedgerFormat.Families);

    private LedgerStore OpenLedger() => SampleLedger.Open(Open());

    private VerificationResult Verify(Action<Height>? progress = null)
    {
        using LedgerStore ledger = OpenLedger();
        using var scratch = new MemoryStore(ScratchState.Families);
        return new LedgerVerifier(
            SampleLedger.Genesis, new KeyedHashScheme(), SampleLedger.Accept, TimeProvider.System)
            .Run(ledger, scratch, progress, CancellationToken.None);
    }
}
