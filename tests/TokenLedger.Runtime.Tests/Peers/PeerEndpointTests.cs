// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Rpc;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Tests.Chain;
using TokenLedger.Runtime.Tests.Cluster;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Runtime.Tests.Peers;

/// <summary>Validator 0 listens; the tests call as validator 1 or 2, or as nobody.</summary>
public sealed class PeerEndpointTests : IPeerReceiver, IAsyncLifetime
{
    private const int Observer = 4;
    private const int Nobody = 5;

    private static readonly ValidatorSet Validators = ChainBench.Validators;
    private static readonly Hash256 Network = ChainBench.Genesis.Hash;

    private readonly BlockingCollection<object> _received = [];
    private readonly ManualClock _clock = new(TestNetwork.Start);
    private readonly PeerBook _book;
    private readonly CoreGenerator _random = new(7);
    private Rejection? _refusal;
    private PeerServer? _server;
    private RpcChannel? _one;
    private RpcChannel? _two;

    public PeerEndpointTests() => _book = new PeerBook(Validators, 1, _clock);

    public async Task InitializeAsync()
    {
        _server = await PeerServer.StartAsync(Nobody + 1);
        _server.Serve(
            new PeerEndpoint(
                Validators, Network, new KnownPorts(_server.Identity), _book, this, NullLogger.Instance),
            null);
        _one = _server.Connect(1);
        _two = _server.Connect(2);
    }

