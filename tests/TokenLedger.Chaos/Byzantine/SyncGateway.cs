// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>
/// Questions: those of its own runtime go on to the peer as they are; the answers to peers are bent.
/// </summary>
internal sealed class SyncGateway(Gateway gateway, SyncService.SyncServiceBase honest)
    : SyncService.SyncServiceBase
{
    public override async Task StreamBlocks(
        StreamBlocksRequest request, IServerStreamWriter<StreamBlocksResponse> responseStream,
        ServerCallContext context)
    {
        if (gateway.ExitOf(context) is not { } exit)
        {
            await honest.StreamBlocks(
                request, new Bent(responseStream, gateway.Misbehaviour, gateway.PeerOf(context)), context);
            return;
        }

        using AsyncServerStreamingCall<StreamBlocksResponse> call = exit.Sync.StreamBlocks(
            request, cancellationToken: context.CancellationToken);
        while (await call.ResponseStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(call.ResponseStream.Current, context.CancellationToken);
        }
    }

    public override async Task<GetCandidateResponse> GetCandidate(
        GetCandidateRequest request, ServerCallContext context) => gateway.ExitOf(context) is { } exit
        ? await exit.Sync.GetCandidateAsync(request, cancellationToken: context.CancellationToken)
        : Bend(await honest.GetCandidate(request, context), context);

    public override async Task<ListCertificatesResponse> ListCertificates(
        ListCertificatesRequest request, ServerCallContext context) => gateway.ExitOf(context) is { } exit
        ? await exit.Sync.ListCertificatesAsync(request, cancellationToken: context.CancellationToken)
        : Bend(await honest.ListCertificates(request, context), context);

    /// <summary>The adversary's answer in place of an honest one; an empty one for none.</summary>
    private T Bend<T>(T answer, ServerCallContext context)
        where T : class, IMessage, new() => gateway.Misbehaviour
            .Send(gateway.PeerOf(context), new SyncAnswerMessage(answer))
            .OfType<SyncAnswerMessage>().FirstOrDefault()?.Answer as T ?? new T();

    private sealed class Bent(
        IServerStreamWriter<StreamBlocksResponse> stream, Misbehaviour misbehaviour, int peer)
        : IServerStreamWriter<StreamBlocksResponse>
    {
        public WriteOptions? WriteOptions
        {
            get => stream.WriteOptions;
            set => stream.WriteOptions = value;
        }

        public Task WriteAsync(StreamBlocksResponse message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(StreamBlocksResponse message, CancellationToken cancellationToken)
        {
            foreach (PeerMessage sent in misbehaviour.Send(peer, new SyncAnswerMessage(message)))
            {
                if (sent is SyncAnswerMessage { Answer: StreamBlocksResponse answer })
                {
                    await stream.WriteAsync(answer, cancellationToken);
                }
            }
        }
    }
}
