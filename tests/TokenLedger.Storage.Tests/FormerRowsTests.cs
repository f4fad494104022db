// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Storage.CrashHost;

namespace TokenLedger.Storage.Tests;

/// <summary>What a ledger keeps of trees before, and how much of it.</summary>
public sealed class FormerRowsTests : IDisposable
{
    private readonly MemoryDisk _disk = new();
    private readonly SampleChain _chain = new(seed: 3, transfersPerBlock: 1, accounts: 2);
    private LedgerStore _ledger;

    public FormerRowsTests() => _ledger = Open();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Commit_WithWhatItReplaced_IsReadAgainAfterAReopen()
    {
        ImmutableArray<FormerLeaf> former = Leaves(3);
        _ledger.Commit(_chain.Next() with { Former = former });
        _ledger.Commit(_chain.Next());
        _ledger.Commit(_chain.Next() with { Former = [] });
        Reopen();
        Assert.Equal(former, _ledger.FindFormer(new Height(1)));
        Assert.Null(_ledger.FindFormer(new Height(0)));
        Assert.Null(_ledger.FindFormer(new Height(2)));
        Assert.Empty(_ledger.FindFormer(new Height(3))!);
    }

    [Theory]
    [InlineData(Limits.RetainedTreeChanges, 1)]
    [InlineData((Limits.RetainedTreeChanges / 2) + 1, 1)]
    [InlineData(Limits.RetainedTreeChanges / 2, 2)]
    [InlineData(Limits.RetainedTreeChanges / 3, 3)]
    public void Commit_OverTheBoundOfChanges_ForgetsTheOldestAlsoAfterAReopen(int leaves, ulong kept)
    {
        ImmutableArray<FormerLeaf> former = Leaves(leaves);
        for (ulong height = 1; height <= 6; height++)
        {
            _ledger.Commit(_chain.Next() with { Former = former });
            Reopen();
            Assert.Equal(Math.Min(height, kept), Kept(height));
        }
    }

    [Fact]
    public void Commit_BlockThatChangesMoreThanTheBound_HasNone()
    {
        _ledger.Commit(_chain.Next() with { Former = Leaves(Limits.RetainedTreeChanges + 1) });
        Assert.Null(_ledger.FindFormer(new Height(1)));
    }

    [Fact]
    public void Commit_OverTheBoundOfHeads_ForgetsTheOldest()
    {
        for (int i = 0; i < Limits.RetainedHeads + 2; i++)
        {
            _ledger.Commit(_chain.Next() with { Former = [] });
        }

        Assert.Null(_ledger.FindFormer(new Height(3)));
        Assert.Equal((ulong)Limits.RetainedHeads - 1, Kept(Limits.RetainedHeads + 2));
    }

    private ulong Kept(ulong head)
    {
        ulong kept = 0;
        while (kept < head && _ledger.FindFormer(new Height(head - kept)) is not null)
        {
            kept++;
        }

        for (ulong older = head - kept; older > 0; older--)
        {
            Assert.Null(_ledger.FindFormer(new Height(older)));
        }

        return kept;
    }

    private static ImmutableArray<FormerLeaf> Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(static i =>
        {
            byte[] key = new byte[Hash256.Size];
            BinaryPrimitives.WriteInt32BigEndian(key, i);
            return new FormerLeaf(new Hash256(key), i % 2 == 0 ? Hash256.Zero : new Hash256(key));
        })];

    private void Reopen()
    {
        _ledger.Dispose();
        _ledger = Open();
    }

    private LedgerStore Open() =>
        LedgerStore.Open(new MemoryStore(_disk, LedgerFormat.Families), _chain.Genesis);
}
