// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>
/// The bytes that FORMAT.md promises. A failure here is a new schema version, never a new expectation.
/// </summary>
public sealed class FormatTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public void Ledger_Families_AreThese()
    {
        Assert.Equal(
            [
                "state", "blocks", "receipts", "events", "certificates", "headers", "heights", "transactions",
                "history", "balances", "meta",
            ],
            LedgerFormat.Families.Select(family => family.Name));
        Assert.Equal(
            ["records", "candidates", "candidate-views", "meta"],
            ConsensusLog.Families.Select(family => family.Name));
        Assert.Equal(2u, LedgerFormat.SchemaVersion);
        Assert.Equal(1u, ConsensusLog.SchemaVersion);
    }

    [Fact]
    public void Ledger_KeysAndValues_AreAsDocumented()
    {
        SampleChain chain = Grow();
        CommittedBlock head = chain.Head;
        BlockHeader header = head.Block.Header;
        Address from = ((Transferred)head.Events[1].Event).From;
        string hash = Hex(header.Hash.ToArray());
        using var store = new MemoryStore(_disk, LedgerFormat.Families);
        Assert.Equal(hash + "=0000000000000002", Row(store, "heights", header.Hash.ToArray()));
        Assert.Equal(
            Hex(head.Receipts[1].TransactionId.ToArray()) + "=000000000000000200000001",
            Row(store, "transactions", head.Receipts[1].TransactionId.ToArray()));
        byte[] row = Convert.FromHexString(Hex(from.ToArray()) + "FFFFFFFFFFFFFFFDFFFFFFFE");
        Assert.EndsWith("=00000001", Row(store, "history", row), StringComparison.Ordinal);
        byte[] balance = Convert.FromHexString(
            Hex(from.ToArray()) + Hex([.. "PKR-SUKUK"u8, .. new byte[7]]) + "FFFFFFFFFFFFFFFD");
        var moved = (Transferred)head.Events[1].Event;
        UInt128 before = moved.FromAfter.Units + moved.Amount.Units;
        Assert.Equal(
            $"{Hex(balance)}=00000001{before:X32}{moved.FromAfter.Units:X32}",
            Row(store, "balances", balance));
        Assert.Equal("01=00000002", Row(store, "meta", [1]));
        Assert.Equal("02=" + Hex(chain.GenesisHash.ToArray()), Row(store, "meta", [2]));
        Assert.Equal($"03=0000000000000002{header.View.Value:X16}{hash}", Row(store, "meta", [3]));
        Assert.StartsWith("04=0000000000000003", Row(store, "meta", [4]), StringComparison.Ordinal);
        byte[] height = [0, 0, 0, 0, 0, 0, 0, 2];
        Assert.Equal("0000000000000002=" + Hex(head.Block.Encode()), Row(store, "blocks", height));
        Assert.Equal(16 + 1 + (2 * 342), Row(store, "headers", height).Length);
        Assert.Equal(16 + 1 + (2 * (4 + (3 * 43))), Row(store, "receipts", height).Length);
        Assert.NotEmpty(Row(store, "certificates", height));
        Assert.NotEmpty(Row(store, "events", height));
    }

    [Fact]
    public void Ledger_WholeContents_AreTheGoldenOnes()
    {
        Grow();
        using var store = new MemoryStore(_disk, LedgerFormat.Families);
        Assert.Equal("68B02C7C224191D63E622746D411A494", Digest(store, LedgerFormat.Families));
    }

    [Fact]
    public void Consensus_WholeContents_AreTheGoldenOnes()
    {
        var chain = new SampleChain(seed: 5, transfersPerBlock: 3, accounts: 4);
        BlockHeader header = chain.Next().Block.Header;
        var subject = new VoteSubject(VoteKind.Notarize, header.Epoch, header.View, header.Hash);
        using (var log = ConsensusLog.Open(new MemoryStore(_disk, ConsensusLog.Families), chain.GenesisHash))
        {
            log.PutCandidate(header.Hash, chain.Head.Block.Encode());
            log.Append([
                new OwnVoteRecord(subject), new CertificateRecord(SampleChain.Finalize(header)),
                new CertificationRecord(header.View, header.Hash, Valid: true)]);
            log.SetFloor(SampleChain.Finalize(header));
        }

        using var store = new MemoryStore(_disk, ConsensusLog.Families);
        string view = $"{header.View.Value:X16}";
        byte[] first = Convert.FromHexString(view + "0000000000000000");
        Assert.StartsWith(
            view + "0000000000000000=0101", Row(store, Records, first), StringComparison.Ordinal);
        Assert.Equal(3, store.Scan(Records, [], [], 10).Count);
        byte[] candidate = [.. Convert.FromHexString(view), .. header.Hash.ToArray()];
        Assert.Equal(Hex(candidate) + "=", Row(store, ConsensusLog.Families[2], candidate));
        Assert.Equal("A17CE8E447BC45AC071921FD5C774825", Digest(store, ConsensusLog.Families));
    }

    [Theory]
    [InlineData("heights")]
    [InlineData("meta")]
    [InlineData("transactions")]
    [InlineData("history")]
    [InlineData("balances")]
    [InlineData("certificates")]
    public void Ledger_ValueOfAnotherLength_IsACorruptionAndNoOtherFailure(string family)
    {
        SampleChain chain = Grow();
        Hash256 block = chain.Head.Block.Hash;
        Hash256 transaction = chain.Head.Receipts[1].TransactionId;
        Address account = ((Transferred)chain.Head.Events[1].Event).From;
        Family rotten = LedgerFormat.Families.Single(f => f.Name == family);
        using (var store = new MemoryStore(_disk, LedgerFormat.Families))
        {
            using IWriteBatch batch = store.CreateBatch();
            foreach (KeyValue entry in store.Scan(rotten, [], [], int.MaxValue))
            {
                batch.Put(rotten, entry.Key, entry.Key is [1] or [2] ? entry.Value : entry.Value[..3]);
            }

            store.Write(batch, sync: true);
        }

        StorageFault fault = Assert.Throws<StorageFault>(() =>
        {
            using var ledger = LedgerStore.Open(new MemoryStore(_disk, LedgerFormat.Families), chain.Genesis);
            _ = ledger.FindHeight(block);
            _ = ledger.FindTransaction(transaction);
            _ = ledger.History(account, null, 10);
            _ = ledger.FindBalanceChange(account, AssetId.Parse("PKR-SUKUK"), new Height(2));
            _ = ledger.FindCertificate(new Height(0));
        });
        Assert.Equal(StorageFaultKind.Corrupt, fault.Kind);
    }

    private static Family Records => ConsensusLog.Families[0];

    private SampleChain Grow()
    {
        var chain = new SampleChain(seed: 5, transfersPerBlock: 3, accounts: 4);
        using var ledger = LedgerStore.Open(new MemoryStore(_disk, LedgerFormat.Families), chain.Genesis);
        ledger.Commit(chain.Next());
        ledger.Commit(chain.Next());
        return chain;
    }

    private static string Row(MemoryStore store, string family, byte[] key) =>
        Row(store, LedgerFormat.Families.Single(f => f.Name == family), key);

    private static string Row(MemoryStore store, Family family, byte[] key) =>
        store.TryGet(family, key, out byte[]? value) ? Hex(key) + "=" + Hex(value) : "";

    private static string Digest(MemoryStore store, ImmutableArray<Family> families)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Family family in families)
        {
            foreach (KeyValue entry in store.Scan(family, [], [], int.MaxValue))
            {
                hash.AppendData(System.Text.Encoding.ASCII.GetBytes(
                    $"{family.Name}:{Hex(entry.Key)}={Hex(entry.Value)}\n"));
            }
        }

        return Hex(hash.GetHashAndReset())[..32];
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
