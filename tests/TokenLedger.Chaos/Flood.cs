// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing;
using StreamBlocksRequest = TokenLedger.Protocol.Sync.V1.StreamBlocksRequest;
using StreamBlocksResponse = TokenLedger.Protocol.Sync.V1.StreamBlocksResponse;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Chaos;

/// <summary>What a flood is made of.</summary>
internal enum FloodKind
{
    /// <summary>Votes, proposals and certificates of random bytes, as fast as they go.</summary>
    Votes,

    /// <summary>Blocks of random bytes, each as long as a block may be.</summary>
    Blocks,

    /// <summary>Messages of more bytes than a message may have.</summary>
    Oversized,

    /// <summary>Many questions for all blocks, whose answers nobody reads.</summary>
    UnreadAnswers,

    /// <summary>Rightly signed transactions of an account that nobody knows, the same for ever.</summary>
    Transactions,
}

/// <summary>One validator's key, used to flood the others, until it is disposed.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private const int QuestionsEach = 100;
    private const int StreamsEach = 4;
    private const int TransactionsInABatch = 500;

    private readonly ChaosCluster _cluster;
    private readonly BorrowedPeer _peer;
    private readonly FloodKind _kind;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _floods;
    private long _sent;

    public Flood(
        ChaosCluster cluster, int borrowed, FloodKind kind, IReadOnlyList<int> targets,
        DeterministicRandom random)
    {
        _cluster = cluster;
        _peer = new BorrowedPeer(cluster, borrowed);
        _kind = kind;
        _floods = [.. targets.Select(target =>
            FloodAsync(target, random.Fork(FormattableString.Invariant($"target {target}"))))];
    }

    /// <summary>Messages sent so far, to all together.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_floods);
        _peer.Dispose();
        _stop.Dispose();
    }

    private async Task FloodAsync(int target, DeterministicRandom random)
    {
        while (!_stop.IsCancellationRequested)
        {
            using RpcChannel channel = _peer.Connect(target);
            try
            {
                await (_kind switch
                {
                    FloodKind.Votes => VotesAsync(channel, random),
                    FloodKind.Blocks => BulkAsync(channel, random, Limits.BlockBytes),
                    FloodKind.Oversized => BulkAsync(channel, random, 2 * Limits.PeerMessageBytes),
                    FloodKind.UnreadAnswers => AskAsync(channel),
                    _ => TransactionsAsync(channel),
                });
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException
                or OperationCanceledException or IOException)
            {
                // Thrown out: try again, as one who means harm would.
            }
        }
    }

    private async Task VotesAsync(RpcChannel channel, DeterministicRandom random)
    {
        using AsyncClientStreamingCall<StreamVotesRequest, StreamVotesResponse> call =
            new PeerService.PeerServiceClient(channel).StreamVotes(cancellationToken: _stop.Token);
        await call.RequestStream.WriteAsync(new StreamVotesRequest { Hello = _peer.Hello });
        while (true)
        {
            ByteString bytes = Bytes(random, 200);
            await call.RequestStream.WriteAsync(random.Below(3) switch
            {
                0 => new StreamVotesRequest { Vote = bytes },
                1 => new StreamVotesRequest { Proposal = bytes },
                _ => new StreamVotesRequest { Certificate = bytes },
            });
            Interlocked.Increment(ref _sent);
        }
    }

    private async Task BulkAsync(RpcChannel channel, DeterministicRandom random, int length)
    {
        using AsyncClientStreamingCall<StreamBulkRequest, StreamBulkResponse> call =
            new PeerService.PeerServiceClient(channel).StreamBulk(cancellationToken: _stop.Token);
        await call.RequestStream.WriteAsync(new StreamBulkRequest { Hello = _peer.Hello });
        var message = new StreamBulkRequest { Block = Bytes(random, length) };
        while (true)
        {
            // Counted before: of one that is too large the other end reads the length, and no more.
            Interlocked.Increment(ref _sent);
            await call.RequestStream.WriteAsync(message);
        }
    }

    private async Task AskAsync(RpcChannel channel)
    {
        var sync = new SyncService.SyncServiceClient(channel);
        List<AsyncServerStreamingCall<StreamBlocksResponse>> calls = [];
        try
        {
            for (int i = 0; i < QuestionsEach; i++)
            {
                calls.Add(sync.StreamBlocks(
                    new StreamBlocksRequest { FromHeight = 1, MaxBlocks = uint.MaxValue },
                    cancellationToken: _stop.Token));
                Interlocked.Increment(ref _sent);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
        }
        finally
        {
            calls.ForEach(static call => call.Dispose());
        }
    }

    private async Task TransactionsAsync(RpcChannel channel)
    {
        var batch = new TransactionBatch();
        var asset = AssetId.Parse(OfferedLoad.Asset);
        using (var key = PrivateKey.Generate())
        {
            for (ulong nonce = 0; nonce < TransactionsInABatch; nonce++)
            {
                SubmitTransactionRequest signed = _cluster.Client.Sign(
                    key, nonce, new Transfer(asset, key.Address, new Amount(1)));
                batch.Transactions.Add(ByteString.CopyFrom(Canonical(signed.Transaction)));
            }
        }

        var message = new StreamBulkRequest { Transactions = batch };
        await Task.WhenAll(Enumerable.Range(0, StreamsEach).Select(async _ =>
        {
            using AsyncClientStreamingCall<StreamBulkRequest, StreamBulkResponse> call =
                new PeerService.PeerServiceClient(channel).StreamBulk(cancellationToken: _stop.Token);
            await call.RequestStream.WriteAsync(new StreamBulkRequest { Hello = _peer.Hello });
            while (true)
            {
                await call.RequestStream.WriteAsync(message);
                Interlocked.Add(ref _sent, TransactionsInABatch);
            }
        }));
    }

    private static byte[] Canonical(SignedTransaction signed) => StateCodec.Encode(
        new Core.Ledger.SignedTransaction([.. signed.Body], [.. signed.Signature]),
        static (writer, transaction) => transaction.Write(writer));

    private static ByteString Bytes(DeterministicRandom random, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i + sizeof(ulong) <= length; i += sizeof(ulong))
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(i), random.Next());
        }

        return ByteString.CopyFrom(bytes);
    }
}