    public async Task DisposeAsync()
    {
        _one?.Dispose();
        _two?.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task StreamVotes_RightHello_HandsOnVotesUnderTheConnectionsIndex()
    {
        Vote vote = _random.Vote() with { Signer = 3 };
        Certificate certificate = _random.Certificate();
        using var call = await OpenAsync(_one!, Hello(1));
        await call.RequestStream.WriteAsync(new StreamVotesRequest { Vote = Bytes(vote.Write) });
        await call.RequestStream.WriteAsync(
            new StreamVotesRequest { Certificate = Bytes(certificate.Write) });
        VoteReceived received = Next<VoteReceived>();
        Assert.Equal((1, vote), (received.From, received.Vote));
        Assert.Equal(certificate, Next<CertificateReceived>().Certificate);
    }

    [Fact]
    public async Task StreamVotes_Status_IsNoted()
    {
        using var call = await OpenAsync(_one!, Hello(1));
        await call.RequestStream.WriteAsync(new StreamVotesRequest
        {
            Status =
                new PeerStatus { Height = 5, View = 6, StateRoot = ByteString.CopyFrom(Network.ToArray()) },
        });
        await EndAsync(call);
        PeerReport report = _book.Reports()[1];
        Assert.Equal((new Height(5), new View(6), Network), (report.Height, report.View, report.StateRoot));
        Assert.Equal(TimeSpan.Zero, report.Age);
        Assert.Equal(TimeSpan.MaxValue, _book.Reports()[2].Age);
    }

    [Theory]
    [InlineData("version", StatusCode.FailedPrecondition, "PROTOCOL_VERSION")]
    [InlineData("genesis", StatusCode.FailedPrecondition, "WRONG_NETWORK")]
    [InlineData("short genesis", StatusCode.FailedPrecondition, "WRONG_NETWORK")]
    [InlineData("index", StatusCode.PermissionDenied, "PEER_MISMATCH")]
    [InlineData("none", StatusCode.InvalidArgument, "HELLO_MISSING")]
    [InlineData("nobody", StatusCode.PermissionDenied, "PEER_UNKNOWN")]
    public async Task Stream_WrongHello_IsRefusedWithItsReason(string what, StatusCode code, string reason)
    {
        Hello? hello = Hello(1);
        switch (what)
        {
            case "version":
                hello.ProtocolVersion++;
                break;
            case "genesis":
                hello.GenesisHash = ByteString.CopyFrom(new byte[32]);
                break;
            case "short genesis":
                hello.GenesisHash = ByteString.CopyFrom([1]);
                break;
            case "index":
                hello.ValidatorIndex = 2;
                break;
            case "none":
                hello = null;
                break;
            default:
                break;
        }

        using RpcChannel nobody = _server!.Connect(Nobody);
        var client = new PeerService.PeerServiceClient(what == "nobody" ? nobody : _one!);
        using var votes = client.StreamVotes();
        await SayAsync(votes.RequestStream.WriteAsync(hello is null
            ? new StreamVotesRequest { Vote = Bytes(_random.Vote().Write) }
            : new StreamVotesRequest { Hello = hello }));
        await AssertRefusedAsync(votes.ResponseAsync, code, reason);
        using var bulk = client.StreamBulk();
        await SayAsync(bulk.RequestStream.WriteAsync(hello is null
            ? new StreamBulkRequest { Block = ByteString.CopyFrom([1]) }
            : new StreamBulkRequest { Hello = hello }));
        await AssertRefusedAsync(bulk.ResponseAsync, code, reason);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task StreamVotes_MalformedMessages_AreDroppedAndTheirSenderIgnoredForAWhile()
    {
        Vote vote = _random.Vote();
        StreamVotesRequest[] malformed =
        [
            new() { Vote = ByteString.CopyFrom([1, 2, 3]) },
            new() { Proposal = ByteString.Empty },
            new() { Certificate = ByteString.CopyFrom(new byte[4_000]) },
            new() { Status = new PeerStatus { StateRoot = ByteString.CopyFrom([1]) } },
            new() { Hello = Hello(1) },
            new(),
        ];
        foreach (StreamVotesRequest message in malformed)
        {
            using var call = await OpenAsync(_one!, Hello(1));
            await call.RequestStream.WriteAsync(message);
            await call.RequestStream.WriteAsync(new StreamVotesRequest { Vote = Bytes(vote.Write) });
            await EndAsync(call);
            Assert.True(_book.IsBlocked(1), message.ToString());
            Assert.Empty(_received);
            _clock.Advance((int)PeerBook.BlockFor.TotalMilliseconds);
        }

        Assert.False(_book.IsBlocked(2));
        using var later = await OpenAsync(_one!, Hello(1));
        await later.RequestStream.WriteAsync(new StreamVotesRequest { Vote = Bytes(vote.Write) });
        Assert.Equal(vote, Next<VoteReceived>().Vote);
    }

    [Fact]
    public async Task Stream_BlockedPeer_IsNotHeardAndOthersAre()
    {
        _book.Block(1);
        Vote vote = _random.Vote();
        using var blocked = await OpenAsync(_one!, Hello(1));
        using var other = await OpenAsync(_two!, Hello(2));
        await blocked.RequestStream.WriteAsync(new StreamVotesRequest { Vote = Bytes(vote.Write) });
        await EndAsync(blocked);
        await other.RequestStream.WriteAsync(new StreamVotesRequest { Vote = Bytes(vote.Write) });
        Assert.Equal(2, Next<VoteReceived>().From);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task StreamBulk_BlocksAndTransactions_AreHandedOn()
    {
        Block block = _random.Block();
        SignedTransaction transaction = _random.SignedTransaction();
        using var call = new PeerService.PeerServiceClient(_one!).StreamBulk();
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Hello = Hello(1) });
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Block = Bytes(block.Write) });
        var batch = new TransactionBatch { Transactions = { Bytes(transaction.Write) } };
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Transactions = batch });
        Assert.Equal((1, block.Hash), Next<(int, Hash256)>());
        Assert.True(transaction.Equals(Assert.Single(Next<IReadOnlyList<SignedTransaction>>())));

        batch = new TransactionBatch();
        batch.Transactions.Add(Enumerable.Repeat(ByteString.Empty, 4_097));
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Transactions = batch });
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(Within.Patience);
        Assert.True(_book.IsBlocked(1));
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Stream_Observer_MaySendTransactionsAndNothingElse()
    {
        using RpcChannel observer = _server!.Connect(Observer);
        var client = new PeerService.PeerServiceClient(observer);
        Hello hello = Hello(0);
        using var asValidator = client.StreamBulk();
        await SayAsync(asValidator.RequestStream.WriteAsync(new StreamBulkRequest { Hello = hello }));
        await AssertRefusedAsync(
            asValidator.ResponseAsync, StatusCode.PermissionDenied, "PEER_MISMATCH");

        hello.Observer = true;
        using var votes = client.StreamVotes();
        await SayAsync(votes.RequestStream.WriteAsync(new StreamVotesRequest { Hello = hello }));
        await AssertRefusedAsync(votes.ResponseAsync, StatusCode.PermissionDenied, "OBSERVER_VOTES");

        SignedTransaction transaction = _random.SignedTransaction();
        using var bulk = client.StreamBulk();
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest { Hello = hello });
        await bulk.RequestStream.WriteAsync(new StreamBulkRequest
        {
            Transactions = new TransactionBatch { Transactions = { Bytes(transaction.Write) } },
        });
        Assert.True(transaction.Equals(Assert.Single(Next<IReadOnlyList<SignedTransaction>>())));
        await bulk.RequestStream.WriteAsync(
            new StreamBulkRequest { Block = Bytes(_random.Block().Write) });
        await bulk.RequestStream.CompleteAsync();
        await bulk.ResponseAsync.WaitAsync(Within.Patience);
        Assert.Empty(_received);
        Assert.True(_book.IsBlocked(Observer));

        // A validator is no observer either.
        Hello pretender = Hello(1);
        pretender.Observer = true;
        using var validator = new PeerService.PeerServiceClient(_one!).StreamBulk();
        await SayAsync(validator.RequestStream.WriteAsync(new StreamBulkRequest { Hello = pretender }));
        await AssertRefusedAsync(validator.ResponseAsync, StatusCode.PermissionDenied, "PEER_MISMATCH");
    }

    [Fact]
    public async Task StreamBulk_TransactionsThatNobodyAdmits_BlamesTheirRelay()
    {
        _refusal = new Rejection(RejectionCode.BadSignature, "Not the sender's.");
        SignedTransaction transaction = _random.SignedTransaction();
        using var call = new PeerService.PeerServiceClient(_one!).StreamBulk();
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Hello = Hello(1) });
        var batch = new StreamBulkRequest
        {
            Transactions = new TransactionBatch { Transactions = { Bytes(transaction.Write) } },
        };
        await call.RequestStream.WriteAsync(batch);
        await call.RequestStream.WriteAsync(batch);
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(Within.Patience);
        Assert.Single(Next<IReadOnlyList<SignedTransaction>>());
        Assert.Empty(_received);
        Assert.True(_book.IsBlocked(1));
        Assert.False(_book.IsBlocked(2));
    }

    bool IPeerReceiver.Receive(int peer, ConsensusInput input)
    {
        _received.Add(input);
        return true;
    }

    void IPeerReceiver.Receive(int peer, Block block) => _received.Add((peer, block.Hash));

    Rejection? IPeerReceiver.Receive(int peer, IReadOnlyList<SignedTransaction> transactions)
    {
        _received.Add(transactions);
        return _refusal;
    }

    private T Next<T>() => Assert.IsAssignableFrom<T>(_received.Take(Within.Deadline()));

    private static async Task<AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse>> OpenAsync(
        RpcChannel channel, Hello hello)
    {
        var call = new PeerService.PeerServiceClient(channel).StreamVotes();
        await call.RequestStream.WriteAsync(new StreamVotesRequest { Hello = hello });
        await call.ResponseHeadersAsync.WaitAsync(Within.Patience);
        return call;
    }

    /// <summary>
    /// Ends the stream and waits for the answer: all that was sent on it has been handled then.
    /// </summary>
    private static async Task EndAsync(AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse> call)
    {
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(Within.Patience);
    }

    private static Hello Hello(uint index) => new()
    {
        ProtocolVersion = PeerEndpoint.ProtocolVersion,
        GenesisHash = ByteString.CopyFrom(Network.ToArray()),
        ValidatorIndex = index,
    };

    /// <summary>Hands in what will be refused: the refusal may come before the end of the write.</summary>
    private static async Task SayAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (RpcException)
        {
            // The answer says so, too.
        }
    }

    private static async Task AssertRefusedAsync(Task call, StatusCode code, string reason)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Within.Patience));
        ErrorInfo? info = ErrorModel.Read(refused);
        Assert.Equal((code, reason), (refused.StatusCode, info?.Reason));
    }

    private static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    /// <summary>The last port is of nobody in the validator set.</summary>
    private sealed class KnownPorts(PortIdentity ports) : IPeerIdentity
    {
        public int IndexOf(ServerCallContext context) =>
            ports.IndexOf(context) is var index && index < Nobody ? index : -1;
    }
}
