// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>Reads of blocks.</summary>
internal sealed partial class QueryServiceImpl
{
    public override Task<GetBlockResponse> GetBlock(GetBlockRequest request, ServerCallContext context)
    {
        Height? height = request.BlockCase switch
        {
            GetBlockRequest.BlockOneofCase.Height => new Height(request.Height),
            GetBlockRequest.BlockOneofCase.Hash =>
                runtime.Ledger.FindHeight(RequestFields.Hash(request.Hash, "hash")),
            _ => throw RequestFields.Invalid("Name the block by height or by hash."),
        };
        ulong head = runtime.Ledger.Head.Height.Value;
        if (height is { Value: > 0 } old && Pruned.Has(runtime.Ledger, old))
        {
            throw Pruned.Failure(runtime.Ledger, StatusCode.NotFound, "BLOCK_PRUNED");
        }

        Block block = (height is { } asked ? runtime.Ledger.FindBlock(asked) : null)
            ?? throw RequestFields.NotFound(
                "BLOCK_UNKNOWN", $"No such block is final here; the head is at height {head}.");
        Height found = block.Header.Height;
        ImmutableArray<Receipt> receipts = runtime.Ledger.FindReceipts(found)!.Value;
        ImmutableArray<EventRecord> events = runtime.Ledger.FindEvents(found)!.Value;
        HeightCertificate? certificate = CertificateOf(found);
        var response = new GetBlockResponse
        {
            AsOfHeight = head,
            Summary = Summary(block.Header, block.Transactions.Length, certificate),
            Header = Encode(block.Header.Write),
            Certificate = certificate is null ? ByteString.Empty : Encode(certificate.Certificate.Write),
        };
        var ids = new Hash256[receipts.Length];
        for (int i = 0; i < receipts.Length; i++)
        {
            ids[i] = receipts[i].TransactionId;
            response.Transactions.Add(new BlockTransaction
            {
                TransactionId = LedgerReads.Wire(ids[i]),
                Transaction = TransactionMapper.ToWire(block.Transactions[i]),
                Succeeded = receipts[i].Succeeded,
                Refusal = LedgerReads.RefusalOf(receipts[i]),
            });
        }

        for (int i = 0; i < events.Length; i++)
        {
            Hash256? cause = events[i].TransactionIndex == EventRecord.Housekeeping
                ? null
                : ids[events[i].TransactionIndex];
            response.Events.Add(EventMapper.ToWire(
                events[i].Event, found, block.Header.Timestamp, (uint)i, cause));
        }

        return Task.FromResult(response);
    }

    public override Task<ListBlocksResponse> ListBlocks(ListBlocksRequest request, ServerCallContext context)
    {
        ulong head = runtime.Ledger.Head.Height.Value;
        (ulong? pinned, ulong? next) = PageToken.ReadNumber(Listing.Blocks, request.PageToken);
        if (next >= pinned)
        {
            throw PageToken.Foreign();
        }

        if (pinned > head)
        {
            throw PageToken.Expired(
                $"The listing began at height {pinned} and this node is at {head}; begin it again without a "
                + "page token, or ask the node that began it.");
        }

        ulong height = next ?? head;
        int size = RequestFields.PageSize(request.PageSize);
        var response = new ListBlocksResponse { AsOfHeight = pinned ?? head };
        while (response.Blocks.Count < size)
        {
            if (Pruned.Has(runtime.Ledger, new Height(height)))
            {
                // There is nothing below: the status says from where on there is.
                return Task.FromResult(response);
            }

            response.Blocks.Add(SummaryAt(new Height(height)));
            if (height == 0)
            {
                return Task.FromResult(response);
            }

            height--;
        }

        response.NextPageToken = PageToken.Write(Listing.Blocks, response.AsOfHeight, height);
        return Task.FromResult(response);
    }

    public override async Task WatchBlocks(
        WatchBlocksRequest request,
        IServerStreamWriter<WatchBlocksResponse> responseStream,
        ServerCallContext context)
    {
        var height = new Height(
            request.FromHeight == 0 ? runtime.Feed.Head.Height.Value + 1 : request.FromHeight);
        if (Pruned.Has(runtime.Ledger, height))
        {
            throw Pruned.Failure(runtime.Ledger, StatusCode.NotFound, "BLOCK_PRUNED");
        }

        // The header, the receipts and the certificate.
        const int Rows = 3 * EventReader.RowsPerSeek;
        using StreamTurns.Turn turn = turns.Begin(context, height);
        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        while (true)
        {
            bool here = await turn.ComesAsync(height, Heartbeats.Every).ConfigureAwait(false);
            await responseStream.WriteAsync(
                here
                    ? new WatchBlocksResponse
                    {
                        Block = await turn.ReadAsync(() => (SummaryAt(height), Rows)).ConfigureAwait(false),
                    }
                    : new WatchBlocksResponse { Heartbeat = beats.Now() },
                context.CancellationToken).ConfigureAwait(false);
            height = here ? height.Next : height;
        }
    }

    private BlockSummary SummaryAt(Height height)
    {
        BlockHeader header = LedgerReads.Required(runtime.Ledger.FindHeader(height), height);
        int transactions = runtime.Ledger.CountTransactions(height)
            ?? throw new InvariantException($"height {height} is committed and has no receipts");
        return Summary(header, transactions, CertificateOf(height));
    }

    /// <summary>What makes a block final; null for genesis, which no validator signs.</summary>
    private HeightCertificate? CertificateOf(Height height) =>
        height.Value == 0 ? null : runtime.Ledger.FindCertificate(height);

    private BlockSummary Summary(BlockHeader header, int transactions, HeightCertificate? certificate)
    {
        int proposer = genesis.ValidatorSet.IndexOf(header.Proposer);
        return new BlockSummary
        {
            Height = header.Height.Value,
            Hash = LedgerReads.Wire(header.Hash),
            ParentHash = LedgerReads.Wire(header.ParentHash),
            TimeMs = header.Timestamp.Value,
            View = header.View.Value,
            Proposer = proposer < 0 ? "" : genesis.Validators[proposer].Name,
            TransactionCount = (uint)transactions,
            StateRoot = LedgerReads.Wire(header.StateRoot),
            Signers = (uint)(certificate?.Certificate.Count ?? 0),
        };
    }
}
