// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Buffers.Text;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>Listings over the real API: whole pages, the last page, and tokens of other listings.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class ListingTests(ProcessCluster cluster)
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(15);

    private QueryService.QueryServiceClient Queries => cluster.Node(0).Queries;

    [Fact]
    public async Task ListHistory_PageOfTheMostRows_AnswersAndOneRowAPageAgrees()
    {
        using PrivateKey key = await FundedAsync();
        ByteString account = ProcessCluster.Bytes(key.Address);
        ListHistoryResponse whole = await Queries.ListHistoryAsync(
            new ListHistoryRequest { Account = account, PageSize = Limits.PageRows });
        Assert.Equal(2, whole.Events.Count);
        Assert.Equal("", whole.NextPageToken);

        var single = new List<Event>();
        string token = "";
        do
        {
            ListHistoryResponse page = await Queries.ListHistoryAsync(
                new ListHistoryRequest { Account = account, PageSize = 1, PageToken = token });
            single.AddRange(page.Events);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(whole.Events, single);
        Event registered = whole.Events[^1];
        GetBlockResponse block = await Queries.GetBlockAsync(
            new GetBlockRequest { Height = registered.Height });
        Assert.Equal(block.Events[(int)registered.Index], registered);
    }

    [Fact]
    public async Task ListHistory_AddressThatIsNoAccount_IsRefused()
    {
        await cluster.EnsureWholeAsync();
        using var nobody = PrivateKey.Generate();
        await RequireReasonAsync("ACCOUNT_UNKNOWN", async () => await Queries.ListHistoryAsync(
            new ListHistoryRequest { Account = ProcessCluster.Bytes(nobody.Address) }));
    }

    [Fact]
    public async Task ListHolders_SmallPagesWhileBlocksCome_AreOfOneHeightAndEndWithTheLastHolder()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 3);
        Array.ForEach(keys, static key => key.Dispose());
        string asset = Load.Asset.ToString();
        ListHoldersResponse whole = await Queries.ListHoldersAsync(
            new ListHoldersRequest { Asset = asset, PageSize = Limits.PageRows });
        Assert.Equal("", whole.NextPageToken);
        Assert.InRange(whole.Holders.Count, 3, Limits.PageRows);

        var paged = new List<Balance>();
        string token = "";
        ulong height = 0;
        do
        {
            ListHoldersResponse page = await Queries.ListHoldersAsync(new ListHoldersRequest
            {
                Asset = asset,
                PageSize = (uint)(whole.Holders.Count + 2) / 3,
                PageToken = token,
            });
            Assert.True(height == 0 || height == page.AsOfHeight, "pages are of one height");
            height = page.AsOfHeight;
            paged.AddRange(page.Holders);
            token = page.NextPageToken;
            if (paged.Count == page.Holders.Count)
            {
                await cluster.ReachAsync(height + 2, SettleWithin, 0);
            }
        }
        while (token.Length > 0);
        Assert.Equal(whole.Holders, paged);
        ListHoldersResponse exact = await Queries.ListHoldersAsync(
            new ListHoldersRequest { Asset = asset, PageSize = (uint)whole.Holders.Count });
        Assert.Equal((whole.Holders.Count, ""), (exact.Holders.Count, exact.NextPageToken));
    }

    [Fact]
    public async Task Listings_TokenOfAnotherListingOrOfNone_IsRefused()
    {
        // Two fundings are two proposals.
        (await FundedAsync()).Dispose();
        (await FundedAsync()).Dispose();
        string blocks = (await Queries.ListBlocksAsync(new ListBlocksRequest { PageSize = 1 })).NextPageToken;
        string proposals = (await Queries.ListProposalsAsync(
            new ListProposalsRequest { PageSize = 1 })).NextPageToken;
        string holders = (await Queries.ListHoldersAsync(
            new ListHoldersRequest { Asset = Load.Asset.ToString(), PageSize = 1 })).NextPageToken;
        string assets = (await Queries.ListAssetsAsync(new ListAssetsRequest { PageSize = 1 })).NextPageToken;
        Assert.Single((await Queries.ListProposalsAsync(
            new ListProposalsRequest { PageSize = 1, PageToken = proposals })).Proposals);
        foreach (string token in new[]
        {
            blocks, holders, assets, WithNumber(proposals, ulong.MaxValue), WithNumber(proposals, 0),
        })
        {
            await RequireReasonAsync("INVALID_ARGUMENT", async () => await Queries.ListProposalsAsync(
                new ListProposalsRequest { PageToken = token }));
        }

        foreach (string token in new[] { proposals, holders, assets, WithNumber(blocks, ulong.MaxValue) })
        {
            await RequireReasonAsync("INVALID_ARGUMENT", async () => await Queries.ListBlocksAsync(
                new ListBlocksRequest { PageToken = token }));
        }

        await RequireReasonAsync("INVALID_ARGUMENT", async () => await Queries.ListBalancesAsync(
            new ListBalancesRequest
            {
                Account = ProcessCluster.Bytes(cluster.Client.Labels["citizen-1"]),
                PageToken = holders,
            }));
    }

    [Fact]
    public async Task ListBlocks_Rows_CountWhatTheBlocksHaveAndGenesisHasNoSigners()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 1);
        Array.ForEach(keys, static key => key.Dispose());
        ListBlocksResponse page = await Queries.ListBlocksAsync(new ListBlocksRequest { PageSize = 50 });
        Assert.Contains(page.Blocks, static block => block.TransactionCount > 0);
        foreach (BlockSummary block in page.Blocks)
        {
            GetBlockResponse whole = await Queries.GetBlockAsync(
                new GetBlockRequest { Height = block.Height });
            Assert.Equal((uint)whole.Transactions.Count, block.TransactionCount);
        }

        GetBlockResponse genesis = await Queries.GetBlockAsync(new GetBlockRequest { Height = 0 });
        Assert.Equal((0u, 0), (genesis.Summary.Signers, genesis.Certificate.Length));
    }

    private async Task<PrivateKey> FundedAsync()
    {
        await cluster.EnsureWholeAsync();
        return (await Load.FundedAsync(cluster, 1))[0];
    }

    private static async Task RequireReasonAsync(string reason, Func<Task> call) => Assert.Equal(
        reason, ErrorModel.Read(await Assert.ThrowsAsync<RpcException>(call))?.Reason);

    /// <summary>The same token with another number at its end.</summary>
    private static string WithNumber(string token, ulong number)
    {
        byte[] bytes = Base64Url.DecodeFromChars(token);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(bytes.Length - 8), number);
        return Base64Url.EncodeToString(bytes);
    }
}
