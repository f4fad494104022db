// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Answers validators that are behind: finalized blocks, candidates, certificates of views.
/// </summary>
public sealed partial class SyncEndpoint : SyncService.SyncServiceBase
{
    /// <summary>Blocks in one stream: the asker comes again.</summary>
    public const int MaxBlocks = 512;

    /// <summary>Certificates in one answer: at most 31 × 65 bytes each.</summary>
    internal const int MaxCertificates = 256;

    private readonly PeerEndpoint _peers;
    private readonly LedgerStore _ledger;
    private readonly ConsensusLog _candidates;
    private readonly ConsensusWorker _consensus;
    private readonly HashSet<int> _storing = [];

    internal SyncEndpoint(
        PeerEndpoint peers, LedgerStore ledger, ConsensusLog candidates, ConsensusWorker consensus,
        SnapshotShelf? snapshots)
    {
        _snapshots = snapshots;
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
        foreach ((byte[] block, Certificate? certificate) in Blocks(
            _ledger, request.FromHeight, request.MaxBlocks))
        {
            var response = new StreamBlocksResponse { Block = ByteString.CopyFrom(block) };
            if (certificate is not null)
            {
                response.Certificate = Encode(certificate);
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
            byte[]? block = Candidate(_ledger, _candidates, new Hash256(request.BlockHash.Span));
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

    /// <inheritdoc/>
    public override Task<GetHighestVoteResponse> GetHighestVote(
        GetHighestVoteRequest request, ServerCallContext context)
    {
        int asker = _peers.Identify(context);
        return Task.FromResult(Readmission.Answer(_consensus.SightOf(asker)));
    }

    /// <inheritdoc/>
    public override async Task StreamStoredBlock(
        StreamStoredBlockRequest request,
        IServerStreamWriter<StreamStoredBlockResponse> responseStream,
        ServerCallContext context)
    {
        // One height with all that belongs to it is the largest answer of all.
        using Turn turn = EnterStream(_storing, _peers.Identify(context), int.MaxValue);
        if (request.Height == 0 || request.Height > _ledger.Head.Height.Value)
        {
            return;
        }

        foreach (StreamStoredBlockResponse part in StoredParts.Split(
            _ledger.FindStored(new Height(request.Height))))
        {
            await responseStream.WriteAsync(part, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Finalized blocks in their canonical form from a height on, at most <see cref="MaxBlocks"/>, each with
    /// its own finalization if there is one. The last one has one, or the asker could use none before it.
    /// </summary>
    internal static IEnumerable<(byte[] Block, Certificate? Certificate)> Blocks(
        LedgerStore ledger, ulong fromHeight, ulong maxBlocks)
    {
        ulong head = ledger.Head.Height.Value;
        ulong limit = Math.Min(maxBlocks, MaxBlocks);
        ulong from = Math.Max(fromHeight, 1);
        if (from > head || limit == 0)
        {
            yield break;
        }

        ulong wanted = Math.Min(head, from + limit - 1);
        Height? last = ledger.FindCertificate(new Height(wanted))?.Height;
        for (ulong height = from; height <= (last?.Value ?? 0); height++)
        {
            if (ledger.FindBlockBytes(new Height(height)) is not { } block)
            {
                yield break;
            }

            var found = ledger.FindCertificate(new Height(height));
            yield return (block, found?.Height.Value == height ? found.Certificate : null);
        }
    }

    /// <summary>The canonical form of a block that is final or may become so; null when not here.</summary>
    internal static byte[]? Candidate(LedgerStore ledger, ConsensusLog candidates, in Hash256 hash)
    {
        if (candidates.TryGetCandidate(hash, out byte[]? candidate))
        {
            return candidate;
        }

        return ledger.FindHeight(hash) is { } height ? ledger.FindBlockBytes(height) : null;
    }

    private static ByteString Encode(Certificate certificate)
    {
        var writer = new CanonicalWriter();
        certificate.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
