// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Mesh.Endpoints;

/// <summary>/block and /block/transaction: final blocks, verified, as operations.</summary>
internal sealed class BlockEndpoints(MeshNetwork network, OnlineParts online)
{
    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/block"] = request =>
        {
            network.Require(request);
            BlockName name = Fields.PartialBlock(request.Required("block_identifier"));
            return token => BlockAsync(name, token);
        };
        handlers["/block/transaction"] = request =>
        {
            network.Require(request);
            BlockName name = request.Required("block_identifier").Object(static block => new BlockName(
                block.Required("index").Number(0, long.MaxValue), block.Required("hash").Hash()));
            Hash256 id = Fields.TransactionId(request);
            return token => TransactionAsync(name, id, token);
        };
    }

    /// <summary>One transaction of a block; null when the block has none of that id.</summary>
    public async Task<JsonObject?> FindAsync(VerifiedBlock block, Hash256 id, CancellationToken token)
    {
        MeshTransaction? found = OperationMapper.Transactions(block, network.Genesis)
            .FirstOrDefault(transaction => transaction.Hash == id);
        return found is null
            ? null
            : MeshJson.Transaction(
                found, await online.Assets.OfAsync([found], token).ConfigureAwait(false));
    }

    private async Task<JsonObject> BlockAsync(BlockName name, CancellationToken token)
    {
        VerifiedBlock block = await online.Blocks.OfAsync(name, token).ConfigureAwait(false);
        ImmutableArray<MeshTransaction> all = OperationMapper.Transactions(block, network.Genesis);
        int inline = Inline(all);
        MeshTransaction[] shown = [.. all[..inline]];
        IReadOnlyDictionary<AssetId, int> decimals =
            await online.Assets.OfAsync(shown, token).ConfigureAwait(false);
        Height height = block.Header.Height;

        // Genesis has no parent; the API wants it to name itself.
        JsonObject parent = height.Value == 0
            ? MeshJson.Block(height, block.Hash)
            : MeshJson.Block(new Height(height.Value - 1), block.Header.ParentHash);
        var answer = new JsonObject
        {
            ["block"] = new JsonObject
            {
                ["block_identifier"] = MeshJson.Block(height, block.Hash),
                ["parent_block_identifier"] = parent,
                ["timestamp"] = block.Header.Timestamp.Value,
                ["transactions"] = new JsonArray(
                    [.. shown.Select(transaction => MeshJson.Transaction(transaction, decimals))]),
            },
        };
        if (inline < all.Length)
        {
            answer["other_transactions"] = new JsonArray(
                [.. all[inline..].Select(static transaction => MeshJson.TransactionId(transaction.Hash))]);
        }

        return answer;
    }

    /// <summary>How many transactions from the first on have no more operations than one answer; the first
    /// is always there.</summary>
    internal static int Inline(ImmutableArray<MeshTransaction> all)
    {
        int operations = 0;
        for (int i = 0; i < all.Length; i++)
        {
            operations += all[i].Operations.Length;
            if (operations > Limits.MeshInlineOperations && i > 0)
            {
                return i;
            }
        }

        return all.Length;
    }

    private async Task<JsonObject> TransactionAsync(BlockName name, Hash256 id, CancellationToken token)
    {
        VerifiedBlock block = await online.Blocks.OfAsync(name, token).ConfigureAwait(false);
        JsonObject? found = await FindAsync(block, id, token).ConfigureAwait(false);
        return found is null
            ? throw new MeshException(
                MeshError.TransactionUnknown, $"Block {block.Header.Height} has no transaction {id}.")
            : new JsonObject { ["transaction"] = found };
    }
}
