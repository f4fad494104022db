// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Mesh.Operations;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Mesh.Tests.Data;

/// <summary>Units that go to another chain and come back, as operations: transfers with the escrow.</summary>
public sealed class BridgeOperationTests
{
    private const ulong Chain = 11_155_111;
    private const ulong GatherMs = 10_000;

    private static readonly Address Escrow = BridgeEscrow.Of(Chain);
    private static readonly Address Token = Named("token");
    private static readonly Address Abroad = Named("abroad");

    private static readonly ImmutableArray<BridgeSigner> Signers =
    [
        .. new[] { Ministry, Treasury, Bank, Regulator }
            .Select(static (owner, i) => new BridgeSigner(Named($"signer {i}"), owner))
            .OrderBy(static signer => signer.Key),
    ];

    private readonly FinalChain _chain = new();

    public BridgeOperationTests()
    {
        Ledger.Issue(Alice, 1_000_000);
        Ledger.Pass(MinistryMaker, new OpenBridgeLane(
            Chain, Named("bridge"), Named("register"), Hash("genesis"), 100, HourMs, GatherMs, Signers));
        var rate = new BridgeRate(new Amount(400_000), new Amount(1_000));
        Ledger.Pass(MinistryMaker, new MapBridgeToken(
            Chain, Bond, Token, new BridgeQuota(new Amount(100_000), new Amount(500_000), rate, rate)));
    }

    private TestLedger Ledger => _chain.Ledger;

    [Fact]
    public void Lock_AndItsRefundByTheBlockItself_AreTransfersWithTheEscrow()
    {
        Ledger.MustRun(Alice, new LockForBridge(Chain, Bond, new Amount(100), Abroad));
        MeshTransaction locked = Assert.Single(Newest());
        RequireMove(locked, Alice, Escrow, 100);
        Assert.Equal(
            (OperationTypes.BridgeLock, Alice, (Change?)null),
            (locked.Operations[2].Type, locked.Operations[2].Account, locked.Operations[2].Change));

        Ledger.Wait(2 * HourMs);
        Ledger.RunBlock();
        VerifiedBlock block = _chain.Verified()[^1];
        MeshTransaction refunded = Assert.Single(Newest());
        Assert.Equal(block.Hash, refunded.Hash);
        RequireMove(refunded, Escrow, Alice, 100);
        RequireSums();
    }

    [Fact]
    public void Release_OfUnitsBurnedAbroad_IsATransferFromTheEscrowWithItsTag()
    {
        Ledger.MustRun(Alice, new LockForBridge(Chain, Bond, new Amount(100), Abroad));
        Ledger.Wait(GatherMs);
        Ledger.RunBlock();
        See(new MintObserved(1, Place(1_000)));
        See(new BurnObserved(
            1, Token, Abroad, BridgeRecipient.Of(Bob, 77), new Amount(60), Hash("burn"), Place(1_001)));
        MeshTransaction released = Assert.Single(Newest());
        RequireMove(released, Escrow, Bob, 60);
        MeshOperation told = released.Operations[2];
        Assert.Equal((OperationTypes.BridgeRelease, Bob, (Change?)null), (
            told.Type, told.Account, told.Change));
        Assert.Contains(new Note("tag", "77"), told.Metadata);
        RequireSums();
    }

    private void See(BridgeObservation fact)
    {
        foreach (BridgeSigner signer in Signers.Take(3))
        {
            Ledger.MustRun(signer.Key, new ObserveBridge(Chain, [fact]));
        }
    }

    private void RequireSums() => Assert.All([Alice, Bob, Escrow], account => Assert.Equal(
        Ledger.View.Balance(account, Bond).Units, Sums.Of(_chain.Verified(), _chain.Genesis, account)));

    private ImmutableArray<MeshTransaction> Newest() =>
        OperationMapper.Transactions(_chain.Verified()[^1], _chain.Genesis);

    private static void RequireMove(MeshTransaction transaction, Address from, Address to, ulong units) =>
        Assert.Equal(
            [
                (from, new Change(Bond, new Amount(units), IsDebit: true), null),
                (to, new Change(Bond, new Amount(units), IsDebit: false), 0),
            ],
            transaction.Operations.Take(2).Select(static o => (o.Account, o.Change!.Value, o.Related)));

    private static BridgePlace Place(ulong block) => new(block, Hash($"block {block}"), Hash("tx"));

    private static Hash256 Hash(string text) =>
        Hashing.Hash(DomainTag.StateValue, System.Text.Encoding.UTF8.GetBytes(text));
}
