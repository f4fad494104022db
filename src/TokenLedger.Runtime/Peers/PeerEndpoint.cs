// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Consensus.V1;

namespace TokenLedger.Runtime.Peers;

/// <summary>Says which validator a connection is, by its TLS certificate.</summary>
public interface IPeerIdentity
{
    /// <summary>
    /// The index of the connection's validator; the number of validators and more for the observers that
    /// this node lets follow it; −1 when its certificate is nobody's.
    /// </summary>
    int IndexOf(ServerCallContext context);
}

/// <summary>What peers' messages are handed to. Every member returns at once.</summary>
internal interface IPeerReceiver
{
    /// <summary>False when the node is too busy: the message is lost, as any may be.</summary>
    bool Receive(int peer, ConsensusInput input);

    /// <summary>A block's body, pushed by a validator.</summary>
    void Receive(int peer, Block block);

    /// <summary>Transactions that a peer admitted; checked again here.</summary>
    /// <returns>
    /// Null, or what is wrong with one of them: an honest peer relays only what it admitted.
    /// </returns>
    Rejection? Receive(int peer, IReadOnlyList<SignedTransaction> transactions);
}

/// <summary>
/// The receiving side: streams that the other validators opened, and observers' transactions. Who a peer is
/// comes from its certificate; what it says is decoded here and judged by the machines. A malformed message
/// is dropped and its sender ignored for a while, as no correct one sends any: it must not fill the log
/// either.
/// </summary>
public sealed class PeerEndpoint : PeerService.PeerServiceBase
{
    /// <summary>Version of the peer protocol; peers of another are refused.</summary>
    public const uint ProtocolVersion = 1;

    private const int MaxBatch = 4_096;

    private readonly ValidatorSet _validators;
    private readonly Hash256 _genesisHash;
    private readonly IPeerIdentity _identity;
    private readonly PeerBook _book;
    private readonly IPeerReceiver _receiver;
    private readonly ILogger _log;
    private readonly InstanceFence _fence;
    private readonly PeerPace _pace;
    private readonly TimeProvider _time;

    internal PeerEndpoint(
        ValidatorSet validators,
        Hash256 genesisHash,
        IPeerIdentity identity,
        PeerBook book,
        IPeerReceiver receiver,
        ILogger log,
        TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _fence = new InstanceFence(validators.Count, _time);
        _pace = new PeerPace(validators.Count + Limits.Observers, _time);
        _validators = validators;
        _genesisHash = genesisHash;
        _identity = identity;
        _book = book;
        _receiver = receiver;
        _log = log;
    }

    /// <inheritdoc/>
    public override async Task<StreamVotesResponse> StreamVotes(
        IAsyncStreamReader<StreamVotesRequest> requestStream, ServerCallContext context)
    {
        Presence? from = null;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
            {
                StreamVotesRequest message = requestStream.Current;
                if (from is null)
                {
                    RequireValidator(Identify(context));
                    from = await WelcomeAsync(message.Hello, context).ConfigureAwait(false);
                    continue;
                }

                RequireLive(from);
                Receive(from.Peer, message);
            }
        }
        finally
        {
            Leave(from);
        }

