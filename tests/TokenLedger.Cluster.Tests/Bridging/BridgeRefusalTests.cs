// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>Limits that are used up, and receivers whom the token abroad refuses.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeRefusalTests(BridgeCluster cluster)
{
    /// <summary>A bucket of the contract gains two units a second when a day fills it.</summary>
    private const ulong DailyUnits = 172_800;
    private const uint Day = 86_400;

    private const int ReceiverNotEligible = 19;
    private const int ReceiverFrozen = 22;
    private const int BucketEmpty = 4;

    [Fact]
    public async Task Limit_OfTheLedgerUsedUp_RefusesOrSuspendsUntilItIsRefilled()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1, BridgeCluster.Other))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-1");
        await cluster.DecideAsync(cluster.Join(BridgeCluster.Other, capacity: 1_000, perSecond: 100));
        ulong most = await cluster.LockAsync(holder, 1_000, wallet.Address, BridgeCluster.Other);
        Assert.Equal(
            "BRIDGE_LIMIT", await cluster.RefusalAsync(holder, 500, wallet.Address, BridgeCluster.Other));
        await Deadline.UntilAsync(
            "what may be locked comes back", BridgeCluster.Patience,
            async () => await cluster.RefusalAsync(holder, 200, wallet.Address, BridgeCluster.Other) == "");
        await cluster.MintedAsync(most);
        await Deadline.UntilAsync(
            "both are minted", BridgeCluster.Patience,
            async () => await cluster.Chain.UnitsAsync(BridgeCluster.Other, wallet.Address) >= 1_200);
        ulong first = await cluster.BurnAsync(wallet, 1_000, holder.Address, BridgeCluster.Other);
        ulong second = await cluster.BurnAsync(wallet, 150, holder.Address, BridgeCluster.Other);
        await cluster.BurnIsAsync(second, BurnStatus.Suspended, "BRIDGE_LIMIT");
        await cluster.ReleasedAsync(first);
        await cluster.ReleasedAsync(second);
        await cluster.DecideAsync(cluster.Join(BridgeCluster.Other));
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Mint_OfOneItemIsRefused_TheOthersOfItsBatchAreMintedAtOnce()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1, BridgeCluster.Limited))[0];
        Address[] wallets = [.. Enumerable.Range(1, 3).Select(i =>
            cluster.Nodes.Client.Labels[$"bridge-venue-{i}"])];
        Address stranger = cluster.Nodes.Client.Labels["bridge-stranger"];
        await cluster.FreezeAsync(BridgeCluster.Limited, wallets[1], frozen: true);
        ulong[] locks = await BatchAsync(holder, [wallets[0], wallets[1], wallets[2], stranger]);
        byte[] batch = await CallOfAsync(await cluster.MintedAsync(locks[0]));
        await cluster.MintedAsync(locks[2]);
        await RefusedAsync(locks[1], ReceiverFrozen);
        await RefusedAsync(locks[3], ReceiverNotEligible);
        await SaidAsync(locks[1], "RECEIVER_FROZEN");
        await SaidAsync(locks[3], "RECEIVER");
        await cluster.FreezeAsync(BridgeCluster.Limited, wallets[1], frozen: false);
        await cluster.MintedAsync(locks[1]);
        await RequireContractLimitsAsync(holder, cluster.Key("bridge-venue-1"));

        // Who carries the batch again gets nothing by it: not while it holds, and not later.
        PrivateKey anybody = cluster.Key("bridge-venue-3");
        EvmReceipt again = await cluster.Chain.SendAsync(anybody, cluster.Chain.Bridge, batch);
        Assert.DoesNotContain(again.Logs, static log => log.Topics[0] == BridgeContracts.Minted.Topic);

        // Nobody registered the stranger: the units come back after the deadline.
        await cluster.EndedAsync(locks[3], BridgeLockStatus.Refunded);
        Assert.False((await cluster.Chain.SendAsync(anybody, cluster.Chain.Bridge, batch)).Succeeded);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    /// <summary>The contract's buckets are used up in both directions, and fill again.</summary>
    private async Task RequireContractLimitsAsync(PrivateKey holder, PrivateKey wallet)
    {
        await cluster.Chain.MustAsync(
            cluster.Key("bridge-limiter"), cluster.Chain.Bridge, BridgeContracts.LowerLimit,
            cluster.Chain.Token(BridgeCluster.Limited),
            new object[]
            {
                (UInt256)1_000_000, (UInt256)1_000_000, (UInt256)DailyUnits, (UInt256)DailyUnits,
                (UInt256)Day, (UInt256)Day,
            });
        await cluster.MintedAsync(
            await cluster.LockAsync(holder, DailyUnits - 1, wallet.Address, BridgeCluster.Limited));
        ulong late = await cluster.LockAsync(holder, 20, wallet.Address, BridgeCluster.Limited);
        await RefusedAsync(late, BucketEmpty);
        await cluster.MintedAsync(late);

        ulong all = await cluster.BurnAsync(wallet, DailyUnits - 1, holder.Address, BridgeCluster.Limited);
        Assert.False(await TryBurnAsync(wallet, holder.Address), "the bucket is empty");
        await Deadline.UntilAsync(
            "burns pass again", BridgeCluster.Patience, () => TryBurnAsync(wallet, holder.Address));
        await cluster.ReleasedAsync(all + 1);
    }

    private async Task<bool> TryBurnAsync(PrivateKey wallet, Address account) =>
        (await cluster.Chain.SendAsync(
            wallet, cluster.Chain.Bridge, BridgeContracts.Burn, cluster.Chain.Token(BridgeCluster.Limited),
            (UInt256)15, BridgeCluster.RecipientOf(account))).Succeeded;

    /// <summary>The call that minted a lock.</summary>
    private async Task<byte[]> CallOfAsync(Lock minted) =>
    [
        .. (await cluster.Chain.Client.TransactionAsync(new Hash256(minted.Place.TransactionHash.Span)))!
            .Signed!.Transaction.Data,
    ];

    /// <summary>Locks of one transaction, which one message carries.</summary>
    private async Task<ulong[]> BatchAsync(PrivateKey holder, Address[] wallets)
    {
        TransactionStatus done = await cluster.Nodes.Client.DoAsync(holder, [.. wallets.Select(wallet =>
            (Core.Ledger.Operation)new Core.Bridge.LockForBridge(
                ForeignChain.Id, BridgeCluster.Limited, new Amount(30), wallet))]);
        return [.. done.Events.Where(static e => e.BridgeLocked is not null)
            .Select(static e => e.BridgeLocked.Nonce)];
    }

    /// <summary>A validator says why a lock is refused, while it is open.</summary>
    private Task<TimeSpan> SaidAsync(ulong nonce, string name) => Deadline.UntilAsync(
        $"a validator says that lock {nonce} is refused by {name}", BridgeCluster.Patience,
        async () => (await cluster.LockOfAsync(nonce)).Refusal?.Name == name, cluster.Tell);

    private Task<TimeSpan> RefusedAsync(ulong nonce, int reason) => Deadline.UntilAsync(
        $"the contract refuses lock {nonce} by reason {reason}", BridgeCluster.Patience,
        async () => (await cluster.Chain.EventsAsync(BridgeContracts.MintRejected)).Any(e =>
            (UInt256)e[0] == nonce && (UInt256)e[2] == (ulong)reason),
        cluster.Tell);
}
