// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>What waits for the chain's thread, and what waits on it, is bounded for each source.</summary>
public sealed class ChainBoundsTests : IDisposable
{
    private readonly ChainBench _leader = new();
    private readonly ChainBench _other = new();

    public void Dispose()
    {
        _leader.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task TryPost_FloodOfOnePeer_LeavesRoomForOthersAndClients()
    {
        Block block = _leader.Build(1);
        using var bench = new ChainBench(start: false);
        var flood = new BodyArrived(new Block(block.Header with { View = new View(9) }, []), 3);
        int taken = 0;
        while (bench.Worker.TryPost(3, flood))
        {
            taken++;
        }

        Assert.Equal(Limits.PeerChainItems, taken);
        var asked = new TaskCompletionSource<bool>();
        Assert.True(bench.Worker.TryPost(1, new BodyArrived(block, 1)));
        Assert.True(bench.Worker.TryPost(new AskPending(default, asked)));
        bench.Ask(new Verify(bench.Proposal(block.Header)));
        bench.Worker.Start();
        Assert.True(bench.Next<BlockVerified>().Valid);
        await asked.Task.WaitAsync(Within.Patience);
    }

    [Fact]
    public void TryPost_FullBlocksOfOnePeer_AreBoundedByTheirBytes()
    {
        Block block = _leader.Build(1);
        using var bench = new ChainBench(start: false);
        var large = new SignedTransaction(
            ImmutableArray.Create(new byte[Limits.TransactionBytes]),
            ImmutableArray.Create(new byte[Limits.SignatureBytes]));
        var full = new BodyArrived(block with { Transactions = [.. Enumerable.Repeat(large, 127)] }, 3);
        int taken = 0;
        while (bench.Worker.TryPost(3, full))
        {
            taken++;
        }

        Assert.Equal(2, taken);
        Assert.True(bench.Worker.TryPost(2, full));
    }

    /// <summary>While nothing finalizes, only the newest views' proposals are worth waiting for.</summary>
    [Fact]
    public void Verify_MoreProposalsThanAreKept_ForgetsThoseOfTheOldestViews()
    {
        BlockHeader template = _leader.Build(1).Header;
        BlockHeader[] headers = [.. Enumerable.Range(1, Limits.WaitingProposals + 3).Select(view =>
            template with
            {
                View = new View((ulong)view),
                Proposer = ChainBench.Validators[
                    ChainBench.Validators.LeaderOf(new View((ulong)view))].Address,
            })];
        foreach (BlockHeader header in headers)
        {
            _other.Ask(new Verify(_other.Proposal(header)));
        }

        for (int i = 0; i < 3; i++)
        {
            _other.Worker.TryPost(0, new BodyArrived(new Block(headers[i], []), null));
            Assert.DoesNotContain(_other.Settle(), said => said is BlockVerified);
        }

        foreach (BlockHeader kept in new[] { headers[^1], headers[3] })
        {
            _other.Worker.TryPost(0, new BodyArrived(new Block(kept, []), null));
            BlockVerified verified = _other.Next<BlockVerified>();
            Assert.Equal((kept.Hash, true), (verified.BlockHash, verified.Valid));
        }
    }
}
