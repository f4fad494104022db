// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Tests.Chain;
using TokenLedger.Runtime.Tests.Cluster;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Peers;

/// <summary>A node at genesis follows a peer that answers whatever a test wants it to.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls IAsyncLifetime.DisposeAsync.")]
public sealed class BlockSyncTests : SyncService.SyncServiceBase, IAsyncLifetime
{
    private readonly ChainBench _source = new();
    private readonly ChainBench _behind = new();
    private readonly List<StreamBlocksResponse> _answers = [];
    private Block[] _chain = [];
    private PeerServer? _server;
    private PeerLink? _link;
    private readonly RecordingLogger _log = new();
    private int _calls;
    private int _sent;

    public async Task InitializeAsync()
    {
        _chain = [.. Enumerable.Range(1, 3).Select(view => Grow((ulong)view))];
        _server = await PeerServer.StartAsync(1);
        _server.Serve(null, this);
        _link = new PeerLink(
            "peer", _server.Connect(0), _server.Connect(0), new Hello(), _ => { }, TimeProvider.System,
            NullLogger.Instance);
    }

    public async Task DisposeAsync()
    {
        await _link!.DisposeAsync();
        await _server!.DisposeAsync();
        _source.Dispose();
        _behind.Dispose();
    }

    [Fact]
    public async Task Follow_HonestPeer_CommitsAllBlocksWithTheirCertificates()
    {
        Answer(_chain[0]);
        Answer(_chain[1], certified: false);
        Answer(_chain[2]);
        Assert.Equal(3, await FollowAsync());
        Assert.Equal(_chain[2].Hash, _behind.Ledger.Head.Hash);
        Assert.Equal(_source.Ledger.Head.Header.StateRoot, _behind.Ledger.Head.Header.StateRoot);
        Assert.Equal(new Height(3), _behind.Ledger.FindCertificate(new Height(2))?.Height);
    }

