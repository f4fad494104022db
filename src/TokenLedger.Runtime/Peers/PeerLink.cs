// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// The sending side towards one validator: votes and bulk on two connections, each a stream that is opened
/// again when it breaks. What waits is bounded; the oldest goes first, since consensus says everything
/// important again.
/// </summary>
internal sealed class PeerLink : IAsyncDisposable
{
    private const int VotesWaiting = 1_024;

    /// <summary>Blocks and batches of at most 2 MiB and 128 KiB.</summary>
    private const int BulkWaiting = 64;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    private readonly Channel<StreamVotesRequest> _votes = Bounded<StreamVotesRequest>(VotesWaiting);
    private readonly Channel<StreamBulkRequest> _bulk = Bounded<StreamBulkRequest>(BulkWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly RpcChannel? _votesChannel;
    private readonly RpcChannel _bulkChannel;
    private readonly Hello _hello;
    private readonly Action<Exception> _fatal;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile bool _open;
    private Task _pumps = Task.CompletedTask;

    /// <param name="name">The validator's name.</param>
    /// <param name="votes">The connection for votes; null for an observer, which sends none.</param>
    /// <param name="bulk">The connection for bulk and questions.</param>
    /// <param name="hello">What this node says of itself.</param>
    /// <param name="fatal">Gets a broken invariant: the process must stop.</param>
    /// <param name="time">Times retries.</param>
    /// <param name="log">Tells of lost connections.</param>
    public PeerLink(
        string name, RpcChannel? votes, RpcChannel bulk, Hello hello, Action<Exception> fatal,
        TimeProvider time, ILogger log)
    {
        Name = name;
        _votesChannel = votes;
        _bulkChannel = bulk;
        Sync = new SyncService.SyncServiceClient(_bulkChannel);
        _hello = hello;
        _fatal = fatal;
        _time = time;
        _log = log;
    }

    /// <summary>The validator's name.</summary>
    public string Name { get; }

    /// <summary>Asks it for blocks and certificates.</summary>
    public SyncService.SyncServiceClient Sync { get; }

    /// <summary>
    /// Told of every attempt to open the votes stream: true when the peer hears another process of this
    /// validator.
    /// </summary>
    public Action<bool> Refused { get; init; } = static _ => { };

    /// <summary>True while the peer listens: it took the hello, and the stream is open.</summary>
    public bool IsOpen => _open;

    public void Start()
    {
        CancellationToken stop = _stop.Token;
        var bulk = new PeerService.PeerServiceClient(_bulkChannel);
        Task bulkPump = PumpAsync(
            () => bulk.StreamBulk(cancellationToken: stop),
            new StreamBulkRequest { Hello = _hello },
            _bulk.Reader,
            loud: _votesChannel is null,
            stop);
        if (_votesChannel is null)
        {
            _pumps = bulkPump;
            return;
        }

        var votes = new PeerService.PeerServiceClient(_votesChannel);
        Task votesPump = PumpAsync(
            () => votes.StreamVotes(cancellationToken: stop),
            new StreamVotesRequest { Hello = _hello },
            _votes.Reader,
            loud: true,
            stop);
        _pumps = Task.WhenAll(votesPump, bulkPump);
    }

    /// <summary>Queues a small, urgent message.</summary>
    public void Send(StreamVotesRequest message) => _votes.Writer.TryWrite(message);

    /// <summary>Queues a large one.</summary>
    public void Send(StreamBulkRequest message) => _bulk.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pumps.ConfigureAwait(false);
        _votesChannel?.Dispose();
        _bulkChannel.Dispose();
        _stop.Dispose();
    }

    /// <summary>Keeps a stream open until the link is disposed, whatever happens to it.</summary>
    private async Task PumpAsync<TRequest, TResponse>(
        Func<AsyncClientStreamingCall<TRequest, TResponse>> open,
        TRequest hello,
        ChannelReader<TRequest> queue,
        bool loud,
        CancellationToken stop)
        where TRequest : class, IMessage<TRequest>
    {
        TimeSpan retry = FirstRetry;
        bool wasConnected = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using AsyncClientStreamingCall<TRequest, TResponse> call = open();
                await call.RequestStream.WriteAsync(hello, stop).ConfigureAwait(false);

                // The peer answers only to end the stream: its headers tell that it took the hello.
                await call.ResponseHeadersAsync.WaitAsync(stop).ConfigureAwait(false);
                if (call.ResponseAsync.IsCompleted)
                {
                    // Or that it did not.
                    await call.ResponseAsync.ConfigureAwait(false);
                }

                retry = FirstRetry;
                wasConnected = true;
                Connected(loud);

                await SendAllAsync(call, queue, stop).ConfigureAwait(false);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (InvariantException e)
            {
                _fatal(e);
                return;
            }
            catch (Exception e) when (e is RpcException or IOException or OperationCanceledException
                or InvalidOperationException)
            {
                Lost(e, loud, wasConnected);
                wasConnected = false;
            }
#pragma warning disable CA1031 // Whatever it is: a validator that no longer sends must not look alive.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RuntimeLog.LinkFailed(_log, Name, e);
                wasConnected = false;
            }

            _open &= !loud;
            try
            {
                await Task.Delay(retry, _time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private void Connected(bool loud)
    {
        if (loud)
        {
            _open = true;
            Refused(false);
            RuntimeLog.PeerConnected(_log, Name);
        }
    }

    private void Lost(Exception e, bool loud, bool wasConnected)
    {
        if (!loud)
        {
            return;
        }

        Refused(e is RpcException rpc && ErrorModel.Read(rpc)?.Reason == InstanceRefusals.Reason);
        if (wasConnected)
        {
            RuntimeLog.PeerLost(_log, Name, Describe(e));
        }
    }

    private static async Task SendAllAsync<TRequest, TResponse>(
        AsyncClientStreamingCall<TRequest, TResponse> call, ChannelReader<TRequest> queue,
        CancellationToken stop)
    {
        Task ended = call.ResponseAsync;
        while (true)
        {
            Task<bool> more = queue.WaitToReadAsync(stop).AsTask();
            if (await Task.WhenAny(more, ended).ConfigureAwait(false) == ended)
            {
                await ended.ConfigureAwait(false);
                return;
            }

            if (!await more.ConfigureAwait(false))
            {
                return;
            }

            while (queue.TryRead(out TRequest? message))
            {
                await call.RequestStream.WriteAsync(message, stop).ConfigureAwait(false);
            }
        }
    }

    private static string Describe(Exception e) => e is RpcException rpc
        ? $"{rpc.StatusCode}: {rpc.Status.Detail}"
        : e.Message;

    private static Channel<T> Bounded<T>(int capacity) => Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
}
