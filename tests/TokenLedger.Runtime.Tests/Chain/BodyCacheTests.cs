// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Runtime.Tests.Chain;

public sealed class BodyCacheTests
{
    private readonly BodyCache _cache = new(4);
    private readonly CoreGenerator _random = new(1);

    [Fact]
    public void Add_Body_IsFoundByItsHash()
    {
        Block block = BlockOf(5);
        Assert.Equal(block.Hash, _cache.Add(block, 0, new View(4)));
        Assert.Same(block, _cache.Find(block.Hash));
    }

    [Fact]
    public void Add_BodyOfAnotherHeaderOrFinalView_IsNotKept()
    {
        Block block = BlockOf(5);
        Assert.Null(_cache.Add(block, 0, new View(5)));
        Block wrong = block with { Header = block.Header with { TransactionsRoot = Hash256.Zero } };
        Assert.Null(_cache.Add(wrong, 0, new View(4)));
        Assert.Null(_cache.Find(wrong.Hash));
    }

    [Fact]
    public void Add_OverOneShare_DropsItsFurthestViewOnly()
    {
        Block other = BlockOf(1_000);
        _cache.Add(other, 1, default);
        Block[] pushed = [.. Enumerable.Range(1, _cache.Share).Select(view => BlockOf((ulong)view * 10))];
        Assert.All(pushed, block => Assert.NotNull(_cache.Add(block, 0, default)));
        Assert.Null(_cache.Add(BlockOf(900), 0, default));
        Block near = BlockOf(5);
        Assert.NotNull(_cache.Add(near, 0, default));
        Assert.Null(_cache.Find(pushed[^1].Hash));
        Assert.NotNull(_cache.Find(pushed[^2].Hash));
        Assert.NotNull(_cache.Find(other.Hash));
    }

    [Fact]
    public void Add_AskedFor_TakesNoShare()
    {
        for (ulong view = 1; view <= (ulong)_cache.Share; view++)
        {
            _cache.Add(BlockOf(view), 0, default);
        }

        Block asked = BlockOf(2_000);
        Assert.Equal(asked.Hash, _cache.Add(asked, null, default));
        _cache.Add(BlockOf(1), 0, default);
        Assert.NotNull(_cache.Find(asked.Hash));

        // Pushed again it stays what it was: asked for.
        Assert.Equal(asked.Hash, _cache.Add(asked, 0, default));
        Assert.NotNull(_cache.Find(asked.Hash));
    }

    [Fact]
    public void Prune_FinalView_ForgetsUpToIt()
    {
        Block old = BlockOf(5);
        Block next = BlockOf(6);
        _cache.Add(old, 0, default);
        _cache.Add(next, 0, default);
        _cache.Prune(new View(5));
        Assert.Null(_cache.Find(old.Hash));
        Assert.NotNull(_cache.Find(next.Hash));
    }

    private Block BlockOf(ulong view)
    {
        Block block = _random.Block();
        return block with
        {
            Header = block.Header with
            {
                View = new View(view),
                TransactionsRoot = Block.TransactionsRootOf(block.Transactions),
            },
        };
    }
}
