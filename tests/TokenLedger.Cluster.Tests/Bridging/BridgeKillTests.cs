// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>Validators die in the middle of transfers both ways; each transfer ends exactly once.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeKillTests(BridgeCluster cluster, ITestOutputHelper output)
{
    private const int PeopleEachWay = 3;
    private const ulong FirstUnits = 300;

    [Fact]
    public async Task Validators_KilledOneByOneThenAllAtOnce_EachTransferEndsOnce()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] holders = await cluster.FundedAsync(PeopleEachWay + 1);
        PrivateKey[] wallets = [cluster.Key("bridge-venue-1"), cluster.Key("bridge-venue-2"),
            cluster.Key("bridge-venue-3")];
        var first = new List<ulong>();
        foreach (PrivateKey wallet in wallets)
        {
            first.Add(await cluster.LockAsync(holders[PeopleEachWay], FirstUnits, wallet.Address));
        }

        await Task.WhenAll(first.Select(cluster.MintedAsync));

        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var traffic = new Traffic(cluster, holders[..PeopleEachWay], wallets);
        await using (traffic)
        {
            await traffic.MoreAsync(3);
            foreach (int victim in ProcessCluster.All.OrderBy(_ => random.Next()))
            {
                await PauseAsync(random);
                cluster.Nodes.Kill(victim);
                await PauseAsync(random);
                cluster.Nodes.Start(victim);
                await Deadline.UntilAsync(
                    $"node {victim} answers again",
                    BridgeCluster.Patience,
                    async () => await cluster.Nodes.TryStatusAsync(victim) is not null);
            }

            await PauseAsync(random);
            foreach (int victim in ProcessCluster.All.OrderBy(_ => random.Next()))
            {
                cluster.Nodes.Kill(victim);
            }

            await cluster.Nodes.EnsureWholeAsync();
            await traffic.MoreAsync(3);
        }

        output.WriteLine($"{traffic.Locks.Count} locks, {traffic.Burns.Count} burns");
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
        await RequireHoldingsAsync(traffic, holders[..PeopleEachWay]);
    }

    /// <summary>Each holder has what was not minted and what came back, to the unit.</summary>
    private async Task RequireHoldingsAsync(Traffic traffic, PrivateKey[] holders)
    {
        HashSet<ulong> minted = [.. (await BridgeAudit.LocksAsync(cluster))
            .Where(static one => one.Status == BridgeLockStatus.Minted).Select(static one => one.Nonce)];
        foreach (Address holder in holders.Select(static key => key.Address))
        {
            int gone = traffic.Locks.Count(one => one.Value == holder && minted.Contains(one.Key));
            int back = traffic.Burns.Count(one => one.Value == holder);
            Assert.Equal(
                Setup.UnitsEach.Units - ((ulong)gone * Traffic.LockUnits) + ((ulong)back * Traffic.BurnUnits),
                await cluster.Nodes.BalanceAsync(0, holder, BridgeCluster.Asset));
        }
    }

    private static async Task PauseAsync(Random random)
    {
        for (int i = random.Next(40); i >= 0; i--)
        {
            await Deadline.PauseAsync();
        }
    }
}
