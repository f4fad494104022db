// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>Blocks grow as long as views stay short, and shrink at once when they do not.</summary>
public sealed class BlockPaceTests
{
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(200);

    private readonly BlockPace _pace = new(Target);

    [Fact]
    public void Certified_FullBlocksInShortViews_GrowToTheLimitOfABlock()
    {
        int before = 0;
        for (int i = 0; i < 50 && _pace.Transactions > before; i++)
        {
            before = _pace.Transactions;
            _pace.Certified(Target / 4, _pace.Transactions);
        }

        Assert.Equal(Limits.TransactionsPerBlock, _pace.Transactions);
    }

    [Fact]
    public void Certified_BlockThatWasNotFull_SaysNothingAboutALargerOne()
    {
        _pace.Certified(Target / 4, _pace.Transactions - 1);
        Assert.Equal(BlockPace.First, _pace.Transactions);
    }

    [Fact]
    public void Certified_LongerThanTheTarget_ShrinksInProportionAndAtMostByHalf()
    {
        _pace.Certified(Target * 1.25, BlockPace.First);
        Assert.InRange(_pace.Transactions, BlockPace.First * 78 / 100, BlockPace.First * 80 / 100);
        int before = _pace.Transactions;
        _pace.Certified(Target * 100, before);
        Assert.Equal(before / 2, _pace.Transactions);
    }

    [Fact]
    public void Nullified_AgainAndAgain_LeavesRoomForProgress()
    {
        _pace.Nullified();
        Assert.Equal(BlockPace.First / 2, _pace.Transactions);
        for (int i = 0; i < 20; i++)
        {
            _pace.Nullified();
        }

        Assert.Equal(BlockPace.Least, _pace.Transactions);
        _pace.Certified(Target / 4, BlockPace.Least);
        Assert.True(_pace.Transactions > BlockPace.Least);
    }

    /// <summary>Whatever a transaction costs, views come to be near the target and stay there.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(2.0)]
    public void Certified_SteadyCost_SettlesNearTheTarget(double millisecondsEach)
    {
        for (int i = 0; i < 60; i++)
        {
            TimeSpan took = TimeSpan.FromMilliseconds(_pace.Transactions * millisecondsEach);
            _pace.Certified(took, _pace.Transactions);
        }

        double view = _pace.Transactions * millisecondsEach;
        Assert.InRange(view, Target.TotalMilliseconds / 2.5, Target.TotalMilliseconds);
    }
}
