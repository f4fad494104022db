// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>Whether every transfer of a lane, since it was opened, ended exactly once.</summary>
internal static class BridgeAudit
{
    private const uint PageRows = 100;

    /// <summary>Requires it of a network at rest, from what both sides kept of each transfer.</summary>
    public static async Task RequireEachEndedOnceAsync(BridgeCluster cluster)
    {
        await cluster.RequireAtRestAsync();
        Lock[] locks = await LocksAsync(cluster);
        object[][] minted = await cluster.Chain.EventsAsync(BridgeContracts.Minted);
        Assert.Equal(minted.Length, minted.Select(NonceOf).Distinct().Count());
        Assert.Equal(
            locks.Where(static one => one.Status == BridgeLockStatus.Minted)
                .Select(static one => (one.Nonce, Hex(one.Recipient.Span), one.Amount)).Order(),
            minted.Select(static e => (NonceOf(e), Hex(((Address)e[2]).ToArray()), Text(e[3]))).Order());
        Assert.All(locks, static one => Assert.True(
            one.Status is BridgeLockStatus.Minted or BridgeLockStatus.Refunded, $"{one}"));

        Burn[] burns = await BurnsAsync(cluster);
        object[][] burned = await cluster.Chain.EventsAsync(BridgeContracts.Burned);
        Assert.Equal(
            burned.Select(static e => (NonceOf(e), Text(e[4]))),
            burns.Select(static one => (one.Seen.Nonce, one.Seen.Amount)).Order());
        Assert.All(burns, static one => Assert.Equal(BurnStatus.Released, one.Status));

        Lane lane = (await cluster.LaneAsync())!;
        foreach (LaneToken token in lane.Tokens)
        {
            Assert.Equal(Units(token.Locked), Units(token.Minted) + Units(token.Refunded));
            Assert.Equal(token.Burned, token.Released);
            Assert.Equal(Units(token.InEscrow), Units(token.Minted) - Units(token.Released));
            Assert.Equal(
                Units(token.InEscrow), await cluster.Chain.SupplyAsync(AssetId.Parse(token.Asset)));
        }
    }

    /// <summary>All locks of the lane.</summary>
    public static async Task<Lock[]> LocksAsync(BridgeCluster cluster)
    {
        var all = new List<Lock>();
        ulong before = 0;
        do
        {
            ListLocksResponse page = await cluster.Nodes.Node(0).Bridge.ListLocksAsync(
                new ListLocksRequest { ChainId = ForeignChain.Id, Before = before, Limit = PageRows });
            all.AddRange(page.Locks);
            before = page.NextBefore;
        }
        while (before != 0);
        return [.. all];
    }

    private static async Task<Burn[]> BurnsAsync(BridgeCluster cluster)
    {
        var all = new List<Burn>();
        ulong before = 0;
        do
        {
            ListBurnsResponse page = await cluster.Nodes.Node(0).Bridge.ListBurnsAsync(
                new ListBurnsRequest { ChainId = ForeignChain.Id, Before = before, Limit = PageRows });
            all.AddRange(page.Burns);
            before = page.NextBefore;
        }
        while (before != 0);
        return [.. all];
    }

    private static ulong NonceOf(object[] values) => (ulong)(UInt256)values[0];

    private static string Text(object units) =>
        ((UInt128)(UInt256)units).ToString(CultureInfo.InvariantCulture);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static UInt128 Units(string atomic) => UInt128.Parse(atomic, CultureInfo.InvariantCulture);
}