    [Fact]
    public async Task Follow_PeerWithNothing_ChangesNothing()
    {
        Assert.Equal(0, await FollowAsync());
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Follow_BlocksThatDoNotLink_RefusesThem()
    {
        Answer(_chain[1]);
        await AssertRefusedAsync(0);
    }

    [Fact]
    public async Task Follow_GapAfterGoodBlocks_KeepsTheGoodOnes()
    {
        Answer(_chain[0]);
        Answer(_chain[2]);
        await AssertRefusedAsync(1);
    }

    [Fact]
    public async Task Follow_BodyOfAnotherHeader_RefusesIt()
    {
        Answer(_chain[0] with { Transactions = [_behind.Signing.Sign(Registration(9))] });
        await AssertRefusedAsync(0);
    }

    [Theory]
    [InlineData("another block's")]
    [InlineData("a notarization")]
    [InlineData("two signers")]
    [InlineData("forged")]
    [InlineData("garbage")]
    public async Task Follow_WrongCertificate_RefusesTheBlock(string what)
    {
        BlockHeader header = _chain[0].Header;
        VoteSubject final = Subject(header, VoteKind.Finalize);
        Certificate right = _behind.Finality(header);
        ByteString certificate = what switch
        {
            "another block's" => Bytes(_behind.Finality(_chain[1].Header).Write),
            "a notarization" => Bytes(
                _behind.Signing.Certify(ChainBench.Validators, Subject(header, VoteKind.Notarize), 0, 1, 2)
                    .Write),
            "two signers" => Bytes(_behind.Signing.Certify(ChainBench.Validators, final, 0, 1).Write),
            "forged" => Bytes((right with { Signers = 0b1101 }).Write),
            _ => ByteString.CopyFrom([1, 2, 3]),
        };
        _answers.Add(new StreamBlocksResponse { Block = Bytes(_chain[0].Write), Certificate = certificate });
        await AssertRefusedAsync(0);
    }

    [Fact]
    public async Task Follow_MalformedBlock_RefusesIt()
    {
        _answers.Add(new StreamBlocksResponse { Block = ByteString.CopyFrom([1, 2, 3]) });
        await AssertRefusedAsync(0);
    }

    [Fact]
    public async Task Follow_BlocksWithoutACertificate_CommitsNothing()
    {
        foreach (Block block in _chain)
        {
            Answer(block, certified: false);
        }

        await AssertRefusedAsync(0);
    }

    /// <summary>A megabyte each: the bound in blocks is far away.</summary>
    [Fact]
    public async Task Follow_ManyLargeBlocksWithoutACertificate_IsRefusedAtItsBytes()
    {
        var large = new Core.Ledger.SignedTransaction(
            ImmutableArray.Create(new byte[Limits.TransactionBytes]),
            ImmutableArray.Create(new byte[Limits.SignatureBytes]));
        ImmutableArray<Core.Ledger.SignedTransaction> transactions = [.. Enumerable.Repeat(large, 64)];
        Hash256 root = Block.TransactionsRootOf(transactions);
        Hash256 parent = _behind.Ledger.Head.Hash;
        for (int i = 0; i < 100; i++)
        {
            BlockHeader header = _chain[0].Header with { ParentHash = parent, TransactionsRoot = root };
            Answer(new Block(header, transactions), certified: false);
            parent = header.Hash;
        }

        await AssertRefusedAsync(0);
        Assert.Contains(
            _log.Messages,
            message => message.Contains("without a certificate", StringComparison.Ordinal));
        Assert.InRange(_sent, 1, 99);
    }

    [Fact]
    public async Task Follow_FailingPeer_IsSurvived()
    {
        _server!.Serve(null, null);
        await AssertRefusedAsync(0);
    }

    /// <summary>
    /// A quorum that signed a wrong root is worse than a lying peer: the node must not go on.
    /// </summary>
    [Fact]
    public async Task Follow_FinalBlockThatIsInvalidHere_StopsTheNode()
    {
        BlockHeader wrong = _chain[0].Header with { StateRoot = _chain[0].Hash };
        Answer(_chain[0] with { Header = wrong });
        Task<long> following = FollowAsync();
        Assert.Contains(
            "state root differs", _behind.Next<InvariantException>().Message, StringComparison.Ordinal);
        await Record.ExceptionAsync(() => following.WaitAsync(Within.Patience));
        Assert.Equal(new Height(0), _behind.Ledger.Head.Height);
    }

    public override async Task StreamBlocks(
        StreamBlocksRequest request,
        IServerStreamWriter<StreamBlocksResponse> responseStream,
        ServerCallContext context)
    {
        _calls++;
        foreach (StreamBlocksResponse answer in request.FromHeight == 1 ? _answers : [])
        {
            await responseStream.WriteAsync(answer);
            _sent++;
        }
    }

    private Task<long> FollowAsync()
    {
        var sync = new BlockSync(
            ChainBench.Validators, _behind.Ledger.GenesisHash, new KeyedHashScheme(), _behind.Feed,
            _behind.Worker, true,
            TimeProvider.System, _log);
        return sync.FollowAsync(_link!, Within.Deadline());
    }

    private async Task AssertRefusedAsync(int kept)
    {
        Assert.Equal(kept, await FollowAsync());
        Assert.Equal(new Height((ulong)kept), _behind.Ledger.Head.Height);
        Assert.DoesNotContain(_behind.Settle(), said => said is Exception);
    }

    private void Answer(Block block, bool certified = true) => _answers.Add(new StreamBlocksResponse
    {
        Block = Bytes(block.Write),
        Certificate = certified ? Bytes(_behind.Finality(block.Header).Write) : ByteString.Empty,
    });

    private Block Grow(ulong view)
    {
        _source.Clock.Advance(ChainBench.HeartbeatMs);
        Assert.Null(_source.Add(Registration(view - 1)));
        Block block = _source.Build(view);
        _source.Ask(new Finalize(_source.Finality(block.Header)));
        _source.Next<Synced>();
        return block;
    }

    private Core.Ledger.Transaction Registration(ulong nonce) => _source.Draft(
        TestNetwork.MinistryRegistrar, nonce,
        new Core.Ledger.RegisterAccount(
            TestNetwork.Named($"citizen {nonce}"), Core.Ledger.AccountKind.Citizen, default));

    private static VoteSubject Subject(BlockHeader header, VoteKind kind) =>
        new(kind, header.Epoch, header.View, header.Hash);

    private static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
