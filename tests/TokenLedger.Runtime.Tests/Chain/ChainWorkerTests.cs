// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

public sealed class ChainWorkerTests : IDisposable
{
    private readonly ChainBench _leader = new();
    private readonly ChainBench _other = new();

    public void Dispose()
    {
        _leader.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Build_IdlePool_WaitsForTheHeartbeat()
    {
        Block first = Final(_leader, _leader.Build(1));
        _leader.Ask(new Build(new View(2), new View(1), first.Hash));
        Assert.Empty(_leader.Settle());
        _leader.Clock.Advance(ChainBench.HeartbeatMs);
        Block second = _leader.Next<Block>();
        Assert.Equal((first.Hash, new Height(2)), (second.Header.ParentHash, second.Header.Height));
        Assert.Equal(second.Hash, _leader.Next<BlockBuilt>().Header.Hash);
        Assert.True(_leader.Log.TryGetCandidate(second.Hash, out _));
    }

    [Fact]
    public void Build_WaitingTransaction_DoesNotWait()
    {
        Block first = Final(_leader, _leader.Build(1));
        _leader.Ask(new Build(new View(2), new View(1), first.Hash));
        Assert.Empty(_leader.Settle());
        Assert.Null(_leader.Add(Registration(_leader, 0)));
        Block second = _leader.Next<Block>();
        Assert.Single(second.Transactions);
    }

    [Fact]
    public void Build_ParentThatNeverComes_IsGivenUpWhileOthersStillWait()
    {
        _leader.Ask(new Build(new View(1), default, new Hash256(new byte[32])));
        Assert.DoesNotContain(_leader.Settle(), said => said is BuildFailed);
        _leader.Clock.Advance((int)ChainBench.Genesis.Consensus.DeltaMs / 2);
        Assert.Equal(new View(1), _leader.Next<BuildFailed>().View);
    }

    /// <summary>
    /// The others made the parent final before this node had its body: no reason to give up the view.
    /// </summary>
    [Fact]
    public void Build_ParentWhoseBodyIsUnderWay_BuildsOnceItIsHere()
    {
        Block parent = _leader.Build(1);
        Assert.Null(_other.Add(Registration(_other, 0)));
        _other.Ask(new Build(new View(2), new View(1), parent.Hash));
        Assert.DoesNotContain(_other.Settle(), said => said is BuildFailed or Block);
        _other.Worker.TryPost(1, new BodyArrived(parent, 1));
        Block built = _other.Next<Block>();
        Assert.Equal((parent.Hash, 1), (built.Header.ParentHash, built.Transactions.Length));
    }

    [Fact]
    public void Build_NewView_AbandonsTheOlderOne()
    {
        Block first = Final(_leader, _leader.Build(1));
        _leader.Ask(new Build(new View(2), new View(1), first.Hash));
        _leader.Ask(new ViewEntered(new View(3), 3));
        Assert.Empty(_leader.Settle());
        _leader.Clock.Advance(10 * ChainBench.HeartbeatMs);
        Assert.DoesNotContain(_leader.Settle(), said => said is Block or BlockBuilt);
    }

    /// <summary>
    /// Every validator may crash after certifying: whoever leads next must be able to build on it.
    /// </summary>
    [Fact]
    public void Build_OnParentCertifiedBeforeACrash_ExecutesItAgain()
    {
        Block first = _leader.Build(1);
        _leader.Ask(new Certify(new View(1), first.Hash));
        Assert.True(_leader.Next<BlockCertified>().Valid);
        _leader.Log.Sync();
        using ChainBench again = _leader.Restart();
        again.Clock.Advance(ChainBench.HeartbeatMs);
        again.Ask(new Build(new View(2), new View(1), first.Hash));
        Assert.Equal(first.Hash, again.Next<Block>().Header.ParentHash);
    }

    /// <summary>
    /// A block too large for its view is not built again and again; a certified one gives room.
    /// </summary>
    [Fact]
    public void Build_AfterViewsInVain_HoldsFewerTransactions()
    {
        const int Waiting = 64;
        Assert.Null(_leader.Add(
            [.. Enumerable.Range(0, Waiting).Select(nonce => Registration(_leader, (ulong)nonce))]));
        ulong view = 1;
        var sizes = new List<int>();
        for (int i = 0; i < 5; i++, view += 4)
        {
            sizes.Add(_leader.Build(view).Transactions.Length);
            _leader.Ask(new ViewEntered(new View(view + 1), 2));
        }

        Assert.Equal([Waiting, Waiting, Waiting, Waiting, BlockPace.First >> 4], sizes);
        Block built = _leader.Build(view);
        Assert.Equal(BlockPace.First >> 5, built.Transactions.Length);
        _leader.Ask(new Certify(built.Header.View, built.Hash));
        _leader.Ask(new ViewEntered(new View(view + 1), 2));
        Assert.Equal(
            (BlockPace.First >> 5) + (BlockPace.First >> 7),
            _leader.Build(view + 4).Transactions.Length);
    }

    [Fact]
    public async Task Build_WhilePeersKeepTalking_IsNotStarved()
    {
        Block first = Final(_leader, _leader.Build(1));
        _leader.Ask(new Build(new View(2), new View(1), first.Hash));
        Assert.Empty(_leader.Settle());
        _leader.Clock.Advance(ChainBench.HeartbeatMs);
        using var stop = new CancellationTokenSource();
        Task chatter = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _leader.Worker.TryPost(0, new BodyArrived(first, 0));
            }
        });
        Assert.Equal(new Height(2), _leader.Next<Block>().Header.Height);
        await stop.CancelAsync();
        await chatter.WaitAsync(Within.Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Verify_GoodBlock_IsValidWhicheverComesFirst(bool bodyFirst)
    {
        Assert.Null(_leader.Add(Registration(_leader, 0)));
        Block block = _leader.Build(1);
        if (bodyFirst)
        {
            _other.Worker.TryPost(1, new BodyArrived(block, 1));
            _other.Ask(new Verify(_other.Proposal(block.Header)));
        }
        else
        {
            _other.Ask(new Verify(_other.Proposal(block.Header)));
            Assert.Empty(_other.Settle());
            _other.Worker.TryPost(1, new BodyArrived(block, 1));
        }

        BlockVerified verified = _other.Next<BlockVerified>();
        Assert.Equal((block.Hash, true), (verified.BlockHash, verified.Valid));
        Assert.True(_other.Log.TryGetCandidate(block.Hash, out byte[]? kept));
        Assert.Equal(block.Encode(), kept);
    }

    [Fact]
    public void Verify_MissingBody_IsAskedOfTheProposerAndNeverAnswered()
    {
        Block block = _leader.Build(1);
        _other.Ask(new Verify(_other.Proposal(block.Header)));
        Assert.Empty(_other.Settle());
        _other.Clock.Advance(600);
        Fetched fetched = _other.Next<Fetched>();
        Assert.Equal((block.Hash, 1), (fetched.BlockHash, fetched.Holder));
        Assert.DoesNotContain(_other.Settle(), said => said is BlockVerified);
    }

    [Fact]
    public void Verify_TimeAheadOfTheClock_WaitsUntilItIsNear()
    {
        _leader.Clock.Advance(2_001);
        Block block = _leader.Build(1);
        _other.Worker.TryPost(1, new BodyArrived(block, 1));
        _other.Ask(new Verify(_other.Proposal(block.Header)));
        Assert.DoesNotContain(_other.Settle(), said => said is BlockVerified);
        _other.Clock.Advance(1);
        Assert.True(_other.Next<BlockVerified>().Valid);
    }

    [Fact]
    public void Verify_TimeFarBehindTheClock_IsInvalid()
    {
        Block block = _leader.Build(1);
        _other.Clock.Advance(2_001);
        _other.Worker.TryPost(1, new BodyArrived(block, 1));
        _other.Ask(new Verify(_other.Proposal(block.Header)));
        Assert.False(_other.Next<BlockVerified>().Valid);
    }

    [Fact]
    public void Verify_HeaderThatDoesNotFit_IsInvalid()
    {
        BlockHeader right = _leader.Build(1).Header;
        foreach (BlockHeader wrong in new[]
        {
            right with { Height = new Height(2) },
            right with { Timestamp = TestNetwork.Start },
            right with { Proposer = ChainBench.Validators[0].Address },
            right with { Epoch = new Epoch(1) },
            right with { GenesisHash = right.Hash },
            right with { ValidatorSetHash = right.Hash },
            right with { NextValidatorSetHash = right.Hash },
            right with { HistoryRoot = right.Hash },
        })
        {
            _other.Worker.TryPost(1, new BodyArrived(new Block(wrong, []), 1));
            _other.Ask(new Verify(_other.Proposal(wrong)));
            BlockVerified verified = _other.Next<BlockVerified>();
            Assert.True(verified.BlockHash == wrong.Hash && !verified.Valid, wrong.ToString());
        }
    }

    [Fact]
    public void Verify_ForgedTransaction_IsInvalid()
    {
        Transaction transaction = Registration(_leader, 0);
        Assert.Null(_leader.Add(transaction));
        Block block = _leader.Build(1);
        SignedTransaction forged = _leader.Signing.SignAs(TestNetwork.Nobody, transaction);
        var header = block.Header with { TransactionsRoot = Block.TransactionsRootOf([forged]) };
        _other.Worker.TryPost(1, new BodyArrived(new Block(header, [forged]), 1));
        _other.Ask(new Verify(_other.Proposal(header)));
        Assert.False(_other.Next<BlockVerified>().Valid);

        // Not even when the same transaction, rightly signed, is known here.
        Assert.Null(_other.Add(transaction));
        var again = header with { View = new View(5) };
        _other.Worker.TryPost(1, new BodyArrived(new Block(again, [forged]), 1));
        _other.Ask(new Verify(_other.Proposal(again)));
        Assert.False(_other.Next<BlockVerified>().Valid);
    }

    [Fact]
    public void Certify_WrongRoots_IsInvalidForEver()
    {
        Assert.Null(_leader.Add(Registration(_leader, 0)));
        Block block = _leader.Build(1);
        foreach (BlockHeader wrong in new[]
        {
            block.Header with { StateRoot = block.Hash },
            block.Header with { ReceiptsRoot = block.Hash },
            block.Header with { EventsRoot = block.Hash },
        })
        {
            _other.Worker.TryPost(1, new BodyArrived(block with { Header = wrong }, 1));
            _other.Ask(new Certify(new View(1), wrong.Hash));
            BlockCertified certified = _other.Next<BlockCertified>();
            Assert.True(certified.BlockHash == wrong.Hash && !certified.Valid, wrong.ToString());
        }
    }

    [Fact]
    public void Finalize_KnownBlock_CommitsPublishesAndTells()
    {
        Assert.Null(_leader.Add(Registration(_leader, 0)));
        Block block = Final(_leader, _leader.Build(1));
        Assert.Equal(block.Hash, _leader.Feed.Head.Hash);
        Assert.Equal(block.Hash, _leader.Ledger.Head.Hash);
        Hash256 id = block.Transactions[0].IdOn(_leader.Ledger.GenesisHash);
        Assert.Equal(new Height(1), _leader.Ledger.FindTransaction(id)?.Height);
        Assert.Equal(
            _leader.Finality(block.Header), _leader.Ledger.FindCertificate(new Height(1))?.Certificate);
        _leader.Settle();
        Assert.Equal(0, _leader.Worker.PoolCount);
    }

    [Fact]
    public void Finalize_MissingBlocks_CatchesUpAndCommitsOnceTheyAreHere()
    {
        Block first = _leader.Build(1);
        _leader.Clock.Advance(ChainBench.HeartbeatMs);
        Block second = _leader.Build(2, first.Hash);
        _other.Clock.Advance(ChainBench.HeartbeatMs);
        _other.Ask(new Finalize(_other.Finality(second.Header)));
        _other.Next<CaughtUp>();
        _other.Worker.TryPost(2, new BodyArrived(second, 2));
        Assert.DoesNotContain(_other.Settle(), said => said is Synced);
        _other.Worker.TryPost(0, new BodyArrived(first, null));
        Assert.Equal(second.Hash, _other.Next<Synced>().Finalization.Subject.BlockHash);
        Assert.Equal(new Height(2), _other.Feed.Head.Height);
        Assert.Equal(new Height(2), _other.Ledger.FindCertificate(new Height(1))?.Height);
    }

    [Fact]
    public void Finalize_BlockThatIsInvalidHere_StopsTheNode()
    {
        Block block = _leader.Build(1);
        var wrong = new Block(block.Header with { StateRoot = block.Hash }, []);
        _other.Worker.TryPost(1, new BodyArrived(wrong, 1));
        _other.Ask(new Finalize(_other.Finality(wrong.Header)));
        InvariantException fatal = _other.Next<InvariantException>();
        Assert.Contains("its state root differs", fatal.Message, StringComparison.Ordinal);
        Assert.Equal(new Height(0), _other.Feed.Head.Height);
    }

    [Fact]
    public void Finalize_OneOfTwoForks_DropsTheOther()
    {
        Block first = _leader.Build(1);
        _leader.Clock.Advance(ChainBench.HeartbeatMs);
        Block fork = _leader.Build(2, ChainBenchGenesis());
        Final(_leader, first);
        _leader.Ask(new Build(new View(3), new View(2), fork.Hash));
        Assert.DoesNotContain(_leader.Settle(), said => said is Block);
        _leader.Clock.Advance((int)ChainBench.Genesis.Consensus.DeltaMs / 2);
        Assert.Equal(new View(3), _leader.Next<BuildFailed>().View);
    }

    [Fact]
    public async Task Apply_SyncedBlocks_CommitsARunAndRefusesAGap()
    {
        Block first = _leader.Build(1);
        _leader.Clock.Advance(ChainBench.HeartbeatMs);
        Block second = _leader.Build(2, first.Hash);
        Assert.NotNull(await ApplyAsync([second], second));
        Assert.Equal(new Height(0), _other.Feed.Head.Height);
        Assert.Null(await ApplyAsync([first, second], second));
        Assert.Equal(second.Hash, _other.Feed.Head.Hash);
        Assert.Null(await ApplyAsync([first, second], second));
    }

    [Fact]
    public async Task Dispose_WaitingCallers_AreAnswered()
    {
        var reply = new TaskCompletionSource<ImmutableArray<Rejection?>>();
        var pending = new TaskCompletionSource<bool>();
        var bench = new ChainBench();
        bench.Dispose();
        Assert.False(bench.Worker.TryPost(new AddTransactions([], reply)));

        // A thread that broke off leaves nobody waiting either.
        Block block = _leader.Build(1);
        var wrong = new Block(block.Header with { StateRoot = block.Hash }, []);
        _other.Worker.TryPost(1, new BodyArrived(wrong, 1));
        _other.Ask(new Finalize(_other.Finality(wrong.Header)));
        if (_other.Worker.TryPost(
            new AddTransactions([_other.Signing.Verified(Registration(_other, 0))], reply))
            && _other.Worker.TryPost(new AskPending(default, pending)))
        {
            ImmutableArray<Rejection?> answers = await reply.Task.WaitAsync(Within.Patience);
            Assert.True(answers[0] is null or { Code: RejectionCode.Unavailable });
            await Record.ExceptionAsync(() => pending.Task.WaitAsync(Within.Patience));
            Assert.True(pending.Task.IsCompleted);
        }
    }

    [Fact]
    public void BodyArrived_FloodOfOnePeer_DoesNotKeepTheProposalOut()
    {
        Block block = _leader.Build(8);
        for (ulong i = 0; i < 200; i++)
        {
            // Blocks of the nearest view, which nobody proposed.
            BlockHeader made =
                block.Header with { View = new View(1), Timestamp = block.Header.Timestamp.Plus(i) };
            _other.Worker.TryPost(3, new BodyArrived(new Block(made, []), 3));
        }

        _other.Worker.TryPost(0, new BodyArrived(block, 0));
        _other.Ask(new Verify(_other.Proposal(block.Header)));
        Assert.True(_other.Next<BlockVerified>().Valid);
    }

    private async Task<string?> ApplyAsync(ImmutableArray<Block> blocks, Block last)
    {
        var reply = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _other.Worker.Post(new SyncedBlocks(blocks, _other.Finality(last.Header), reply));
        return await reply.Task.WaitAsync(Within.Patience);
    }

    private Hash256 ChainBenchGenesis() => _leader.Ledger.FindHeader(new Height(0))!.Hash;

    private static Transaction Registration(ChainBench bench, ulong nonce) => bench.Draft(
        TestNetwork.MinistryRegistrar, nonce,
        new RegisterAccount(TestNetwork.Named($"citizen {nonce}"), AccountKind.Citizen, default));

    private static Block Final(ChainBench bench, Block block)
    {
        bench.Ask(new Finalize(bench.Finality(block.Header)));
        Assert.Equal(block.Hash, bench.Next<Synced>().Finalization.Subject.BlockHash);
        return block;
    }
}
