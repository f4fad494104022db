// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>After a loss of power, the trees of earlier heights are there again.</summary>
public sealed class RetainedTreesTests : IDisposable
{
    private const ulong Head = 12;

    private readonly ChainBench _bench = new();
    private ChainBench? _again;

    public RetainedTreesTests()
    {
        for (ulong view = 1; view <= Head; view++)
        {
            Assert.Null(_bench.Add(_bench.Draft(
                TestNetwork.MinistryRegistrar, view - 1,
                new RegisterAccount(Account(view), AccountKind.Citizen, Address.Zero))));
            _bench.Clock.Advance(ChainBench.HeartbeatMs);
            Block block = _bench.Build(view);
            _bench.Ask(new Finalize(_bench.Finality(block.Header)));
            Assert.Equal(block.Hash, _bench.Next<Synced>().Finalization.Subject.BlockHash);
        }
    }

    public void Dispose()
    {
        _again?.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void Before_AfterALossOfPower_HasTheTreesThatWereKept()
    {
        var feed = new FinalityFeed(Read(out string? problem));
        Assert.Null(problem);
        Assert.Equal(_bench.Feed.Head.Hash, feed.Head.Hash);
        var roots = new HashSet<Hash256>();
        for (ulong height = 1; height <= Head; height++)
        {
            FinalizedHead? before = _bench.Feed.Find(new Height(height), out _, out _);
            FinalizedHead? after = feed.Find(new Height(height), out _, out _);
            Assert.Equal(
                (before!.Header, before.Hash, before.Tree.Root, before.Tree.Count),
                (after!.Header, after.Hash, after.Tree.Root, after.Tree.Count));
            Assert.Equal(before.Certificate!.Subject, after.Certificate!.Subject);
            Assert.True(roots.Add(after.Tree.Root));
        }

        // Genesis has no certificate that a proof could show.
        Assert.Null(feed.Find(new Height(0), out _, out Height? above));
        Assert.Equal(new Height(1), above);
    }

    /// <summary>Bytes that decode and are not what was written, bytes that do not decode, and none.</summary>
    [Theory]
    [InlineData("another's", true)]
    [InlineData("cut", true)]
    [InlineData("gone", false)]
    public void Before_RowIsDamagedOrGone_EndsAboveItAndTellsOfDamage(string how, bool told)
    {
        Family former = LedgerFormat.Families.Single(static family => family.Name == "former");
        byte[] key = [0, 0, 0, 0, 0, 0, 0, 7];
        IReadOnlyList<RetainedHead> heads = Read(out string? problem, store =>
        {
            Assert.True(store.TryGet(former, key, out byte[]? right));
            Assert.True(store.TryGet(former, [0, 0, 0, 0, 0, 0, 0, 6], out byte[]? other));
            using IWriteBatch batch = store.CreateBatch();
            if (how == "gone")
            {
                batch.Delete(former, key);
            }
            else
            {
                batch.Put(former, key, how == "cut" ? right[..^1] : other);
            }

            store.Write(batch, sync: true);
        });
        Assert.Equal(told, problem is not null);
        Assert.Equal([7, 8, 9, 10, 11, 12], heads.Select(static one => one.Head.Height.Value));
        Assert.All(heads, static one => Assert.Equal(one.Head.Header.StateRoot, one.Head.Tree.Root));
    }

    private static Address Account(ulong number) =>
        new([.. Enumerable.Repeat((byte)(0x40 + number), Address.Size)]);

    private IReadOnlyList<RetainedHead> Read(out string? problem, Action<MemoryStore>? damage = null)
    {
        _again = _bench.Restart();
        damage?.Invoke(_again.LedgerBytes);
        ChainHead head = _again.Ledger.Head;
        return RetainedTrees.Before(
            _again.Ledger,
            new FinalizedHead(
                head.Header, head.Hash, StateTree.Build(_again.Ledger.StateEntries()),
                _again.Ledger.FindCertificate(head.Height)?.Certificate),
            out problem);
    }
}
