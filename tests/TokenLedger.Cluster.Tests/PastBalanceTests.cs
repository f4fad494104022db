// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Cluster.Tests;

/// <summary>What an account had at earlier heights, whatever else happened to it since.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class PastBalanceTests(ProcessCluster cluster)
{
    private const int DustTransactions = 300;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private static readonly AssetId Dust = AssetId.Parse("GOV-BOND-2031");

    private QueryService.QueryServiceClient Queries => cluster.Node(0).Queries;

    /// <summary>Anybody can send anybody dust, and a transaction has a hundred transfers.</summary>
    [Fact]
    public async Task GetBalance_ThirtyThousandEventsOfAnotherAssetSince_AnswersAtEveryHeight()
    {
        await cluster.EnsureWholeAsync();
        ulong before = (await cluster.StatusAsync(0)).Height;
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        await Setup.IssueAsync(cluster.Client, [keys[0]], Dust);
        (PrivateKey sender, Address account) = (keys[0], keys[1].Address);
        ulong funded = (await cluster.StatusAsync(0)).Height;
        ulong last = await DustAsync(sender, account);

        Balance held = Held(Load.Asset, Setup.UnitsEach);
        Balance dust = Held(Dust, new Amount((UInt128)DustTransactions * Limits.OperationsPerTransaction));
        GetBalanceResponse then = await BalanceAsync(account, funded);
        Assert.Equal((held.Amount, funded), (then.Amount, then.AsOfHeight));
        Assert.InRange(then.ChangedHeight, before + 1, funded);
        GetBalanceResponse now = await BalanceAsync(account, last);
        Assert.Equal(
            (held.Amount, then.ChangedHeight, then.ChangedIndex),
            (now.Amount, now.ChangedHeight, now.ChangedIndex));
        Assert.Equal("0", (await BalanceAsync(account, before)).Amount);

        Assert.Empty(await ListAsync(account, before));
        Assert.Equal([held], await ListAsync(account, funded));
        Assert.Equal([dust, held], await ListAsync(account, last));
        Array.ForEach(keys, static key => key.Dispose());

        Balance Held(AssetId asset, Amount amount) => new()
        {
            Account = ProcessCluster.Bytes(account),
            Asset = asset.ToString(),
            Amount = amount.ToString(),
            Decimals = 2,
        };
    }

    /// <summary>What left since is listed at the height when it was there, and not after.</summary>
    [Fact]
    public async Task ListBalances_AtAHeightBeforeAllWasPaidAway_ShowsIt()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        ulong funded = (await cluster.StatusAsync(0)).Height;
        SubmitTransactionResponse submitted = await cluster.Node(0).Transactions.SubmitTransactionAsync(
            cluster.Client.Sign(keys[0], 0, new Transfer(Load.Asset, keys[1].Address, Setup.UnitsEach)));
        ulong paid = (await cluster.FinalAsync(0, submitted.TransactionId, Within)).Height;

        Assert.Equal(
            [(Load.Asset.ToString(), Setup.UnitsEach.ToString())],
            (await ListAsync(keys[0].Address, paid - 1)).Select(static b => (b.Asset, b.Amount)));
        Assert.Empty(await ListAsync(keys[0].Address, paid));
        Assert.Equal(
            Setup.UnitsEach.ToString(), Assert.Single(await ListAsync(keys[1].Address, funded)).Amount);
        Assert.Equal(
            new Amount(2 * Setup.UnitsEach.Units).ToString(),
            Assert.Single(await ListAsync(keys[1].Address, paid)).Amount);
        Array.ForEach(keys, static key => key.Dispose());
    }

    [Fact]
    public async Task ListBalances_AtAHeightWithTokenOfAnotherOrUnknown_IsRefused()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 1);
        await Setup.IssueAsync(cluster.Client, keys, Dust);
        ByteString account = ProcessCluster.Bytes(keys[0].Address);
        keys[0].Dispose();
        ulong head = (await cluster.StatusAsync(0)).Height;
        ListBalancesResponse first = await Queries.ListBalancesAsync(
            new ListBalancesRequest { Account = account, AtHeight = head, PageSize = 1 });
        Assert.Equal((head, 1), (first.AsOfHeight, first.Balances.Count));
        string token = first.NextPageToken;
        Assert.NotEqual("", token);

        ByteString other = ProcessCluster.Bytes(cluster.Client.Labels["citizen-1"]);
        string pinned = (await Queries.ListBalancesAsync(
            new ListBalancesRequest { Account = account, PageSize = 1 })).NextPageToken;
        foreach (ListBalancesRequest request in (ListBalancesRequest[])
        [
            new() { Account = account, AtHeight = head - 1, PageToken = token },
            new() { Account = other, AtHeight = head, PageToken = token },
            new() { Account = account, PageToken = token },
            new() { Account = account, AtHeight = head, PageToken = pinned },
        ])
        {
            await RefusedAsync("INVALID_ARGUMENT", request);
        }

        await RefusedAsync(
            "HEIGHT_UNKNOWN", new ListBalancesRequest { Account = account, AtHeight = head + 1_000_000 });
        await RefusedAsync("ACCOUNT_UNKNOWN", new ListBalancesRequest
        {
            Account = ByteString.CopyFrom(new byte[Address.Size]),
            AtHeight = head,
        });
    }

    private async Task RefusedAsync(string reason, ListBalancesRequest request)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await Queries.ListBalancesAsync(request));
        Assert.Equal(reason, ErrorModel.Read(refused)?.Reason);
    }

    /// <returns>The height of the last of them.</returns>
    private async Task<ulong> DustAsync(PrivateKey sender, Address account)
    {
        Core.Ledger.Operation[] hundred = [.. Enumerable.Repeat<Core.Ledger.Operation>(
            new Transfer(Dust, account, new Amount(1)), Limits.OperationsPerTransaction)];
        ulong nonce = (await cluster.NonceAsync(0, sender.Address)).Next;
        ByteString id = ByteString.Empty;
        for (int i = 0; i < DustTransactions; i++)
        {
            id = (await cluster.Node(0).Transactions.SubmitTransactionAsync(
                cluster.Client.Sign(sender, nonce + (ulong)i, [.. hundred]))).TransactionId;
        }

        return (await cluster.FinalAsync(0, id, Within)).Height;
    }

    private async Task<GetBalanceResponse> BalanceAsync(Address account, ulong height) =>
        await Queries.GetBalanceAsync(new GetBalanceRequest
        {
            Account = ProcessCluster.Bytes(account),
            Asset = Load.Asset.ToString(),
            AtHeight = height,
        });

    /// <summary>One a page.</summary>
    private async Task<List<Balance>> ListAsync(Address account, ulong height)
    {
        var all = new List<Balance>();
        var request = new ListBalancesRequest
        {
            Account = ProcessCluster.Bytes(account),
            AtHeight = height,
            PageSize = 1,
        };
        do
        {
            ListBalancesResponse page = await Queries.ListBalancesAsync(request);
            Assert.Equal(height, page.AsOfHeight);
            all.AddRange(page.Balances);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}
