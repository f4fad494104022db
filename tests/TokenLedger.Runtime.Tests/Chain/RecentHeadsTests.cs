// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>What is kept of earlier heights, and how much.</summary>
public sealed class RecentHeadsTests
{
    private static readonly BlockHeader Any = GenesisBuilder.Header(TestNetwork.Genesis(), default);

    [Theory]
    [InlineData(3, 1_000, 1, 3)]
    [InlineData(100, 10, 4, 3)]
    [InlineData(100, 10, 5, 3)]
    [InlineData(100, 10, 6, 2)]
    [InlineData(100, 10, 50, 1)]
    public void Add_OverABound_ForgetsTheOldest(int heads, int changes, int changed, ulong kept)
    {
        var recent = new RecentHeads(heads, changes);
        for (ulong height = 1; height <= 20; height++)
        {
            recent.Add(Head(height), changed);
        }

        for (ulong height = 1; height <= 20; height++)
        {
            Assert.Equal(height > 20 - kept, recent.Find(new Height(height), out _, out _) is not null);
        }
    }

    [Fact]
    public void Find_HeightWithoutACertificate_NamesItsNeighbours()
    {
        var recent = new RecentHeads(10, 10);
        foreach (ulong height in (ulong[])[4, 7, 9])
        {
            recent.Add(Head(height), 1);
        }

        Assert.Equal((null, new Height(4)), Near(3));
        Assert.Equal((new Height(4), new Height(7)), Near(5));
        Assert.Equal((new Height(9), null), Near(10));

        (Height?, Height?) Near(ulong height)
        {
            Assert.Null(recent.Find(new Height(height), out Height? below, out Height? above));
            return (below, above);
        }
    }

    private static FinalizedHead Head(ulong height) =>
        new(Any with { Height = new Height(height) }, default, StateTree.Empty, null);
}
