// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using FreezeAccount = TokenLedger.Core.Ledger.FreezeAccount;
using FreezeMode = TokenLedger.Core.Ledger.FreezeMode;
using BridgeLockStatus = TokenLedger.Protocol.Ledger.V1.BridgeLockStatus;
using PauseBridge = TokenLedger.Core.Bridge.PauseBridge;
using PrivilegedOperation = TokenLedger.Core.Ledger.PrivilegedOperation;
using ResumeBridge = TokenLedger.Core.Bridge.ResumeBridge;
using RetryBridgeRelease = TokenLedger.Core.Bridge.RetryBridgeRelease;
using UnfreezeAccount = TokenLedger.Core.Ledger.UnfreezeAccount;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>What officers of either side stop waits, loses nothing, and goes on.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeStopTests(BridgeCluster cluster)
{
    [Fact]
    public async Task Pause_OnTheLedger_StopsOneDirectionUntilItIsResumed()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-1");
        await cluster.MintedAsync(await cluster.LockAsync(holder, 90, wallet.Address));

        await cluster.DecideAsync(new PauseBridge(ForeignChain.Id, BridgeStops.Locks, "test"));
        await RequireLockRefusedAsync(holder, "BRIDGE_PAUSED");
        await cluster.ReleasedAsync(await cluster.BurnAsync(wallet, 8, holder.Address));
        await cluster.DecideAsync(new ResumeBridge(ForeignChain.Id, BridgeStops.Locks, "test"));

        await cluster.DecideAsync(new PauseBridge(ForeignChain.Id, BridgeStops.Releases, "test"));
        ulong burn = await cluster.BurnAsync(wallet, 9, holder.Address);
        await cluster.BurnIsAsync(burn, BurnStatus.Suspended, "BRIDGE_PAUSED");
        await cluster.MintedAsync(await cluster.LockAsync(holder, 3, wallet.Address));
        await cluster.DecideAsync(new ResumeBridge(ForeignChain.Id, BridgeStops.Releases, "test"));
        await cluster.ReleasedAsync(burn);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Pause_OfTheContract_HoldsMintsAndRefusesBurnsUntilTheColdQuorumLiftsIt()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-2");
        await cluster.MintedAsync(await cluster.LockAsync(holder, 40, wallet.Address));
        await cluster.PauseAsync(BridgeContracts.PauseMint);
        await cluster.PauseAsync(BridgeContracts.PauseBurn);
        ulong nonce = await cluster.LockAsync(holder, 5, wallet.Address);
        await Deadline.UntilAsync(
            "somebody says that the mint would be refused", BridgeCluster.Patience,
            async () => (await Task.WhenAll(ProcessCluster.All.Select(cluster.NoteAsync)))
                .Any(static note => note.Contains("would be refused", StringComparison.Ordinal)));
        Assert.False((await cluster.Chain.SendAsync(
            wallet, cluster.Chain.Bridge, BridgeContracts.Burn, cluster.Chain.Token(BridgeCluster.Asset),
            (Evm.UInt256)4, BridgeCluster.RecipientOf(holder.Address))).Succeeded);
        Assert.Equal(
            BridgeLockStatus.Signing, (await cluster.LockOfAsync(nonce)).Lock.Status);
        await cluster.UnpauseAsync();
        await cluster.MintedAsync(nonce);
        await cluster.ReleasedAsync(await cluster.BurnAsync(wallet, 4, holder.Address));
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Burn_ForAFrozenAccount_IsSuspendedUntilSomebodyAsksAgain()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] holders = await cluster.FundedAsync(2);
        PrivateKey wallet = cluster.Key("bridge-venue-3");
        await cluster.MintedAsync(await cluster.LockAsync(holders[0], 40, wallet.Address));
        await DecideByRegulatorAsync(new FreezeAccount(
            holders[1].Address, FreezeMode.SendAndReceive, "Order 7/2027",
            Hashing.Hash(DomainTag.Header, [])));
        UInt128 before = await cluster.Nodes.BalanceAsync(0, holders[1].Address, BridgeCluster.Asset);
        ulong frozen = await cluster.BurnAsync(wallet, 6, holders[1].Address);
        await cluster.BurnIsAsync(frozen, BurnStatus.Suspended, "ACCOUNT_FROZEN");

        // Others pass it.
        await cluster.ReleasedAsync(await cluster.BurnAsync(wallet, 2, holders[0].Address));
        TransactionStatus early = await cluster.Nodes.Client.SettleAsync(
            holders[0], new RetryBridgeRelease(ForeignChain.Id, frozen));
        Assert.Equal("ACCOUNT_FROZEN", early.Refusal?.Code);
        await DecideByRegulatorAsync(new UnfreezeAccount(holders[1].Address, "Order 8/2027"));
        await cluster.Nodes.Client.DoAsync(
            holders[0], new RetryBridgeRelease(ForeignChain.Id, frozen));
        await cluster.ReleasedAsync(frozen);
        Assert.Equal(
            before + 6, await cluster.Nodes.BalanceAsync(0, holders[1].Address, BridgeCluster.Asset));
        TransactionStatus again = await cluster.Nodes.Client.SettleAsync(
            holders[0], new RetryBridgeRelease(ForeignChain.Id, frozen));
        Assert.Equal("BRIDGE_BURN_UNKNOWN", again.Refusal?.Code);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    private async Task RequireLockRefusedAsync(PrivateKey holder, string code) => Assert.Equal(
        code, await cluster.RefusalAsync(holder, 1, cluster.Nodes.Client.Labels["bridge-venue-1"]));

    private async Task DecideByRegulatorAsync(PrivilegedOperation operation)
    {
        TransactionStatus proposed = await cluster.Nodes.Client.DoAsync(
            cluster.Key("regulator-maker-1"),
            new Core.Ledger.Propose(
                [operation], new TimestampMs(DevnetClient.NowMs() + 3_600_000), "For a test"));
        await Setup.ApproveAsync(
            cluster.Nodes.Client, [cluster.Key("regulator-checker-1"), cluster.Key("regulator-checker-2")],
            proposed);
    }
}
