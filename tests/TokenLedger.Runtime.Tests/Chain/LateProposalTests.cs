// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>A node that starts behind the others gets old proposals, of heights that are final.</summary>
public sealed class LateProposalTests : IDisposable
{
    private readonly ChainBench _leader = new();
    private readonly ChainBench _late = new();

    public void Dispose()
    {
        _leader.Dispose();
        _late.Dispose();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void Verify_TimeFarBehindTheClock_IsAnsweredOnlyWhileTheHeightIsFinalNowhere(
        ulong finalElsewhere, bool answered)
    {
        Block block = _leader.Build(1);
        _late.Clock.Advance(2_001);
        _late.FinalElsewhere = new Height(finalElsewhere);
        _late.Worker.Post(new BodyArrived(block, null));
        _late.Ask(new Verify(_late.Proposal(block.Header)));
        BlockVerified[] answers = [.. _late.Settle().OfType<BlockVerified>()];
        Assert.Equal(answered ? 1 : 0, answers.Length);
        Assert.DoesNotContain(answers, static answer => answer.Valid);
    }
}
