// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Snapshots;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Runtime.Tests.Cluster;

namespace TokenLedger.Runtime.Tests.Snapshots;

/// <summary>What a validator gives of its snapshots at most: real HTTP/2.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls IAsyncLifetime.DisposeAsync.")]
public sealed class SnapshotServingTests : IAsyncLifetime
{
    private const int EntriesPerChunk = 8;
    private const int Callers = Limits.SnapshotStreams + 1;

    private readonly SnapshotChain _chain = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-snapshots-").FullName;
    private readonly SemaphoreSlim _entered = new(0);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RpcChannel[] _channels = [];
    private SnapshotShelf? _shelf;
    private SyncEndpoint? _endpoint;
    private PeerServer? _server;

    public async Task InitializeAsync()
    {
        _chain.Grow();
        SnapshotFile.Write(
            Path.Combine(_folder, "000000000001.snapshot"), _chain.Head,
            SnapshotChunks.Of(
                _chain.Ledger.StateEntries(), _chain.Tree, static () => new MemoryStream(), default,
                EntriesPerChunk));
        var log = new RecordingLogger();
        _shelf = new SnapshotShelf(
            new SnapshotOptions(_folder, 0), static e => Assert.Fail(e.Message), TimeProvider.System, log);
        _server = await PeerServer.StartAsync(Callers);
        var book = new PeerBook(_chain.Genesis.ValidatorSet, Callers, TimeProvider.System);
        _endpoint = new SyncEndpoint(
            new PeerEndpoint(
                _chain.Genesis.ValidatorSet, _chain.Genesis.Hash, _server.Identity, book, null!, log,
                TimeProvider.System),
            _chain.Ledger, null!, null!, _shelf);
        _server.Serve(null, _endpoint);
        _channels = [.. Enumerable.Range(0, Callers).Select(_server.Connect)];
    }

    public async Task DisposeAsync()
    {
        Array.ForEach(_channels, channel => channel.Dispose());
        await _server!.DisposeAsync();
        _shelf!.Dispose();
        _chain.Dispose();
        _entered.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task StreamStateChunks_MoreThanAStreamHas_EndsAndGoesOnWhenAskedAgain()
    {
        Hash256? next = Hash256.Zero;
        int streams = 0;
        for (; next is { } start; streams++)
        {
            using AsyncServerStreamingCall<StreamStateChunksResponse> call = Ask(0, start);
            int chunks = 0;
            for (; await call.ResponseStream.MoveNext(CancellationToken.None); chunks++)
            {
                var chunk = StateChunk.Decode(call.ResponseStream.Current.Chunk.Span);
                Assert.Equal(next, chunk.Range.Start);
                next = chunk.Range.Next;
            }

            Assert.True(next is null || chunks == Limits.SnapshotStreamChunks, $"{chunks} chunks");
        }

        Assert.True(streams > 2, $"{streams} streams");
    }

    [Fact]
    public async Task StreamStateChunks_MoreThanAreServedAtOnce_AreRefusedUntilOneEnds()
    {
        _server!.Serve(null, new Held(_endpoint!, _entered, _goOn.Task));
        AsyncServerStreamingCall<StreamStateChunksResponse>[] open =
            [.. Enumerable.Range(0, Limits.SnapshotStreams).Select(caller => Ask(caller, Hash256.Zero))];
        foreach (AsyncServerStreamingCall<StreamStateChunksResponse> _ in open)
        {
            Assert.True(await _entered.WaitAsync(Within.Patience));
        }

        Assert.Equal(StatusCode.ResourceExhausted, await EndAsync(Callers - 1));
        _goOn.SetResult();
        foreach (AsyncServerStreamingCall<StreamStateChunksResponse> call in open)
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            call.Dispose();
        }

        Assert.Equal(StatusCode.OK, await EndAsync(Callers - 1));
    }

    private async Task<StatusCode> EndAsync(int caller)
    {
        using AsyncServerStreamingCall<StreamStateChunksResponse> call = Ask(caller, Hash256.Zero);
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private AsyncServerStreamingCall<StreamStateChunksResponse> Ask(int caller, Hash256 start) =>
        new SyncService.SyncServiceClient(_channels[caller]).StreamStateChunks(
            new StreamStateChunksRequest
            {
                BlockHash = ByteString.CopyFrom(_chain.Ledger.Head.Hash.ToArray()),
                Start = ByteString.CopyFrom(start.ToArray()),
                MaxChunks = uint.MaxValue,
            },
            deadline: DateTime.MaxValue);

    /// <summary>The endpoint, whose first message of each stream waits to be told to go on.</summary>
    private sealed class Held(SyncEndpoint endpoint, SemaphoreSlim entered, Task goOn)
        : SyncService.SyncServiceBase
    {
        public override Task StreamStateChunks(
            StreamStateChunksRequest request,
            IServerStreamWriter<StreamStateChunksResponse> responseStream,
            ServerCallContext context) =>
            endpoint.StreamStateChunks(request, new Writer(responseStream, entered, goOn), context);
    }

    private sealed class Writer(
        IServerStreamWriter<StreamStateChunksResponse> stream, SemaphoreSlim entered, Task goOn)
        : IServerStreamWriter<StreamStateChunksResponse>
    {
        public WriteOptions? WriteOptions
        {
            get => stream.WriteOptions;
            set => stream.WriteOptions = value;
        }

        public Task WriteAsync(StreamStateChunksResponse message) =>
            WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(StreamStateChunksResponse message, CancellationToken cancellationToken)
        {
            entered.Release();
            await goOn.WaitAsync(cancellationToken);
            await stream.WriteAsync(message, cancellationToken);
        }
    }
}
