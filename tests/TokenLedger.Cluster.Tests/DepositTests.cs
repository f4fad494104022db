// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>What an exchange needs of the API: tags, asking before sending, and balances of earlier heights.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class DepositTests(ProcessCluster cluster)
{
    [Fact]
    public async Task Transfer_ToAnAccountThatRequiresATag_NeedsOneAndDeliversIt()
    {
        (PrivateKey payer, PrivateKey exchange) = await PairAsync();
        await cluster.Client.DoAsync(exchange, new RequireTag(exchange.Address, Required: true));
        V1.TransactionStatus bare = await cluster.Client.SettleAsync(payer, Pay(exchange, 5));
        Assert.Equal(
            (V1.TransactionState.Failed, "TAG_REQUIRED", 0, false),
            (bare.State, bare.Refusal.Code, bare.Refusal.Operation, bare.Refusal.Retriable));
        Assert.Equal("TAG_REQUIRED", (await AskAsync(exchange, "5", 0)).Refusal?.Code);
        Assert.True((await AskAsync(exchange, "5", 7)).CanReceive);

        V1.TransactionStatus paid = await cluster.Client.DoAsync(
            payer, Pay(exchange, 5) with { Tag = ulong.MaxValue, SourceTag = 3 });
        V1.Transferred moved = Assert.Single(paid.Events).Transferred;
        Assert.Equal(("5", ulong.MaxValue, 3UL), (moved.Amount, moved.Tag, moved.SourceTag));

        // The deposit goes back to whom it came from, with the tag that its sender asked for.
        V1.TransactionStatus returned = await cluster.Client.DoAsync(
            exchange,
            new Transfer(Load.Asset, new Address(moved.From.Span), new Amount(5), moved.SourceTag));
        Assert.Equal((payer.Address, 3UL), (
            new Address(returned.Events[0].Transferred.To.Span), returned.Events[0].Transferred.Tag));
        Dispose(payer, exchange);
    }

    [Fact]
    public async Task CanReceive_WhatCouldNotArrive_SaysWhyWithTheTransfersOwnCode()
    {
        (PrivateKey payer, PrivateKey exchange) = await PairAsync();
        using var stranger = PrivateKey.Generate();
        Assert.Equal("RECEIVER_NOT_REGISTERED", (await AskAsync(stranger, "5", 0)).Refusal?.Code);
        Assert.Equal("AMOUNT_ZERO", (await AskAsync(exchange, "0", 0)).Refusal?.Code);
        Assert.Equal(
            "INSUFFICIENT_AVAILABLE", (await AskAsync(exchange, "1000001", 0, from: payer)).Refusal?.Code);
        Assert.Equal("SELF_TRANSFER", (await AskAsync(exchange, "1", 0, from: exchange)).Refusal?.Code);
        Assert.True((await AskAsync(exchange, "1000000", 0, from: payer)).CanReceive);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(exchange, "05", 0));
        Assert.Equal("INVALID_ARGUMENT", ErrorModel.Read(refused)?.Reason);
        Dispose(payer, exchange);
    }

    [Fact]
    public async Task GetBalance_AtEachEarlierHeight_IsWhatTheEventsSayAndNamesTheOneThatMadeIt()
    {
        (PrivateKey payer, PrivateKey exchange) = await PairAsync();
        ulong before = (await cluster.StatusAsync(0)).Height;
        var at = new List<(ulong Height, ulong Balance)>();
        for (uint i = 1; i <= 3; i++)
        {
            V1.TransactionStatus paid = await cluster.Client.DoAsync(
                payer, [.. Enumerable.Repeat<Operation>(Pay(exchange, i), 4)]);
            at.Add((paid.Height, ulong.Parse(
                paid.Events[^1].Transferred.ToAfter, CultureInfo.InvariantCulture)));
        }

        Assert.Equal(Setup.UnitsEach.ToString(), (await BalanceAsync(exchange, before)).Amount);
        foreach ((ulong height, ulong balance) in at)
        {
            V1.GetBalanceResponse told = await BalanceAsync(exchange, height);
            Assert.Equal(
                (height, balance.ToString(CultureInfo.InvariantCulture), height),
                (told.AsOfHeight, told.Amount, told.ChangedHeight));
        }

        // Nothing changed it between two of them.
        Assert.Equal(
            (await BalanceAsync(exchange, at[0].Height)).Amount,
            (await BalanceAsync(exchange, at[1].Height - 1)).Amount);
        Assert.Equal("0", (await BalanceAsync(exchange, 0)).Amount);
        RpcException ahead = await Assert.ThrowsAsync<RpcException>(
            () => BalanceAsync(exchange, at[2].Height + 1_000_000));
        Assert.Equal("HEIGHT_UNKNOWN", ErrorModel.Read(ahead)?.Reason);
        Dispose(payer, exchange);
    }

    private static Transfer Pay(PrivateKey to, uint units) => new(Load.Asset, to.Address, new Amount(units));

    private async Task<(PrivateKey Payer, PrivateKey Exchange)> PairAsync()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        return (keys[0], keys[1]);
    }

    private async Task<V1.CanReceiveResponse> AskAsync(
        PrivateKey to, string amount, ulong tag, PrivateKey? from = null)
    {
        var request = new V1.CanReceiveRequest
        {
            Account = ProcessCluster.Bytes(to.Address),
            Asset = Load.Asset.ToString(),
            Amount = amount,
            Tag = tag,
        };
        if (from is not null)
        {
            request.From = ProcessCluster.Bytes(from.Address);
        }

        return await cluster.Node(0).Queries.CanReceiveAsync(request);
    }

    private async Task<V1.GetBalanceResponse> BalanceAsync(PrivateKey account, ulong height) =>
        await cluster.Node(0).Queries.GetBalanceAsync(new V1.GetBalanceRequest
        {
            Account = ProcessCluster.Bytes(account.Address),
            Asset = Load.Asset.ToString(),
            AtHeight = height,
        });

    private static void Dispose(params PrivateKey[] keys) => Array.ForEach(keys, static key => key.Dispose());
}
