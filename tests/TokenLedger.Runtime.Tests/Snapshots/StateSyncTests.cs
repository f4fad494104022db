// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Runtime.Tests.Cluster;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Snapshots;

/// <summary>A node without a ledger fetches a state from validators that may lie: real HTTP/2.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls IAsyncLifetime.DisposeAsync.")]
public sealed class StateSyncTests : IAsyncLifetime
{
    private const int Peers = 3;

    private readonly SnapshotChain _chain = new();
    private readonly RecordingLogger _log = new();
    private readonly SnapshotPeerFake[] _peers = new SnapshotPeerFake[Peers];
    private readonly MemoryDisk _incoming = new();
    private PeerServer[] _servers = [];
    private MemoryDisk _ledger = new();
    private StateChunk[] _chunks = [];
    private SnapshotHead? _head;
    private bool _adopted;

    public async Task InitializeAsync()
    {
        _chain.Grow(6);
        _head = _chain.Head;
        _chunks = _chain.Chunks();
        Assert.True(_chunks.Length >= 4, $"{_chunks.Length} chunks");
        _servers = await Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => PeerServer.StartAsync(1)));
        for (int i = 0; i < Peers; i++)
        {
            Serve(i, [_head], _chunks);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (PeerServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _chain.Dispose();
    }

    [Fact]
    public async Task Run_HonestPeers_HasTheSameStateAndAgreesOnTheNextBlock()
    {
        Assert.True(await RunAsync());
        RequireAdopted();
    }

    [Fact]
    public async Task Run_NotFarBehind_ChangesNothing()
    {
        Assert.False(await RunAsync(behind: 7));
        Assert.All(_peers, peer => Assert.Empty(peer.Starts));
        Assert.False(await RunAsync(behind: 0));
        Assert.False(_adopted);
    }

    [Theory]
    [InlineData("changed value")]
    [InlineData("omitted entry")]
    [InlineData("added entry")]
    [InlineData("another chunk")]
    [InlineData("garbage")]
    [InlineData("nothing")]
    public async Task Run_OnePeerLiesAboutAChunk_CostsBandwidthOnly(string lie)
    {
        _peers[0].Lie = (sent, chunk) => sent == 1 ? Wrong(lie, chunk) : chunk;
        _peers[0].FailsAfter = lie == "nothing" ? null : 40;
        if (lie == "nothing")
        {
            _peers[0].Lie = static (_, _) => null;
        }

        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.Contains(_log.Messages, message => message.StartsWith("136 ", StringComparison.Ordinal));
        // Blamed, and not asked again.
        Assert.Single(_peers[0].Starts);
    }

    [Theory]
    [InlineData("changed value")]
    [InlineData("omitted entry")]
    [InlineData("added entry")]
    public async Task Run_EveryPeerLies_KeepsNoPartOfALie(string lie)
    {
        foreach (SnapshotPeerFake peer in _peers)
        {
            peer.Lie = (_, chunk) => Wrong(lie, chunk);
        }

        Assert.False(await RunAsync());
        Assert.False(_adopted);
        using SnapshotStaging staging = SnapshotStaging.Open(OpenIncoming());
        Assert.Empty(staging.StateEntries());
        using LedgerStore ledger = OpenLedger();
        Assert.Equal(new Height(0), ledger.Head.Height);
    }

    [Theory]
    [InlineData("state root")]
    [InlineData("history")]
    [InlineData("two signers")]
    [InlineData("notarization")]
    [InlineData("another network")]
    public async Task Run_OnePeerOffersAWrongHead_IsNotAskedForChunks(string lie)
    {
        Serve(0, [WrongHead(lie)], _chunks);
        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.Empty(_peers[0].Starts);
    }

    [Fact]
    public async Task Run_NewestIsServedByNobody_FetchesTheOneBefore()
    {
        using var later = new SnapshotChain();
        later.Grow(8);
        Serve(0, [later.Head], later.Chunks());
        _peers[0].Lie = static (_, _) => null;
        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.NotEmpty(_peers[0].Starts);
    }

    [Fact]
    public async Task Run_StalePeer_IsNotAskedForANewerState()
    {
        using var early = new SnapshotChain();
        early.Grow(2);
        Serve(0, [early.Head], early.Chunks());
        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.Empty(_peers[0].Starts);
    }

    [Fact]
    public async Task Run_PeersGoAwayInTheMiddle_GoesOnWhereItWas()
    {
        foreach (SnapshotPeerFake peer in _peers)
        {
            peer.FailsAfter = 1;
        }

        Assert.False(await RunAsync());
        Assert.False(_adopted);
        Hash256? next;
        using (SnapshotStaging staging = SnapshotStaging.Open(OpenIncoming()))
        {
            next = staging.Next;
            Assert.Equal(Peers, _chunks.TakeWhile(chunk => chunk.Range.Start != next).Count());
        }

        Assert.Equal(StorageFaultKind.Corrupt, Assert.Throws<StorageFault>(
            () => LedgerStore.Open(OpenIncoming(), ValidatorParts.GenesisBlock(_chain.Genesis))).Kind);
        Array.ForEach(_peers, peer => { peer.FailsAfter = null; peer.Starts.Clear(); });
        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.All(_peers.SelectMany(peer => peer.Starts), start => Assert.True(start >= next!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_PowerLostInTheMiddle_KeepsAPrefixAndGoesOn(bool otherSnapshot)
    {
        Array.ForEach(_peers, peer => peer.FailsAfter = 1);
        Assert.False(await RunAsync());

        // One of the writes that were not synced survives.
        _incoming.Crash(1);
        if (otherSnapshot)
        {
            _chain.Grow(1);
            _head = _chain.Head;
            _chunks = _chain.Chunks();
            for (int i = 0; i < Peers; i++)
            {
                Serve(i, [_head], _chunks);
            }
        }

        Array.ForEach(_peers, peer => { peer.FailsAfter = null; peer.Starts.Clear(); });
        Assert.True(await RunAsync());
        RequireAdopted();
        Assert.Equal(
            otherSnapshot ? Hash256.Zero : _chunks[1].Range.Start,
            _peers.SelectMany(peer => peer.Starts).Min());
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public async Task Run_PinnedCheckpoint_IsLedTo(ulong height, bool usable)
    {
        Hash256 hash = _chain.Ledger.FindHeader(new Height(height))?.Hash ?? Hash256.Zero;
        Assert.Equal(usable, await RunAsync(new Checkpoint(new Height(height), hash)));
        Assert.Equal(usable, _adopted);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(6UL)]
    public async Task Run_OtherCheckpoint_RefusesEveryPeer(ulong height)
    {
        Assert.False(await RunAsync(new Checkpoint(new Height(height), _chain.Ledger.Head.Header.StateRoot)));
        Assert.False(_adopted);
    }

    [Fact]
    public async Task Run_HeadersThatDoNotLink_AreRefused()
    {
        _peers[0].LieAboutHeader = header =>
        {
            header[^1] ^= 1;
            return header;
        };

        Hash256 pinned = _chain.Ledger.FindHeader(new Height(2))!.Hash;
        Assert.True(await RunAsync(new Checkpoint(new Height(2), pinned)));
        RequireAdopted();
        Assert.Empty(_peers[0].Starts);
    }

    private void Serve(int peer, SnapshotHead[] heads, StateChunk[] chunks)
    {
        _peers[peer] = new SnapshotPeerFake(_chain, heads, chunks);
        _servers[peer].Serve(null, _peers[peer]);
    }

    private Task<bool> RunAsync(Checkpoint? checkpoint = null, ulong behind = 3) => StateSync.RunAsync(
        Options(behind, checkpoint), TimeProvider.System, _log, Within.Deadline());

    private RuntimeOptions Options(ulong behind = 3, Checkpoint? checkpoint = null) => new()
    {
        Genesis = _chain.Genesis,
        OpenLedger = () => new MemoryStore(_ledger, LedgerFormat.Families),
        OpenConsensus = () => new MemoryStore(ConsensusLog.Families),
        VoteKey = null,
        OpenGuard = static () => throw new InvalidOperationException("An observer has no guard."),
        Signatures = new KeyedHashScheme(),
        TransactionSignatures = _chain.Signing,
        Connect = to => to < Peers ? _servers[to].Connect(0) : null,
        Identity = new PortIdentity(),
        OnFatal = _ => { },
        StateSync = new StateSyncOptions(behind, checkpoint, OpenIncoming, () =>
        {
            _ledger = _incoming;
            _adopted = true;
        }),
    };

    private MemoryStore OpenIncoming() => new(_incoming, LedgerFormat.Families);

    private LedgerStore OpenLedger() => LedgerStore.Open(
        new MemoryStore(_ledger, LedgerFormat.Families), ValidatorParts.GenesisBlock(_chain.Genesis));

    /// <summary>
    /// The same head, state and root; and the next block of the chain has the same roots here.
    /// </summary>
    private void RequireAdopted()
    {
        Assert.True(_adopted);
        using var parts = ValidatorParts.Open(Options(), Signed.Metrics());
        LedgerStore ledger = parts.Chain.Ledger;
        Assert.Equal(_chain.Ledger.Head.Hash, ledger.Head.Hash);
        Assert.Equal(ledger.Head.Height, ledger.SnapshotHeight);
        Assert.Equal(_chain.Ledger.HistoryRange.Root(), ledger.HistoryRange.Root());
        Assert.Equal(
            _chain.Ledger.StateEntries().Select(e => Convert.ToHexString([.. e.Key.Span, .. e.Value.Span])),
            ledger.StateEntries().Select(e => Convert.ToHexString([.. e.Key.Span, .. e.Value.Span])));
        BlockParent head = parts.Chain.Tree.Head;
        Block next = _chain.Grow();
        Assert.Null(parts.Chain.Tree.ContextProblem(head, next.Header));
        Assert.Null(parts.Chain.Admission.TryAdmit(
            next.Transactions[0], out TokenLedger.Core.Ledger.VerifiedTransaction? verified));
        BlockNode? node = parts.Chain.Tree.Execute(head, next, [verified!], out string problem);
        Assert.Equal("", problem);
        parts.Chain.Tree.Commit(node!, _chain.Finality(next.Header));
        Assert.Equal(_chain.Ledger.Head.Hash, ledger.Head.Hash);
        Assert.Equal(new Height(next.Header.Height.Value - 1), ledger.FindSnapshotHeight());
    }

    private byte[]? Wrong(string lie, byte[] right)
    {
        StateChunk chunk = StateChunk.Decode(right);
        int index = Array.FindIndex(_chunks, c => c.Range == chunk.Range);
        StateChunk other = _chunks[(index + 1) % _chunks.Length];
        return lie switch
        {
            "changed value" => (chunk with
            {
                Entries = chunk.Entries.SetItem(3, chunk.Entries[3] with
                {
                    Value = (byte[])[.. chunk.Entries[3].Value.Span, 0],
                }),
            }).Encode(),
            "omitted entry" => (chunk with { Entries = chunk.Entries.RemoveAt(5) }).Encode(),
            "added entry" => (chunk with { Entries = chunk.Entries.Add(other.Entries[0]) }).Encode(),
            "another chunk" => other.Encode(),
            _ => [1, 2, 3],
        };
    }

    private SnapshotHead WrongHead(string lie)
    {
        SnapshotHead head = _head!;
        BlockHeader header = head.Header;
        var final = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        switch (lie)
        {
            case "state root":
                BlockHeader changed = header with { StateRoot = header.EventsRoot };
                return head with { Header = changed };
            case "history":
                return head with { HistoryBefore = MountainRange.Empty.Append(header.Hash) };
            case "two signers":
                return head with { Certificate = _chain.Finality(header, 0, 1) };
            case "notarization":
                return head with
                {
                    Certificate = _chain.Signing.Certify(
                        _chain.Genesis.ValidatorSet, final with { Kind = VoteKind.Notarize }, 0, 1, 2),
                };
            default:
                BlockHeader foreign = header with { GenesisHash = header.EventsRoot };
                return head with { Header = foreign, Certificate = _chain.Finality(foreign) };
        }
    }
}
