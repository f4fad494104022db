// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>
/// Endpoints that do not tell what is so. One deceived validator keeps no transfer from its end, and says
/// what is wrong; one that has two endpoints does nothing unless both agree.
/// </summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeLiarTests(BridgeCluster cluster)
{
    [Fact]
    public async Task Endpoint_OfOneValidatorLies_TransfersEndAndItSaysWhy()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-2");
        RpcProxy liar = cluster.EndpointsOf(BridgeCluster.Deceived).Single();
        await cluster.MintedAsync(await cluster.LockAsync(holder, 500, wallet.Address));
        foreach ((RpcLie lie, string note) in Lies())
        {
            liar.Lie = lie;
            ulong nonce = await cluster.LockAsync(holder, 11, wallet.Address);
            await Task.WhenAll(cluster.MintedAsync(nonce), BurnAsync(wallet, holder.Address));
            await cluster.NotesAsync(BridgeCluster.Deceived, note);
            liar.Lie = null;
            await cluster.NotesAsync(BridgeCluster.Deceived, "");
        }

        // The alarm of one about the supply halts nothing.
        Assert.Equal(0u, (await cluster.LaneAsync())!.Stops);
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    [Fact]
    public async Task Endpoint_OneOfTwoThatMustAgree_FailsOrLies_NothingIsSignedUntilItIsBack()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        Address wallet = cluster.Nodes.Client.Labels["bridge-venue-3"];

        // So that the careful one's signature is needed.
        cluster.EndpointsOf(BridgeCluster.Deceived).Single().Lie = RpcLie.Fails;
        await cluster.NotesAsync(BridgeCluster.Deceived, "0 of 1");
        RpcProxy one = cluster.EndpointsOf(BridgeCluster.Careful)[1];
        foreach ((RpcLie lie, string note) in new[]
        {
            (RpcLie.Fails, "1 of 2"),
            (RpcLie.WrongChain, "Providers disagree about the chain's id"),
        })
        {
            one.Lie = lie;
            await cluster.NotesAsync(BridgeCluster.Careful, note);
            ulong nonce = await cluster.LockAsync(holder, 13, wallet);
            await SignedByAsync(nonce, 2);
            ulong height = (await cluster.Nodes.StatusAsync(0)).Height;
            await cluster.Nodes.ReachAsync(height + 4, BridgeCluster.Patience, 0);
            Assert.Equal(2u, (await cluster.LockOfAsync(nonce)).Mint.Signatures);
            one.Lie = null;
            await cluster.MintedAsync(nonce);
        }

        cluster.EndpointsOf(BridgeCluster.Deceived).Single().Lie = null;
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    private Task<TimeSpan> SignedByAsync(ulong nonce, uint count) => Deadline.UntilAsync(
        $"{count} signed lock {nonce}", BridgeCluster.Patience,
        async () => (await cluster.LockOfAsync(nonce)).Mint?.Signatures == count, cluster.Tell);

    private async Task BurnAsync(PrivateKey wallet, Address account) =>
        await cluster.ReleasedAsync(await cluster.BurnAsync(wallet, 4, account));

    /// <summary>Each lie, and what the deceived validator says of it.</summary>
    private (RpcLie Lie, string Note)[] Lies() =>
    [
        (RpcLie.Fails, "0 of 1"),
        (RpcLie.Hangs, "0 of 1"),
        (RpcLie.WrongChain, "The endpoints serve chain 1, not 31337."),
        (RpcLie.WrongCode, "is not the one that this validator was configured for"),
        (RpcLie.ForgesStorage, "roof"),
        (RpcLie.OmitsLogs, "The events end with burn"),
        (RpcLie.Invents(InventedBurn()), "does not follow the one before"),
        (RpcLie.Lags(100), "block"),
        (RpcLie.ChangesSupply, "are explained"),
    ];

    /// <summary>A burn of all that there is, which nobody made.</summary>
    private JsonObject InventedBurn() => new()
    {
        ["address"] = cluster.Chain.Bridge.ToString(),
        ["topics"] = new JsonArray(
            "0x" + BridgeContracts.Burned.Topic, Word(1_000_000),
            Word(cluster.Chain.Token(BridgeCluster.Asset)), Word(cluster.Chain.Bridge)),
        ["data"] = EvmHex.Data(
        [
            .. BridgeCluster.RecipientOf(cluster.Nodes.Client.Labels["exchange-1"]),
            .. ((UInt256)1_000UL).ToArray(), .. new byte[UInt256.Size],
        ]),
    };

    private static string Word(ulong number) => EvmHex.Data(((UInt256)number).ToArray());

    private static string Word(Address address) =>
        EvmHex.Data([.. new byte[UInt256.Size - Address.Size], .. address.ToArray()]);
}
