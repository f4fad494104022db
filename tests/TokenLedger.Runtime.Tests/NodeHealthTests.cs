// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests;

public sealed class NodeHealthTests
{
    private static readonly ValidatorSet Validators = TestNetwork.Genesis().ValidatorSet;
    private static readonly TimestampMs HeadTime = TestNetwork.Start;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silent = NodeHealth.ReachableWithin;

    [Fact]
    public void Assess_RecentBlock_IsFinalizing()
    {
        NodeHealth health = Assess(HeadTime.Plus(4_999), Fresh, Fresh, Fresh);
        Assert.True(health.Finalizing);
        Assert.Equal("", health.Diagnosis);
        Assert.All(health.Validators, validator => Assert.True(validator.Reachable));
        Assert.Equal(new Height(8), health.Validators[0].Height);
        Assert.Equal(new Height(9), health.Validators[1].Height);
    }

    [Fact]
    public void Assess_NoQuorumReachable_NamesWhoIsMissing()
    {
        NodeHealth health = Assess(HeadTime.Plus(5_000), Silent, Fresh, TimeSpan.MaxValue);
        Assert.False(health.Finalizing);
        Assert.Equal(
            "No block became final for 5 s. 2 of the 3 validators that a quorum needs are reachable;"
                + " missing: validator-0, validator-3.",
            health.Diagnosis);
        Assert.Equal([false, true, true, false], health.Validators.Select(validator => validator.Reachable));
    }

    [Fact]
    public void Assess_QuorumReachableButStuck_NamesViewAndLeader()
    {
        NodeHealth health = Assess(HeadTime.Plus(12_000), Fresh, Fresh, Silent);
        Assert.Equal(
            "No block became final for 12 s. View 14 of validator-2 waits for votes.", health.Diagnosis);
    }

    [Fact]
    public void Assess_GenesisHead_IsNotFinalizing() =>
        Assert.False(Assess(HeadTime, Fresh, Fresh, Fresh, height: 0).Finalizing);

    /// <summary>Validator 1 looks at 0, 2 and 3, from which it heard so long ago.</summary>
    private static NodeHealth Assess(
        TimestampMs now, TimeSpan zero, TimeSpan two, TimeSpan three, ulong height = 9)
    {
        BlockHeader header = GenesisBuilder.Header(TestNetwork.Genesis(), default) with
        {
            Height = new Height(height),
            Timestamp = HeadTime,
        };
        ImmutableArray<PeerReport> reports =
        [
            Report(zero), new PeerReport(default, default, default, TimeSpan.MaxValue), Report(two),
            Report(three),
        ];
        return NodeHealth.Assess(
            new FinalizedHead(header, header.Hash, StateTree.Empty, null),
            new ConsensusStatus(new View(14), 2, new View(13), new View(13), 1, [0, 0, 0, 0]),
            Validators, 1, reports, TimeSpan.FromSeconds(5), now, 0);
    }

    private static PeerReport Report(TimeSpan age) => new(new Height(8), default, new View(14), age);
}
