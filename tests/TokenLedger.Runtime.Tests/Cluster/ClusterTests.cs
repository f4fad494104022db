// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Cluster;

public sealed class ClusterTests
{
    private static readonly byte[] BobsBalance = StateKeys.Balance(TestNetwork.Bob, TestNetwork.Bond);

    [Fact]
    public async Task Submit_TransfersToEveryValidator_BecomeFinalEverywhereAlike()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await LocalCluster.WaitForTransactionAsync(cluster[0], await cluster.IssueAsync(1_000));
        Hash256[] sent = [.. await SendAsync(cluster, 0, 40)];
        foreach (ValidatorRuntime runtime in cluster.Running)
        {
            foreach (Hash256 id in sent)
            {
                await LocalCluster.WaitForTransactionAsync(runtime, id);
            }

            var view = new LedgerView(runtime.Ledger.State);
            Assert.Equal(new Amount(40), view.Balance(TestNetwork.Bob, TestNetwork.Bond));
        }

        await AssertSameChainAsync(cluster);
        AssertProvable(cluster[2]);
        Assert.Empty(cluster.Fatal);
    }

    [Fact]
    public async Task Submit_BadTransactions_AreRefusedAndChangeNothing()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        Transaction draft = cluster.Draft(
            TestNetwork.Alice, 0, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
        async Task<RejectionCode?> SubmitAsync(SignedTransaction signed) =>
            (await cluster[1].SubmitAsync(signed, Within.Deadline())).Rejection?.Code;

        Assert.Equal(
            RejectionCode.BadSignature, await SubmitAsync(cluster.Signing.SignAs(TestNetwork.Bob, draft)));
        Assert.Equal(RejectionCode.SenderUnknown, await SubmitAsync(
            cluster.Signing.Sign(draft with { Sender = TestNetwork.Nobody })));
        Assert.Equal(RejectionCode.Expired, await SubmitAsync(
            cluster.Signing.Sign(draft with { ValidUntil = TestNetwork.Start })));
        Assert.Equal(
            RejectionCode.NonceGap, await SubmitAsync(cluster.Signing.Sign(draft with { Nonce = 900 })));
        SignedTransaction unknown = cluster.Signing.Sign(draft);
        Assert.Equal(
            RejectionCode.NotCanonical,
            await SubmitAsync(unknown with { Body = [.. unknown.Body, 0x50, 1] }));

        // The same bytes twice are one transaction.
        SignedTransaction signed = cluster.Signing.Sign(draft);
        Assert.Null(await SubmitAsync(signed));
        Assert.Contains(await SubmitAsync(signed), new RejectionCode?[] { null, RejectionCode.NonceUsed });
        Hash256 id = signed.IdOn(cluster.Genesis.Hash);
        Height height = await LocalCluster.WaitForTransactionAsync(cluster[3], id);
        Receipt receipt = Assert.Single(
            cluster[3].Ledger.FindReceipts(height)!.Value, r => r.TransactionId == id);
        Assert.Equal(RejectionCode.InsufficientAvailable, receipt.Code);

        // The node that is asked may learn of finality later than the one that told of it.
        await LocalCluster.WaitForTransactionAsync(cluster[1], id);
        Assert.Equal(RejectionCode.NonceUsed, await SubmitAsync(signed));
        Assert.Empty(cluster.Fatal);
    }

    [Fact]
    public async Task Stop_OneOfFour_OthersGoOnAndAFreshOneCatchesUp()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await LocalCluster.WaitForTransactionAsync(cluster[0], await cluster.IssueAsync(1_000));
        await cluster.StopAsync(3);
        Hash256[] sent = [.. await SendAsync(cluster, 0, 10)];
        foreach (Hash256 id in sent)
        {
            await LocalCluster.WaitForTransactionAsync(cluster[1], id);
        }

        cluster.Forget(3);
        cluster.Start(3);
        await LocalCluster.WaitForTransactionAsync(cluster[3], sent[^1]);
        await AssertSameChainAsync(cluster);

        // It takes part again: with another one gone, a quorum needs it.
        await cluster.StopAsync(0);
        await cluster[3].Feed.WaitForAsync(
            new Height(cluster[3].Feed.Head.Height.Value + 6), Within.Deadline());
        Assert.Empty(cluster.Fatal);
    }

    [Fact]
    public async Task Crash_WholeNetwork_GoesOnWithNothingLost()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        Hash256 issued = await cluster.IssueAsync(1_000);
        Height height = await LocalCluster.WaitForTransactionAsync(cluster[0], issued);
        Hash256 root = cluster[0].Ledger.FindHeader(height)!.Hash;
        for (int i = 0; i < LocalCluster.Size; i++)
        {
            await cluster.CrashAsync(i);
        }

        for (int i = 0; i < LocalCluster.Size; i++)
        {
            cluster.Start(i);
        }

        Hash256 last = (await SendAsync(cluster, 0, 5))[^1];
        foreach (ValidatorRuntime runtime in cluster.Running)
        {
            await LocalCluster.WaitForTransactionAsync(runtime, last);
            Assert.Equal(root, runtime.Ledger.FindHeader(height)!.Hash);
        }

        Assert.Empty(cluster.Fatal);
    }

    [Fact]
    public async Task Stop_TwoOfFour_NothingIsFinalUntilOneIsBack()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await cluster[0].Feed.WaitForAsync(new Height(2), Within.Deadline());
        Assert.True(cluster[0].Health().Finalizing);
        await cluster.StopAsync(2);
        await cluster.StopAsync(3);

        Height stuck = await WaitUntilSilentAsync(cluster[0]);
        Assert.False(cluster[0].Health().Finalizing);
        Assert.StartsWith("No block became final", cluster[0].Health().Diagnosis, StringComparison.Ordinal);
        cluster.Start(2);
        await cluster[0].Feed.WaitForAsync(stuck.Next, Within.Deadline());
        await cluster[2].Feed.WaitForAsync(stuck.Next, Within.Deadline());
        Assert.Empty(cluster.Fatal);
    }

    /// <summary>
    /// A block in flight may still become final; five heartbeats of 200 ms without one are silence.
    /// </summary>
    private static async Task<Height> WaitUntilSilentAsync(ValidatorRuntime runtime)
    {
        while (true)
        {
            Height height = runtime.Feed.Head.Height;
            using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
            try
            {
                await runtime.Feed.WaitForAsync(height.Next, silence.Token);
            }
            catch (OperationCanceledException)
            {
                return height;
            }
        }
    }

    private static async Task<List<Hash256>> SendAsync(LocalCluster cluster, ulong nonce, int count)
    {
        var sent = new List<Hash256>();
        int[] targets = [.. cluster.Running.Select(runtime => runtime.OwnIndex)];
        for (int i = 0; i < count; i++)
        {
            // A lane for each target: each sequence arrives in order.
            int target = targets[i % targets.Length];
            Transaction draft = cluster.Draft(
                TestNetwork.Alice, nonce + (ulong)(i / targets.Length),
                new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)));
            sent.Add(await cluster.SubmitAsync(target, draft with { Lane = (uint)target }));
        }

        return sent;
    }

    private static async Task AssertSameChainAsync(LocalCluster cluster)
    {
        Height height = cluster.Running.Max(runtime => runtime.Feed.Head.Height);
        var hashes = new HashSet<Hash256>();
        foreach (ValidatorRuntime runtime in cluster.Running)
        {
            await runtime.Feed.WaitForAsync(height, Within.Deadline());
            hashes.Add(runtime.Ledger.FindHeader(height)!.Hash);
        }

        Assert.Single(hashes);
    }

    private static void AssertProvable(ValidatorRuntime runtime)
    {
        FinalizedHead head = runtime.Feed.Head;
        StateProof proof = head.Tree.Prove(BobsBalance);
        Assert.True(proof.VerifyInclusion(
            head.Header.StateRoot, BobsBalance, StateCodec.Encode(new Amount(40), StateCodec.WriteAmount)));
        Assert.True(head.Certificate!.Verify(
            TestNetwork.Genesis().ValidatorSet, runtime.Ledger.GenesisHash, new KeyedHashScheme()));
    }
}