        return new StreamVotesResponse();
    }

    /// <inheritdoc/>
    public override async Task<StreamBulkResponse> StreamBulk(
        IAsyncStreamReader<StreamBulkRequest> requestStream, ServerCallContext context)
    {
        Presence? from = null;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
            {
                StreamBulkRequest message = requestStream.Current;
                if (from is null)
                {
                    from = await WelcomeAsync(message.Hello, context).ConfigureAwait(false);
                    continue;
                }

                RequireLive(from);
                Receive(from.Peer, message);
                int transactions = message.Transactions?.Transactions.Count ?? 0;
                if (_pace.Take(from.Peer, transactions) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, context.CancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Leave(from);
        }

        return new StreamBulkResponse();
    }

    /// <summary>The connection's peer, or the call fails with PERMISSION_DENIED.</summary>
    internal int Identify(ServerCallContext context)
    {
        int peer = _identity.IndexOf(context);
        return peer >= 0
            ? peer
            : throw ErrorModel.Failure(
                StatusCode.PermissionDenied, "PEER_UNKNOWN",
                "Your TLS key is no validator's of this network, and no observer's of this node.");
    }

    private void RequireValidator(int peer)
    {
        if (peer >= _validators.Count)
        {
            throw ErrorModel.Failure(
                StatusCode.PermissionDenied, "OBSERVER_VOTES", "An observer has no part in consensus.");
        }
    }

    private void RequireLive(Presence from)
    {
        if (from.Peer < _validators.Count && !_fence.Hears(from.Peer, from.Instance))
        {
            throw Duplicate(from.Peer);
        }
    }

    private void Leave(Presence? from)
    {
        if (from is not null && from.Peer < _validators.Count)
        {
            _fence.Leave(from.Peer, from.Instance);
        }
    }

    private RpcException Duplicate(int peer) => ErrorModel.Failure(
        StatusCode.FailedPrecondition,
        InstanceRefusals.Reason,
        $"Another process of {_book.NameOf(peer)} is connected to this node. One key signs in one process.");

    private async Task<Presence> WelcomeAsync(Hello? hello, ServerCallContext context)
    {
        int peer = Identify(context);
        if (hello is null)
        {
            throw ErrorModel.Failure(
                StatusCode.InvalidArgument, "HELLO_MISSING", "The first message of a stream is a hello.");
        }

        if (hello.ProtocolVersion != ProtocolVersion)
        {
            throw ErrorModel.Failure(
                StatusCode.FailedPrecondition,
                "PROTOCOL_VERSION",
                $"You speak version {hello.ProtocolVersion}; this node speaks {ProtocolVersion}.");
        }

        if (hello.GenesisHash.Length != Hash256.Size || new Hash256(hello.GenesisHash.Span) != _genesisHash)
        {
            throw ErrorModel.Failure(
                StatusCode.FailedPrecondition, "WRONG_NETWORK", $"This node is of network {_genesisHash}.");
        }

        bool observer = peer >= _validators.Count;
        if (hello.Observer != observer || hello.ValidatorIndex != (observer ? 0 : (uint)peer))
        {
            string claim = hello.Observer ? "an observer" : $"validator {hello.ValidatorIndex}";
            throw ErrorModel.Failure(
                StatusCode.PermissionDenied, "PEER_MISMATCH",
                $"You say that you are {claim}; your TLS key is that of {_book.NameOf(peer)}.");
        }

        if (hello.Instance.Length is not (0 or InstanceFence.IdBytes))
        {
            throw ErrorModel.Failure(
                StatusCode.InvalidArgument, "HELLO_MALFORMED",
                $"An instance id has {InstanceFence.IdBytes} bytes.");
        }

        var presence = new Presence(peer, Convert.ToHexString(hello.Instance.Span));
        if (!observer && !_fence.TryEnter(peer, presence.Instance))
        {
            throw Duplicate(peer);
        }

        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        return presence;
    }

    /// <summary>Takes a message of a validator's stream behind its hello.</summary>
    internal void Receive(int peer, StreamVotesRequest message) => Guarded(peer, () => Handle(peer, message));

    /// <inheritdoc cref="Receive(int, StreamVotesRequest)"/>
    internal void Receive(int peer, StreamBulkRequest message) => Guarded(peer, () => Handle(peer, message));

    private void Guarded(int peer, Action handle)
    {
        if (_book.IsBlocked(peer))
        {
            return;
        }

        try
        {
            handle();
        }
        catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
        {
            _book.Block(peer);
            RuntimeLog.PeerMalformed(_log, _book.NameOf(peer), e.Message);
        }
    }

    private void Handle(int peer, StreamVotesRequest message)
    {
        switch (message.MessageCase)
        {
            case StreamVotesRequest.MessageOneofCase.Vote:
                _receiver.Receive(peer, new VoteReceived(peer, Decode(message.Vote, Vote.Read)));
                break;
            case StreamVotesRequest.MessageOneofCase.Proposal:
                _receiver.Receive(
                    peer, new ProposalReceived(peer, Proposal.Decode(message.Proposal.Span)));
                break;
            case StreamVotesRequest.MessageOneofCase.Certificate:
                _receiver.Receive(
                    peer, new CertificateReceived(peer, Decode(message.Certificate, Certificate.Read)));
                break;
            case StreamVotesRequest.MessageOneofCase.Status:
                _book.Report(
                    peer,
                    new Height(message.Status.Height),
                    new Hash256(message.Status.StateRoot.Span),
                    new View(message.Status.View));
                break;
            default:
                throw new CanonicalFormatException($"{message.MessageCase} is out of place.");
        }
    }

    private void Handle(int peer, StreamBulkRequest message)
    {
        switch (message.MessageCase)
        {
            case StreamBulkRequest.MessageOneofCase.Block when peer < _validators.Count:
                _receiver.Receive(peer, Block.Decode(message.Block.Span));
                break;
            case StreamBulkRequest.MessageOneofCase.Transactions:
                if (message.Transactions.Transactions.Count > MaxBatch)
                {
                    throw new CanonicalFormatException($"A batch has at most {MaxBatch} transactions.");
                }

                Rejection? refused = _receiver.Receive(
                    peer,
                    [.. message.Transactions.Transactions.Select(
                        bytes => Decode(bytes, SignedTransaction.Read))]);
                if (refused is not null)
                {
                    throw new CanonicalFormatException($"It relayed what nobody admits: {refused}");
                }

                break;
            default:
                throw new CanonicalFormatException($"{message.MessageCase} is out of place.");
        }
    }

    private static T Decode<T>(ByteString bytes, CanonicalRead<T> read)
    {
        var reader = new CanonicalReader(bytes.Span);
        T value = read(ref reader);
        reader.End();
        return value;
    }

    /// <summary>Who is at the other end of a stream, and in which of its processes.</summary>
    private sealed record Presence(int Peer, string Instance);
}
