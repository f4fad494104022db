// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>
/// A Byzantine validator's way out to one peer: both streams over mutual TLS, opened again when they break.
/// </summary>
internal sealed class ExitLink : IAsyncDisposable
{
    private const int Waiting = 4_096;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly Channel<StreamVotesRequest> _votes = Bounded<StreamVotesRequest>();
    private readonly Channel<StreamBulkRequest> _bulk = Bounded<StreamBulkRequest>();
    private readonly CancellationTokenSource _stop = new();
    private readonly RpcChannel _votesChannel;
    private readonly RpcChannel _bulkChannel;
    private readonly Hello _hello;
    private Task _pumps = Task.CompletedTask;

    public ExitLink(ValidatorFolder folder, int peer, Uri address)
    {
        Peer = peer;
        var options = new RpcChannelOptions { SslOptions = folder.Tls.ClientOptions(peer) };
        _votesChannel = RpcChannel.ForAddress(address, options);
        _bulkChannel = RpcChannel.ForAddress(address, options);
        Sync = new SyncService.SyncServiceClient(_bulkChannel);
        _hello = new Hello
        {
            ProtocolVersion = 1,
            GenesisHash = ByteString.CopyFrom(folder.Genesis.Hash.ToArray()),
            ValidatorIndex = (uint)folder.Index,
        };
    }

    public int Peer { get; }

    public SyncService.SyncServiceClient Sync { get; }

    public void Start()
    {
        CancellationToken stop = _stop.Token;
        var votes = new PeerService.PeerServiceClient(_votesChannel);
        var bulk = new PeerService.PeerServiceClient(_bulkChannel);
        _pumps = Task.WhenAll(
            PumpAsync(
                () => votes.StreamVotes(cancellationToken: stop), new StreamVotesRequest { Hello = _hello },
                _votes.Reader, stop),
            PumpAsync(
                () => bulk.StreamBulk(cancellationToken: stop), new StreamBulkRequest { Hello = _hello },
                _bulk.Reader, stop));
    }

    /// <summary>Queues what an adversary sends; what does not travel on a stream is dropped.</summary>
    public void Send(IEnumerable<PeerMessage> messages)
    {
        foreach (PeerMessage message in messages)
        {
            if (message is DelayedMessage late)
            {
                _ = SendLaterAsync(late);
            }
            else if (PeerWire.Votes(message) is { } vote)
            {
                _votes.Writer.TryWrite(vote);
            }
            else if (PeerWire.Bulk(message) is { } bulk)
            {
                _bulk.Writer.TryWrite(bulk);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumps;
        _votesChannel.Dispose();
        _bulkChannel.Dispose();
        _stop.Dispose();
    }

    private async Task SendLaterAsync(DelayedMessage late)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(late.DelayMs));
        if (await timer.WaitForNextTickAsync())
        {
            Send([late.Message]);
        }
    }

    private static async Task PumpAsync<TRequest, TResponse>(
        Func<AsyncClientStreamingCall<TRequest, TResponse>> open, TRequest hello,
        ChannelReader<TRequest> queue, CancellationToken stop)
        where TRequest : class, IMessage<TRequest>
    {
        using var retry = new PeriodicTimer(Retry);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using AsyncClientStreamingCall<TRequest, TResponse> call = open();
                await call.RequestStream.WriteAsync(hello, stop);
                await call.ResponseHeadersAsync.WaitAsync(stop);
                await foreach (TRequest message in queue.ReadAllAsync(stop))
                {
                    await call.RequestStream.WriteAsync(message, stop);
                }
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException
                or InvalidOperationException)
            {
                // The peer is not there yet, or went away, or closed the stream: it is tried again.
            }

            try
            {
                await retry.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static Channel<T> Bounded<T>() => Channel.CreateBounded<T>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
}
