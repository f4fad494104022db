// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Execution;
using TokenLedger.Maintenance.Scrubbing;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Maintenance.Tests;

/// <summary>What the scrub finds, and that a repair gives back the very bytes.</summary>
public sealed class ScrubTests : IDisposable
{
    private const ulong Damaged = 6;

    private readonly MemoryDisk _disk = new();
    private readonly ChainHead _head;
    private readonly MemoryDisk _originalDisk;
    private readonly MemoryStore _original;
    private readonly BlockScrub _blocks = new(
        SampleLedger.Genesis.Hash, SampleLedger.Genesis.ValidatorSet, new KeyedHashScheme());

    public ScrubTests()
    {
        _head = SampleLedger.WriteTo(Open());
        _originalDisk = _disk.DurableCopy();
        _original = new MemoryStore(_disk.DurableCopy(), LedgerFormat.Families);
    }

    public void Dispose() => _original.Dispose();

    [Fact]
    public void Problem_HonestLedger_HasNoneDownToGenesis()
    {
        using LedgerStore ledger = SampleLedger.Open(Open());
        Hash256 expected = _head.Hash;
        for (ulong height = _head.Height.Value; height > 0; height--)
        {
            Assert.Null(_blocks.Problem(ledger, new Height(height), expected, out Hash256 parent));
            expected = parent;
        }

        Assert.Equal(ledger.FindHeader(new Height(0))!.Hash, expected);
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("blocks")]
    [InlineData("receipts")]
    [InlineData("events")]
    [InlineData("certificates")]
    [InlineData("heights")]
    [InlineData("transactions")]
    public void Rewrite_ByteFlipped_IsFoundAndRepairedBitForBit(string family)
    {
        Family named = Named(family);
        KeyValue entry = Entry(named);
        for (int at = 0; at < entry.Value.Length; at += 7)
        {
            byte[] value = [.. entry.Value];
            value[at] ^= 0x20;
            Write(named, entry.Key, value);
            RequireFoundAndRepaired();
        }
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("blocks")]
    [InlineData("receipts")]
    [InlineData("events")]
    [InlineData("certificates")]
    public void Rewrite_ValueOfAnotherHeight_IsFoundAndRepairedBitForBit(string family)
    {
        Family named = Named(family);
        byte[] key = Entry(named).Key;
        byte[] other = [.. key];
        other[^1] += 3;
        Assert.True(_original.TryGet(named, other, out byte[]? misdirected));
        Write(named, key, misdirected);
        RequireFoundAndRepaired();
    }

    [Theory]
    [InlineData("history", Address.Size, false)]
    [InlineData("history", Address.Size, true)]
    [InlineData("balances", Address.Size + AssetId.Size, false)]
    [InlineData("balances", Address.Size + AssetId.Size, true)]
    public void Rewrite_IndexRowLostOrWrong_IsFoundAndRepairedBitForBit(string family, int at, bool lost)
    {
        Family index = Named(family);
        KeyValue row = _original.Scan(index, [], [], 1_000).First(entry =>
            BinaryPrimitives.ReadUInt64BigEndian(entry.Key.AsSpan(at)) == ~(ulong)Damaged);
        Write(index, row.Key, lost ? null : [.. row.Value[..^1], (byte)(row.Value[^1] ^ 1)]);
        RequireFoundAndRepaired();
    }

    /// <summary>A peer's answer counts only when it is the very block, whole.</summary>
    [Fact]
    public void Problem_WhatAPeerSends_IsHeldAgainstTheHash()
    {
        using LedgerStore ledger = SampleLedger.Open(Open());
        Hash256 hash = ledger.FindHeader(new Height(Damaged))!.Hash;
        StoredBlock right = ledger.FindStored(new Height(Damaged));
        StoredBlock other = ledger.FindStored(new Height(Damaged + 3));
        Assert.Null(_blocks.Problem(right, hash, out CommittedBlock? block));
        Assert.NotNull(block);
        StoredBlock[] wrong =
        [
            other, right with { Block = other.Block }, right with { Header = other.Header },
            right with { Receipts = other.Receipts }, right with { Events = other.Events },
            right with { Certificate = other.Certificate }, right with { Block = [] },
            right with { Receipts = [] }, right with { Events = [.. right.Events, 0] },
        ];
        Assert.All(wrong, stored =>
        {
            Assert.NotNull(_blocks.Problem(stored, hash, out CommittedBlock? none));
            Assert.Null(none);
        });
    }

