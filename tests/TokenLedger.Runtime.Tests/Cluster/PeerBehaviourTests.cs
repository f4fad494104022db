// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Cluster;

/// <summary>A whole validator among peers that a test plays, or has answer badly.</summary>
public sealed class PeerBehaviourTests
{
    [Fact]
    public async Task Submit_AdmittedTransaction_IsPushedToEveryOtherValidator()
    {
        await using LocalCluster cluster = await LocalCluster.CreateAsync();
        BulkListener[] peers = [.. Enumerable.Range(1, 3).Select(index =>
        {
            var peer = new BulkListener();
            cluster.Server(index).Serve(peer, null);
            return peer;
        })];
        cluster.Start(0);
        SignedTransaction good = cluster.Signing.Sign(cluster.Draft(
            TestNetwork.Alice, 0, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))));
        SignedTransaction refused = cluster.Signing.SignAs(TestNetwork.Nobody, cluster.Draft(
            TestNetwork.Alice, 1, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))));
        Assert.NotNull((await cluster[0].SubmitAsync(refused, Within.Deadline())).Rejection);
        Assert.Null((await cluster[0].SubmitAsync(good, Within.Deadline())).Rejection);
        foreach (BulkListener peer in peers)
        {
            Assert.Equal(0u, peer.Next().Hello?.ValidatorIndex);
            Assert.Equal(Bytes(good), Assert.Single(peer.Next().Transactions.Transactions));
        }
    }

    [Fact]
    public async Task StreamBulk_ForgedTransaction_BlamesItsRelay()
    {
        await using LocalCluster cluster = await LocalCluster.CreateAsync();
        cluster.Start(0);
        using var channel = cluster.Server(0).Connect(1);
        var client = new PeerService.PeerServiceClient(channel);
        SignedTransaction forged = cluster.Signing.SignAs(TestNetwork.Nobody, cluster.Draft(
            TestNetwork.Alice, 0, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))));
        using var bulk = client.StreamBulk();
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest { Hello = Hello(cluster, 1) });
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest
        {
            Transactions = new TransactionBatch { Transactions = { Bytes(forged) } },
        });
        await bulk.RequestStream.CompleteAsync();
        await bulk.ResponseAsync.WaitAsync(Within.Patience);

        // What it says of itself is not listened to for a while either.
        using var votes = client.StreamVotes();
        await votes.RequestStream.WriteAsync(new StreamVotesRequest { Hello = Hello(cluster, 1) });
        await votes.RequestStream.WriteAsync(new StreamVotesRequest
        {
            Status = new PeerStatus { Height = 5, StateRoot = ByteString.CopyFrom(new byte[32]) },
        });
        await votes.RequestStream.CompleteAsync();
        await votes.ResponseAsync.WaitAsync(Within.Patience);
        Assert.False(cluster[0].Health().Validators[1].Reachable);
    }

    [Fact]
    public async Task CatchUp_PeersThatFallSilent_AreLeftForAnother()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        await cluster.StopAsync(3);
        Height height = new(cluster[0].Feed.Head.Height.Value + 5);
        await cluster[0].Feed.WaitForAsync(height, Within.Deadline());

        // Their links hold bodies and votes for the absent one, which would do without block sync; the links
        // of new processes hold none of these blocks.
        foreach (int i in (int[])[0, 1, 2])
        {
            await cluster.StopAsync(i);
        }

        foreach (int i in (int[])[0, 1, 2])
        {
            cluster.Start(i);
        }

        // The honest one has nothing either until a silent one was asked.
        var silent = new SyncFront(null, () => false);
        cluster.Server(0).Serve(cluster[0].Peers, silent);
        cluster.Server(1).Serve(cluster[1].Peers, silent);
        cluster.Server(2).Serve(cluster[2].Peers, new SyncFront(cluster[2].Sync, () => silent.Calls > 0));
        cluster.Forget(3);
        cluster.Start(3, new FastTimers());
        await cluster[3].Feed.WaitForAsync(height, Within.Deadline());
        Assert.InRange(silent.Calls, 1, int.MaxValue);
        Assert.Empty(cluster.Fatal);
    }

    /// <summary>
    /// It verifies what it follows, serves it, passes transactions on and votes for nothing.
    /// </summary>
    [Fact]
    public async Task Observe_FourValidators_FollowsThemAndRelaysTransactions()
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync();
        Hash256 issued = await cluster.IssueAsync(1_000);
        ValidatorRuntime observer = cluster.StartObserver();
        try
        {
            await LocalCluster.WaitForTransactionAsync(observer, issued);
            Assert.Equal(TokenLedger.Consensus.ConsensusConfig.Observer, observer.OwnIndex);
            SignedTransaction signed = cluster.Signing.Sign(cluster.Draft(
                TestNetwork.Alice, 0, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(7))));
            (Hash256 id, Rejection? refused) = await observer.SubmitAsync(signed, Within.Deadline());
            Assert.Null(refused);
            Assert.True(await observer.WaitFinalAsync(id, Within.Deadline()));
            Height height = observer.Ledger.FindTransaction(id)!.Value.Height;
            await cluster[0].Feed.WaitForAsync(height, Within.Deadline());
            Assert.Equal(
                cluster[0].Ledger.FindHeader(height)!.Hash, observer.Ledger.FindHeader(height)!.Hash);
            Assert.True(observer.Health().Finalizing);
            Assert.All(observer.Health().Validators, validator => Assert.True(validator.Reachable));

            // Its silence is nobody's loss: three validators and no observer are a quorum.
            await cluster.StopAsync(3);
            await observer.Feed.WaitForAsync(
                new Height(observer.Feed.Head.Height.Value + 3), Within.Deadline());
        }
        finally
        {
            await observer.StopAsync();
        }

        Assert.Empty(cluster.Fatal);
    }

    private static Hello Hello(LocalCluster cluster, uint index) => new()
    {
        ProtocolVersion = Runtime.Peers.PeerEndpoint.ProtocolVersion,
        GenesisHash = ByteString.CopyFrom(cluster.Genesis.Hash.ToArray()),
        ValidatorIndex = index,
    };

    private static ByteString Bytes(SignedTransaction transaction)
    {
        var writer = new CanonicalWriter();
        transaction.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    private sealed class BulkListener : PeerService.PeerServiceBase
    {
        private readonly BlockingCollection<StreamBulkRequest> _heard = [];

        public StreamBulkRequest Next() => _heard.Take(Within.Deadline());

        public override async Task<StreamBulkResponse> StreamBulk(
            IAsyncStreamReader<StreamBulkRequest> requestStream, ServerCallContext context)
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                _heard.Add(requestStream.Current);
                if (requestStream.Current.Hello is not null)
                {
                    await context.WriteResponseHeadersAsync([]);
                }
            }

            return new StreamBulkResponse();
        }
    }

    /// <summary>
    /// Streams another's blocks from a moment on, or opens the stream and says nothing; it has no bodies and
    /// no certificates, so that blocks come by block sync only.
    /// </summary>
    private sealed class SyncFront(SyncService.SyncServiceBase? blocks, Func<bool> ready)
        : SyncService.SyncServiceBase
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public override Task StreamBlocks(
            StreamBlocksRequest request,
            IServerStreamWriter<StreamBlocksResponse> responseStream,
            ServerCallContext context)
        {
            Interlocked.Increment(ref _calls);
            if (blocks is null)
            {
                return new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            }

            return ready() ? blocks.StreamBlocks(request, responseStream, context) : Task.CompletedTask;
        }

        public override Task<GetCandidateResponse> GetCandidate(
            GetCandidateRequest request, ServerCallContext context) =>
            Task.FromResult(new GetCandidateResponse());

        public override Task<ListCertificatesResponse> ListCertificates(
            ListCertificatesRequest request, ServerCallContext context) =>
            Task.FromResult(new ListCertificatesResponse());
    }
}
