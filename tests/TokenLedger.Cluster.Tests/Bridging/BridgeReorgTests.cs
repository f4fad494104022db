// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>The chain abroad takes blocks back: those that were not final, and one that was.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeReorgTests(BridgeCluster cluster)
{
    /// <summary>The newest block alone; and the newest two: the older one was called safe.</summary>
    private const int Newest = 1;
    private const int DeeperThanSafe = 2;

    private const int DeeperThanFinal = 6;

    [Fact]
    public async Task Reorganisation_BlocksThatAreNotFinal_EachTransferEndsOnce()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-1");
        foreach (int depth in new[] { Newest, DeeperThanSafe })
        {
            (ulong nonce, _) = await MintAboveFinalAsync(holder, wallet.Address, depth);
            await cluster.Chain.ReorganiseAsync(depth);
            Assert.False(await IsConsumedAsync(nonce), "the mint went with its block");
            cluster.Chain.Resume();
            await cluster.MintedAsync(nonce);
        }

        (ulong moved, EvmLog first) = await MintAboveFinalAsync(holder, wallet.Address, DeeperThanSafe);
        string raw = await RawAsync(first.TransactionHash);
        await cluster.Chain.DoAsync(
            "anvil_reorg", DeeperThanSafe, new JsonArray(new JsonArray(raw, DeeperThanSafe - 1)));
        EvmReceipt second = (await cluster.Chain.Client.ReceiptAsync(first.TransactionHash))!;
        Assert.Equal(first.BlockNumber + 1, second.BlockNumber);
        cluster.Chain.Resume();
        BridgePlace place = (await cluster.MintedAsync(moved)).Place;
        Assert.Equal(
            (second.BlockNumber, second.BlockHash),
            (place.BlockNumber, new Hash256(place.BlockHash.Span)));

        // A burn that went with its block never was: another gets its number, and that one is released.
        await cluster.Chain.HoldAsync();
        Task<ulong> burning = cluster.BurnAsync(wallet, 5, holder.Address);
        await cluster.PendingAsync();
        await cluster.Chain.MineAsync();
        ulong burn = await burning;
        await cluster.Chain.ReorganiseAsync(Newest);
        cluster.Chain.Resume();
        Assert.Equal(burn, await cluster.BurnAsync(wallet, 6, holder.Address));
        Assert.Equal("6", (await cluster.ReleasedAsync(burn)).Seen.Amount);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Reversal_OfAFinalBlock_HaltsAllBridgesUntilAnOperatorDecides()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        await cluster.RequireAtRestAsync();
        ulong rested = await cluster.Chain.LatestAsync();
        await Deadline.UntilAsync(
            "blocks with nothing in them that may go", BridgeCluster.Patience,
            async () => await cluster.Chain.LatestAsync() > rested + DeeperThanFinal);
        await cluster.Chain.HoldAsync();
        ulong latest = await cluster.Chain.LatestAsync();
        foreach (int node in ProcessCluster.All)
        {
            await Deadline.UntilAsync(
                $"node {node} has read the last final block", BridgeCluster.Patience,
                async () => (await cluster.LaneAsync(node))?.Node.FinalBlock == latest - 2);
        }

        await cluster.Chain.ReorganiseAsync(DeeperThanFinal);
        cluster.Chain.Resume();
        foreach (int node in ProcessCluster.All)
        {
            await cluster.NotesAsync(node, $"Block {latest - 2} was final with hash");
        }

        // The ledger takes locks and gathers them; nobody signs, however long both sides go on.
        ulong nonce = await cluster.LockAsync(holder, 9, cluster.Nodes.Client.Labels["bridge-venue-1"]);
        ulong height = (await cluster.Nodes.StatusAsync(0)).Height;
        await cluster.Nodes.ReachAsync(height + 5, BridgeCluster.Patience, [.. ProcessCluster.All]);
        GetLockResponse waiting = await cluster.LockOfAsync(nonce);
        Assert.Equal(BridgeLockStatus.Signing, waiting.Lock.Status);
        Assert.Equal(0u, waiting.Mint.Signatures);

        // A restart changes nothing; an operator who found that the reversal was harmless lets it read anew.
        cluster.Nodes.Kill(0);
        cluster.Nodes.Start(0);
        await cluster.NotesAsync(0, "was final with hash");
        foreach (int node in ProcessCluster.All)
        {
            cluster.Nodes.Kill(node);
            Directory.Delete(Path.Combine(cluster.Nodes.NodeFolder(node), "data", "bridge"), recursive: true);
        }

        await cluster.Nodes.EnsureWholeAsync();
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    /// <summary>Locks, and holds the chain with the mint in a block that so many would take back.</summary>
    private async Task<(ulong Nonce, EvmLog Minted)> MintAboveFinalAsync(
        PrivateKey holder, Address wallet, int depth)
    {
        await cluster.Chain.HoldAsync();
        ulong nonce = await cluster.LockAsync(holder, 50, wallet);
        await cluster.PendingAsync();
        await cluster.Chain.MineAsync(depth);
        Assert.True(await IsConsumedAsync(nonce), "the mint stands in a block");
        ulong latest = await cluster.Chain.LatestAsync();
        EvmLog minted = Assert.Single(await cluster.Chain.Client.LogsAsync(
            EvmLogFilter.Of(cluster.Chain.Bridge, BridgeContracts.Minted),
            latest - (ulong)depth + 1, latest));
        Assert.Equal(BridgeLockStatus.Signing, (await cluster.LockOfAsync(nonce)).Lock.Status);
        return (nonce, minted);
    }

    private async Task<string> RawAsync(Hash256 transaction) => "0x" + Convert.ToHexStringLower(
        (await cluster.Chain.Client.TransactionAsync(transaction))!.Signed!.Raw.AsSpan());

    private async Task<bool> IsConsumedAsync(ulong nonce) => (bool)(await cluster.Chain.ReadAsync(
        cluster.Chain.Bridge, BridgeContracts.IsConsumed, (UInt256)nonce))[0];
}
