// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Runtime;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>
/// Streams whole final blocks. Each follower reads the ledger at its own pace, so a slow one costs the others
/// nothing and this node one block and its stream's buffer.
/// </summary>
internal sealed class BlockServiceImpl(
    ValidatorRuntime runtime, GenesisDocument genesis, Heartbeats beats, StreamTurns turns)
    : BlockService.BlockServiceBase
{
    private readonly ByteString _genesis = Encode(genesis);

    public override Task<GetGenesisResponse> GetGenesis(
        GetGenesisRequest request, ServerCallContext context) =>
        Task.FromResult(new GetGenesisResponse { Genesis = _genesis });

    public override async Task StreamBlocks(
        StreamBlocksRequest request,
        IServerStreamWriter<StreamBlocksResponse> responseStream,
        ServerCallContext context)
    {
        var height = new Height(request.FromHeight);
        if (Pruned.Has(runtime.Ledger, height))
        {
            throw Pruned.Failure(runtime.Ledger, StatusCode.NotFound, "BLOCK_PRUNED");
        }

        using StreamTurns.Turn turn = turns.Begin(context, height);
        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        while (true)
        {
            if (!await turn.ComesAsync(height, Heartbeats.Every).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(
                    new StreamBlocksResponse { Heartbeat = beats.Now() }, context.CancellationToken)
                    .ConfigureAwait(false);
                continue;
            }

            IReadOnlyList<FinalBlock> parts = await turn.ReadAsync(() => PartsOf(runtime.Ledger, height))
                .ConfigureAwait(false);
            foreach (FinalBlock part in parts)
            {
                await responseStream.WriteAsync(
                    new StreamBlocksResponse { Block = part }, context.CancellationToken)
                    .ConfigureAwait(false);
            }

            height = height.Next;
        }
    }

    /// <summary>The messages of a height at or below the head, and how much was read for them.</summary>
    private static (IReadOnlyList<FinalBlock> Parts, int Rows) PartsOf(LedgerReader ledger, Height height)
    {
        Block block = LedgerReads.Required(ledger.FindBlock(height), height);
        HeightCertificate? found = height.Value == 0 ? null : ledger.FindCertificate(height);
        IReadOnlyList<FinalBlock> parts = FinalBlockParts.Of(
            block,
            found?.Height == height ? found.Certificate : null,
            ledger.FindReceipts(height)
                ?? throw new InvariantException($"height {height} is committed and has no receipts"),
            ledger.FindEvents(height)
                ?? throw new InvariantException($"height {height} is committed and has no events"));
        int rows = parts.Sum(static part =>
            part.Transactions.Count + part.Receipts.Count + part.Events.Count);
        return (parts, EventReader.RowsPerSeek + rows);
    }

    private static ByteString Encode(GenesisDocument genesis)
    {
        var writer = new CanonicalWriter();
        genesis.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
