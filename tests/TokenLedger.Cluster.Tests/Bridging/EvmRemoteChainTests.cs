// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests.Interop;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>Reading the deployed contracts: proofs of their storage, their events, supplies, and that they
/// are the right ones.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class EvmRemoteChainTests(BridgeCluster cluster)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Read_DeployedContracts_TellsWhatTheyHoldAndWhatHappened()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey holder = (await cluster.FundedAsync(1))[0];
        PrivateKey wallet = cluster.Key("bridge-venue-2");
        ulong nonce = await cluster.LockAsync(holder, 21, wallet.Address);
        BridgePlace minted = PlaceOf(await cluster.MintedAsync(nonce));
        ulong burn = await cluster.BurnAsync(wallet, 20, holder.Address);
        await cluster.ReleasedAsync(burn);

        using var endpoint = Anvil.ClientOf(cluster.Chain.Endpoint, "anvil").Provider;
        EvmRemoteChain remote = Open(endpoint, Settings(CodeHash("bridge")));
        await remote.CheckIdentityAsync(LedgerId, cluster.Terms, default);
        RemoteHead head = await remote.FinalHeadAsync(default);
        ulong never = nonce + 1_000;
        Address token = cluster.Chain.Token(BridgeCluster.Asset);
        RemoteState state = await remote.StateAsync(head, [nonce, never], [token], default);
        Assert.Equal([nonce], state.Consumed);
        Assert.Equal((burn, never), (state.Burns, state.AskedUpTo));
        Assert.Equal(
            new Amount(await cluster.Chain.SupplyAsync(BridgeCluster.Asset)), state.Supplies[token]);

        ImmutableArray<BridgeObservation> facts = await remote.FactsAsync(
            cluster.Terms.StartBlock, head.Number, default);
        Assert.Equal(
            minted, Assert.Single(facts.OfType<MintObserved>(), fact => fact.Nonce == nonce).Place);
        BurnObserved[] burns = [.. facts.OfType<BurnObserved>()];
        Assert.Equal(Enumerable.Range(1, (int)burn).Select(i => (ulong)i), burns.Select(b => b.Nonce));
        Assert.Equal((20UL, state.Accumulator), ((ulong)burns[^1].Amount.Units, burns[^1].Accumulator));

        // As many words of bits as no single proof has.
        ulong[] far = [nonce, .. Enumerable.Range(1, 1_100).Select(i => never + (256 * (ulong)i))];
        Assert.Equal([nonce], (await remote.StateAsync(head, far, [], default)).Consumed);

        // The block before the mint knows nothing of it.
        RemoteHead earlier = (await remote.HeadAsync(minted.Number - 1, default))!;
        Assert.Empty((await remote.StateAsync(earlier, [nonce], [token], default)).Consumed);
    }

    [Fact]
    public async Task CheckIdentity_AnotherChainOrCodeOrLedger_IsAFaultThatDoesNotPass()
    {
        await cluster.EnsureWholeAsync();
        using var endpoint = Anvil.ClientOf(cluster.Chain.Endpoint, "anvil").Provider;
        EvmRemoteChain remote = Open(endpoint, Settings(CodeHash("bridge")));
        await RequireFaultAsync(remote, LedgerId, cluster.Terms with { ChainId = 1 }, "serve chain");
        await RequireFaultAsync(
            remote, LedgerId, cluster.Terms with { RemoteGenesis = LedgerId }, "another origin");
        await RequireFaultAsync(remote, CodeHash("bridge"), cluster.Terms, "another ledger's");
        await RequireFaultAsync(
            Open(endpoint, Settings(CodeHash("validatorSet"))), LedgerId, cluster.Terms,
            "is not the one that this validator was configured for");
    }

    private Hash256 LedgerId => cluster.Nodes.Client.Digest.GenesisHash;

    private Hash256 CodeHash(string contract) => new(Convert.FromHexString(
        cluster.Chain.Deployment[contract]!["codeHash"]!.GetValue<string>().AsSpan(2)));

    private EvmRemoteChain Open(EvmProvider endpoint, LaneSettings settings) => new(
        new ProviderQuorum([new EvmClient(endpoint)], 1, Within, TimeProvider.System), cluster.Terms,
        settings);

    private LaneSettings Settings(Hash256 code) => new()
    {
        ChainId = ForeignChain.Id,
        Endpoints = [cluster.Chain.Endpoint],
        Required = 1,
        CodeHash = code,
        SignerCodeHash = CodeHash("validatorSet"),
    };

    private static BridgePlace PlaceOf(Protocol.Bridge.V1.Lock one) => new(
        one.Place.BlockNumber, new Hash256(one.Place.BlockHash.Span),
        new Hash256(one.Place.TransactionHash.Span));

    private static async Task RequireFaultAsync(
        EvmRemoteChain remote, Hash256 ledger, OpenBridgeLane lane, string why)
    {
        RemoteFaultException fault = await Assert.ThrowsAsync<RemoteFaultException>(
            () => remote.CheckIdentityAsync(ledger, lane, default));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
    }
}
