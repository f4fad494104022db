// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>What gas costs, and what becomes of transactions that no block takes.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeFeeTests(BridgeCluster cluster)
{
    private static readonly UInt256 Gwei = 1_000_000_000ul;

    [Fact]
    public async Task Spike_OverTheCap_IsWaitedOutAndUnderItOutbid()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        Address wallet = cluster.Nodes.Client.Labels["bridge-venue-1"];
        await NoSendsAsync();
        ulong[] before = await SentAsync();
        await SpikeAsync(20_000 * Gwei);
        ulong nonce = await cluster.LockAsync(holder, 3, wallet);
        await Deadline.UntilAsync(
            "somebody says what holds it up", BridgeCluster.Patience,
            async () => (await Task.WhenAll(ProcessCluster.All.Select(cluster.NoteAsync)))
                .Any(static note => note.Contains("the base fee is", StringComparison.Ordinal)));
        Assert.Equal(before, await SentAsync());

        // It falls by an eighth with each empty block.
        await cluster.MintedAsync(nonce);
        await cluster.RequireAtRestAsync();

        // One that waits already, when the fee rises to above what it offered.
        await cluster.Chain.HoldAsync();
        await SpikeAsync(Gwei);
        ulong stuck = await cluster.LockAsync(holder, 4, wallet);
        await cluster.PendingAsync();
        EvmTransaction offered = await WaitingAsync();
        await SpikeAsync(100 * Gwei);
        cluster.Chain.Resume();
        await cluster.MintedAsync(stuck);
        await Deadline.UntilAsync(
            "its nonce is used", BridgeCluster.Patience,
            async () => await cluster.Chain.Client.NonceAsync(offered.From, BlockId.Latest) > offered.Nonce);
        Assert.Null(await cluster.Chain.Client.ReceiptAsync(offered.Hash));
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Transactions_ThatNodesDropped_AreSentAgainAlsoAfterARestart()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] holders = await cluster.FundedAsync(2);
        Address wallet = cluster.Nodes.Client.Labels["bridge-venue-2"];
        await NoSendsAsync();
        ulong[] before = await SentAsync();
        foreach (RpcProxy endpoint in ProcessCluster.All.SelectMany(node => cluster.EndpointsOf(node)))
        {
            endpoint.Lie = RpcLie.DropsSends;
        }

        ulong first = await cluster.LockAsync(holders[0], 5, wallet);
        ulong message = await GatheredAsync(first);
        await OpenSendsAsync();
        ulong second = await cluster.LockAsync(holders[1], 6, wallet);
        Assert.True(await GatheredAsync(second) > message, "each has a message of its own");
        foreach (int node in ProcessCluster.All)
        {
            cluster.Nodes.Kill(node);
        }

        // What came after what was lost has its nonce ready: no gap stays.
        Assert.Equal(before, await SentAsync());
        await cluster.EnsureWholeAsync();
        await Task.WhenAll(cluster.MintedAsync(first), cluster.MintedAsync(second));
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
        await NoSendsAsync();
    }

    /// <summary>The next block costs so much, and each empty one after it an eighth less.</summary>
    private async Task SpikeAsync(UInt256 baseFee)
    {
        await cluster.Chain.DoAsync("anvil_setNextBlockBaseFeePerGas", baseFee.ToHex());
        await cluster.Chain.MineAsync();
    }

    /// <summary>The transaction that waits for a block.</summary>
    private async Task<EvmTransaction> WaitingAsync()
    {
        JsonElement pool = await cluster.Chain.Client.Provider.CallAsync(new EvmRequest("txpool_content"));
        JsonElement first = pool.GetProperty("pending").EnumerateObject().First()
            .Value.EnumerateObject().First().Value;
        return (await cluster.Chain.Client.TransactionAsync(EvmHex.ReadHash(first.GetProperty("hash"))))!;
    }

    /// <summary>Waits until a lock stands in a message, and says in which.</summary>
    private async Task<ulong> GatheredAsync(ulong nonce)
    {
        ulong message = 0;
        await Deadline.UntilAsync(
            $"lock {nonce} stands in a message", BridgeCluster.Patience,
            async () => (message = (await cluster.LockOfAsync(nonce)).Lock.MintMessage) != 0);
        return message;
    }

    private async Task NoSendsAsync() => await Deadline.UntilAsync(
        "no transaction is under way", BridgeCluster.Patience,
        async () => (await Task.WhenAll(ProcessCluster.All.Select(node => cluster.LaneAsync(node))))
            .All(static lane => lane?.Node.OpenSends == 0),
        cluster.Tell);

    private async Task OpenSendsAsync() => await Deadline.UntilAsync(
        "a transaction is under way", BridgeCluster.Patience,
        async () => (await Task.WhenAll(ProcessCluster.All.Select(node => cluster.LaneAsync(node))))
            .Any(static lane => lane?.Node.OpenSends > 0),
        cluster.Tell);

    /// <summary>How many transactions of each validator stand in blocks.</summary>
    private async Task<ulong[]> SentAsync()
    {
        var sent = new List<ulong>();
        foreach (int node in ProcessCluster.All)
        {
            sent.Add(await cluster.Chain.Client.NonceAsync(cluster.SenderOf(node), BlockId.Latest));
        }

        return [.. sent];
    }
}