    [Fact]
    public void Next_StateAsItIs_HasNoProblem() => Assert.Null(ScrubState());

    [Fact]
    public void Next_StateValueChangedMovedMissingOrTooMany_IsFound()
    {
        Family state = Named("state");
        KeyValue[] entries = [.. _original.Scan(state, [], [], 1_000).Where(entry => entry.Value.Length > 0)];
        foreach (KeyValue entry in entries)
        {
            byte[] value = [.. entry.Value];
            value[^1] ^= 1;
            Write(state, entry.Key, value);
            Assert.NotNull(ScrubState());
            Write(state, entry.Key, entry.Value);
        }

        Write(state, entries[0].Key, entries[1].Value);
        Assert.NotNull(ScrubState());
        Write(state, entries[0].Key, null);
        Assert.NotNull(ScrubState());
        Write(state, entries[0].Key, entries[0].Value);
        Write(state, [0xff, 1], [1]);
        Assert.NotNull(ScrubState());
        Write(state, [0xff, 1], null);
        Assert.Null(ScrubState());
    }

    private static Family Named(string name) => LedgerFormat.Families.Single(family => family.Name == name);

    private MemoryStore Open() => new MemoryStore(_disk, LedgerFormat.Families);

    private void Write(Family family, byte[] key, byte[]? value)
    {
        using MemoryStore store = Open();
        using IWriteBatch batch = store.CreateBatch();
        if (value is null)
        {
            batch.Delete(family, key);
        }
        else
        {
            batch.Put(family, key, value);
        }

        store.Write(batch, sync: true);
    }

    private KeyValue Entry(Family family) => _original.Scan(family, [], [], 1_000).Single(entry =>
        BinaryPrimitives.ReadUInt64BigEndian(
            family.Name is "heights" or "transactions" ? entry.Value : entry.Key) == Damaged);

    private void RequireFoundAndRepaired()
    {
        using (LedgerStore ledger = SampleLedger.Open(Open()))
        using (LedgerStore peer = SampleLedger.Open(
            new MemoryStore(_originalDisk.DurableCopy(), LedgerFormat.Families)))
        {
            var height = new Height(Damaged);
            Hash256 hash = peer.FindHeader(height)!.Hash;
            Assert.NotNull(_blocks.Problem(ledger, height, hash, out _));
            Assert.Null(_blocks.Problem(peer.FindStored(height), hash, out CommittedBlock? block));
            ledger.Rewrite(block!);
            Assert.Null(_blocks.Problem(ledger, height, hash, out _));
        }

        Assert.Equal(Content(_original), Content());
    }

    private string[] Content()
    {
        using MemoryStore store = Open();
        return Content(store);
    }

    private static string[] Content(MemoryStore store) =>
    [
        .. LedgerFormat.Families.SelectMany(family => store.Scan(family, [], [], 1_000).Select(entry =>
            $"{family.Name} {Convert.ToHexString(entry.Key)} {Convert.ToHexString(entry.Value)}")),
    ];

    private string? ScrubState()
    {
        using LedgerStore pristine = SampleLedger.Open(
            new MemoryStore(_originalDisk.DurableCopy(), LedgerFormat.Families));
        StateTree tree = StateTree.Build(pristine.StateEntries());
        using LedgerStore ledger = SampleLedger.Open(Open());
        using LedgerSnapshot snapshot = ledger.Snapshot();
        var scrub = new StateScrub(snapshot, tree);
        string? problem;
        bool more;
        do
        {
            more = scrub.Next(out problem);
        }
        while (more);
        return problem;
    }
}
