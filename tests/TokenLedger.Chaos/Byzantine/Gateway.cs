// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Runtime;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>
/// All that comes to a Byzantine validator, and all that its runtime wants to say. What arrives at the port
/// of an exit is on its way out to that peer and is bent; the rest is from peers, and the adversary listens.
/// </summary>
internal sealed class Gateway : PeerService.PeerServiceBase, IAsyncDisposable
{
    private readonly ValidatorRuntime _runtime;
    private readonly ValidatorFolder _folder;
    private readonly int _firstExitPort;
    private readonly Dictionary<int, ExitLink> _exits;

    public Gateway(
        ValidatorRuntime runtime, Misbehaviour misbehaviour, ValidatorFolder folder, int firstExitPort)
    {
        _runtime = runtime;
        _folder = folder;
        _firstExitPort = firstExitPort;
        Misbehaviour = misbehaviour;
        _exits = folder.Peers.Where(peer => peer.Key != folder.Index).ToDictionary(
            peer => peer.Key, peer => new ExitLink(folder, peer.Key, peer.Value));
    }

    public Misbehaviour Misbehaviour { get; }

    public void Start()
    {
        foreach (ExitLink exit in _exits.Values)
        {
            exit.Start();
        }
    }

    /// <summary>The peer that a call is on its way to; null for a call from a peer.</summary>
    public ExitLink? ExitOf(ServerCallContext context) => _exits.GetValueOrDefault(
        context.GetHttpContext().Connection.LocalPort - _firstExitPort);

    /// <summary>The validator that a call is from.</summary>
    public int PeerOf(ServerCallContext context) => _folder.Tls.IndexOf(context);

    public override async Task<StreamVotesResponse> StreamVotes(
        IAsyncStreamReader<StreamVotesRequest> requestStream, ServerCallContext context)
    {
        if (ExitOf(context) is { } exit)
        {
            await LeaveAsync(requestStream, exit, PeerWire.Read, context);
            return new StreamVotesResponse();
        }

        return await _runtime.Peers.StreamVotes(
            new Overheard<StreamVotesRequest>(requestStream, PeerOf(context), Misbehaviour, PeerWire.Read),
            context);
    }

    public override async Task<StreamBulkResponse> StreamBulk(
        IAsyncStreamReader<StreamBulkRequest> requestStream, ServerCallContext context)
    {
        if (ExitOf(context) is { } exit)
        {
            await LeaveAsync(requestStream, exit, PeerWire.Read, context);
            return new StreamBulkResponse();
        }

        return await _runtime.Peers.StreamBulk(
            new Overheard<StreamBulkRequest>(requestStream, PeerOf(context), Misbehaviour, PeerWire.Read),
            context);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ExitLink exit in _exits.Values)
        {
            await exit.DisposeAsync();
        }
    }

    private async Task LeaveAsync<T>(
        IAsyncStreamReader<T> stream, ExitLink exit, Func<T, PeerMessage?> read, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        while (await stream.MoveNext(context.CancellationToken))
        {
            // The hello is no message: an exit says its own.
            if (read(stream.Current) is { } message)
            {
                exit.Send(Misbehaviour.Send(exit.Peer, message));
            }
        }
    }

    /// <summary>A peer's stream, with the adversary listening, and deaf to what it does not want.</summary>
    private sealed class Overheard<T>(
        IAsyncStreamReader<T> stream, int peer, Misbehaviour misbehaviour, Func<T, PeerMessage?> read)
        : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            while (await stream.MoveNext(cancellationToken))
            {
                if (read(stream.Current) is not { } message || misbehaviour.Receive(peer, message))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
