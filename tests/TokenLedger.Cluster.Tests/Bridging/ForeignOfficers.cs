// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>What guardians, registrars, limiters, enforcers and the cold quorum do abroad.</summary>
internal static class ForeignOfficers
{
    private const int ColdQuorum = 3;
    private const uint Year2100 = 4_102_444_800;

    public static Task PauseAsync(this BridgeCluster cluster, AbiFunction pause) =>
        cluster.Chain.MustAsync(cluster.Key("bridge-guardian"), cluster.Chain.Bridge, pause);

    /// <summary>Three of the four cold keys lift all pauses.</summary>
    public static async Task UnpauseAsync(this BridgeCluster cluster)
    {
        ForeignChain chain = cluster.Chain;
        PrivateKey[] cold =
        [
            .. Enumerable.Range(1, ProcessCluster.Size).Select(i => cluster.Key($"bridge-cold-{i}"))
                .OrderBy(static key => key.Address),
        ];
        var next = (UInt256)(await chain.ReadAsync(chain.Bridge, BridgeContracts.ActionNonce))[0] + 1;
        object action = (await chain.ReadAsync(chain.Bridge, BridgeContracts.HashUnpause, true, true))[0];
        object digest = (await chain.ReadAsync(
            chain.Bridge, BridgeContracts.ColdDigest, next, action, UInt256.Zero))[0];
        object[] proof =
        [
            cold.Select(static key => (object)key.Address).ToArray(), (UInt256)0b111,
            cold.Take(ColdQuorum).SelectMany(key => key.Sign(new Hash256((byte[])digest))).ToArray(),
        ];
        await chain.MustAsync(
            cluster.Key("bridge-registrar"), chain.Bridge, BridgeContracts.Unpause, true, true, next,
            UInt256.Zero, proof);
    }

    public static Task RegisterAsync(this BridgeCluster cluster, Address holder) => cluster.Chain.MustAsync(
        cluster.Key("bridge-registrar"), cluster.Chain.Eligibility, BridgeContracts.SetHolder, holder,
        (UInt256)1, (UInt256)586, (UInt256)Year2100, false);

    public static Task FreezeAsync(this BridgeCluster cluster, AssetId asset, Address holder, bool frozen) =>
        cluster.Chain.MustAsync(
            cluster.Key("bridge-enforcer"), cluster.Chain.Token(asset), BridgeContracts.SetFrozen, holder,
            frozen);
}
