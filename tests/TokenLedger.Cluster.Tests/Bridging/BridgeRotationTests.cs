// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Testing.Devnet;
using RotateBridgeSigners = TokenLedger.Core.Bridge.RotateBridgeSigners;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>The signers change while locks that they signed wait for their mint.</summary>
[Collection(BridgeGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BridgeRotationTests(BridgeCluster cluster)
{
    /// <summary>The validator that gets another signer's key.</summary>
    private const int Changed = 1;

    [Fact]
    public async Task Rotation_AmidTransfers_OpenLocksAreSignedAnewAndMintedOnce()
    {
        await cluster.EnsureWholeAsync();
        PrivateKey[] holders = await cluster.FundedAsync(3);
        PrivateKey wallet = cluster.Key("bridge-venue-1");
        Lane before = (await cluster.LaneAsync(Changed))!;
        await cluster.PauseAsync(BridgeContracts.PauseMint);
        ulong[] locks = await Task.WhenAll(holders.Select(holder =>
            cluster.LockAsync(holder, 70, wallet.Address)));
        foreach (ulong nonce in locks)
        {
            await SignedAsync(nonce, before.Epoch);
        }

        using PrivateKey signer = PrivateKey.Generate();
        var old = new Core.Address(before.Node.Signer.Span);
        await cluster.DecideAsync(new RotateBridgeSigners(
            ForeignChain.Id, default,
            [
                .. cluster.Terms.Signers
                    .Select(one => one.Key == old ? one with { Key = signer.Address } : one)
                    .OrderBy(static one => one.Key),
            ]));
        foreach (ulong nonce in locks)
        {
            await SignedAsync(nonce, before.Epoch + 1);
        }

        Assert.Equal(
            (UInt256)(before.Epoch + 1),
            (await cluster.Chain.ReadAsync(cluster.Chain.SignerRegister, BridgeContracts.Epoch))[0]);
        await cluster.UnpauseAsync();
        await Task.WhenAll(locks.Select(cluster.MintedAsync));
        await cluster.GiveSignerKeyAsync(Changed, signer);

        // With one of the others away the quorum needs the new signer.
        RpcProxy other = cluster.EndpointsOf(BridgeCluster.Deceived).Single();
        other.Lie = RpcLie.Fails;
        await cluster.NotesAsync(BridgeCluster.Deceived, "0 of 1");
        await cluster.MintedAsync(await cluster.LockAsync(holders[0], 1, wallet.Address));
        other.Lie = null;
        await BridgeAudit.RequireEachEndedOnceAsync(cluster);
    }

    private Task<TimeSpan> SignedAsync(ulong nonce, ulong epoch) => Deadline.UntilAsync(
        $"a quorum signed lock {nonce} in epoch {epoch}",
        BridgeCluster.Patience,
        async () => (await cluster.LockOfAsync(nonce)).Mint is { } mint && mint.Epoch == epoch
            && mint.Signatures >= mint.Quorum,
        cluster.Tell);
}
