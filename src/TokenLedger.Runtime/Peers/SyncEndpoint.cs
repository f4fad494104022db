// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Answers validators that are behind: finalized blocks, candidates, certificates of views.
/// </summary>
public sealed class SyncEndpoint : SyncService.SyncServiceBase
{
    /// <summary>Blocks in one stream: the asker comes again.</summary>
    public const int MaxBlocks = 512;

    /// <summary>Certificates in one answer: at most 31 × 65 bytes each.</summary>
    internal const int MaxCertificates = 256;

    private readonly PeerEndpoint _peers;
    private readonly LedgerStore _ledger;
    private readonly ConsensusLog _candidates;
    private readonly ConsensusWorker _consensus;

    internal SyncEndpoint(
        PeerEndpoint peers, LedgerStore ledger, ConsensusLog candidates, ConsensusWorker consensus)
    {
        _peers = peers;
        _ledger = ledger;
        _candidates = candidates;
        _consensus = consensus;
    }

    /// <inheritdoc/>
    public override async Task StreamBlocks(
        StreamBlocksRequest request,
        IServerStreamWriter<StreamBlocksResponse> responseStream,
        ServerCallContext context)
    {
        _peers.Identify(context);
        ulong head = _ledger.Head.Height.Value;
        ulong limit = Math.Min(request.MaxBlocks, MaxBlocks);
        ulong from = Math.Max(request.FromHeight, 1);
        if (from > head || limit == 0)
        {
            return;
        }

        // The last block sent has a certificate of its own, or the asker could use none of those before it.
        ulong wanted = Math.Min(head, from + limit - 1);
        Height? last = _ledger.FindCertificate(new Height(wanted))?.Height;
        for (ulong height = from; height <= (last?.Value ?? 0); height++)
        {
            byte[]? block = _ledger.FindBlockBytes(new Height(height));
            if (block is null)
            {
                return;
            }

            var response = new StreamBlocksResponse { Block = ByteString.CopyFrom(block) };
            if (_ledger.FindCertificate(new Height(height)) is { } found && found.Height.Value == height)
            {
                response.Certificate = Encode(found.Certificate);
            }

            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override Task<GetCandidateResponse> GetCandidate(
        GetCandidateRequest request, ServerCallContext context)
    {
        _peers.Identify(context);
        var response = new GetCandidateResponse();
        if (request.BlockHash.Length == Hash256.Size)
        {
            var hash = new Hash256(request.BlockHash.Span);
            byte[]? block = _candidates.TryGetCandidate(hash, out byte[]? candidate)
                ? candidate
                : _ledger.FindHeight(hash) is { } height ? _ledger.FindBlockBytes(height) : null;
            response.Block = block is null ? ByteString.Empty : ByteString.CopyFrom(block);
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<ListCertificatesResponse> ListCertificates(
        ListCertificatesRequest request, ServerCallContext context)
    {
        _peers.Identify(context);
        var response = new ListCertificatesResponse();
        foreach (Certificate certificate in _consensus.Answer(
            new View(request.FromView), new View(request.ToView), MaxCertificates))
        {
            response.Certificates.Add(Encode(certificate));
        }

        return Task.FromResult(response);
    }

    private static ByteString Encode(Certificate certificate)
    {
        var writer = new CanonicalWriter();
        certificate.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
