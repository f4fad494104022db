// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>A follower that knows the genesis hash only verifies the whole chain of a real network.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BlockStreamTests(ProcessCluster cluster)
{
    private static readonly TimeSpan StreamWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task StreamBlocks_FromGenesis_VerifiesAndResumesWithoutAGap()
    {
        await cluster.EnsureWholeAsync();
        (Load load, PrivateKey[] keys) = await Load.StartAsync(cluster, 2);
        await using (load)
        {
            await Deadline.UntilAsync(
                "the load runs", StreamWithin, () => Task.FromResult(load.Final.Count >= 20));
        }

        ulong end = (await cluster.StatusAsync(0)).Height;
        List<VerifiedBlock> first = await ReadAsync(0, null, end / 2);
        VerifiedBlock last = first[^1];
        List<VerifiedBlock> rest = await ReadAsync(
            1, new BlockPosition(last.Header.Height, last.Hash), end);
        VerifiedBlock[] all = [.. first, .. rest];
        Assert.Equal(
            Enumerable.Range(0, all.Length).Select(static i => (ulong)i),
            all.Select(block => block.Header.Height.Value));
        Assert.Contains(all, static block => block.Transactions.Length > 0 && block.Events.Length > 0);
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public async Task StreamBlocks_FromAheadOfTheHead_SaysWhereItStands()
    {
        await cluster.EnsureWholeAsync();
        using AsyncServerStreamingCall<StreamBlocksResponse> call = cluster.Node(0).Blocks.StreamBlocks(
            new StreamBlocksRequest { FromHeight = ulong.MaxValue / 2 }, deadline: Deadline.In(StreamWithin));
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.NotNull(call.ResponseStream.Current.Heartbeat);
    }

    private async Task<List<VerifiedBlock>> ReadAsync(int node, BlockPosition? after, ulong upTo)
    {
        GetGenesisResponse genesis = await cluster.Node(node).Blocks.GetGenesisAsync(new GetGenesisRequest());
        GetNetworkResponse network = await cluster.Client.Nodes[0].Queries.GetNetworkAsync(
            new GetNetworkRequest());
        ISignatureScheme scheme = new Secp256k1Scheme();
        FinalBlockVerifier? verifier = FinalBlockVerifier.Begin(
            genesis.Genesis.Span, new Core.Hash256(network.GenesisHash.Span), scheme, after,
            out BlockFailure? refused);
        Assert.True(verifier is not null, refused?.Sentence);
        using AsyncServerStreamingCall<StreamBlocksResponse> call = cluster.Node(node).Blocks.StreamBlocks(
            new StreamBlocksRequest { FromHeight = after is { } last ? last.Height.Value + 1 : 0 },
            deadline: Deadline.In(StreamWithin));
        var final = new List<VerifiedBlock>();
        while ((final.Count == 0 || final[^1].Header.Height.Value < upTo)
            && await call.ResponseStream.MoveNext(default))
        {
            if (call.ResponseStream.Current.Block is { } part)
            {
                BlockFailure? failure = verifier.Add(part, final);
                Assert.True(failure is null, failure?.Sentence);
            }
        }

        return final;
    }
}
