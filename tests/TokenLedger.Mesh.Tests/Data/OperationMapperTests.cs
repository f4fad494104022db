// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Operations;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests.Data;

/// <summary>Blocks as operations: nothing that changes a balance is missing, and nothing else has an
/// amount.</summary>
public sealed class OperationMapperTests
{
    private readonly FinalChain _chain = new();

    private TestLedger Ledger => _chain.Ledger;

    [Fact]
    public void Transactions_OfGenesis_AreTheRegisterUnderTheBlocksHash()
    {
        Ledger.RunBlock();
        VerifiedBlock genesis = _chain.Verified()[0];
        MeshTransaction only = Assert.Single(OperationMapper.Transactions(genesis, _chain.Genesis));
        Assert.Equal(genesis.Hash, only.Hash);
        Assert.Equal(
            _chain.Genesis.Accounts.Select(static account => account.Address),
            only.Operations.Select(static operation => operation.Account));
        Assert.All(only.Operations, static operation => Assert.Null(operation.Change));
    }

    [Fact]
    public void Transactions_OfATransfer_AreADebitAndItsCreditWithTheTags()
    {
        Ledger.Issue(TestNetwork.Alice, 500);
        Ledger.MustRun(
            TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(20), 7421, 3),
            new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(5)));
        MeshTransaction paid = Assert.Single(Newest());
        Assert.True(paid.Succeeded);
        Assert.Equal(
            [
                (TestNetwork.Alice, new Change(TestNetwork.Bond, new Amount(20), true), null),
                (TestNetwork.Bob, new Change(TestNetwork.Bond, new Amount(20), false), 0),
                (TestNetwork.Alice, new Change(TestNetwork.Bond, new Amount(5), true), null),
                (TestNetwork.Bob, new Change(TestNetwork.Bond, new Amount(5), false), 2),
            ],
            paid.Operations.Select(static o => (o.Account, o.Change!.Value, o.Related)));
        Note[] tags = [new Note("tag", "7421"), new Note("source_tag", "3")];
        Assert.Equal(tags, paid.Operations[1].Metadata.ToArray());
        Assert.All([0, 2, 3], i => Assert.Empty(paid.Operations[i].Metadata));
    }

    [Fact]
    public void Transactions_OfAFailedOne_HaveItsStatusAndMoveNothing()
    {
        Receipt failed = Ledger.Run(
            TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(20)));
        Assert.False(failed.Succeeded);
        MeshTransaction only = Assert.Single(Newest());
        Assert.False(only.Succeeded);
        MeshOperation tried = Assert.Single(only.Operations);
        Assert.Equal((OperationTypes.Transfer, TestNetwork.Alice), (tried.Type, tried.Account));
        Assert.Null(tried.Change);
        Assert.Contains(new Note("to", Eip55.Format(TestNetwork.Bob)), tried.Metadata);
        Assert.Contains(new Note("failure", "INSUFFICIENT_AVAILABLE"), only.Metadata);
    }

    [Fact]
    public void Transactions_OfWhatABlockDoesItself_StandUnderTheBlocksHash()
    {
        Ledger.Issue(TestNetwork.Alice, 6_000_000);
        Assert.True(Ledger.View.Balance(TestNetwork.Alice, TestNetwork.Bond).IsZero, "it is time-locked");
        Ledger.Wait(TestNetwork.HourMs);
        Ledger.RunBlock();
        VerifiedBlock block = _chain.Verified()[^1];
        MeshTransaction own = Assert.Single(OperationMapper.Transactions(block, _chain.Genesis));
        Assert.Equal(block.Hash, own.Hash);
        MeshOperation issued = Assert.Single(own.Operations);
        Assert.Equal(
            (OperationTypes.Issue, TestNetwork.Alice,
                new Change(TestNetwork.Bond, new Amount(6_000_000), false)),
            (issued.Type, issued.Account, issued.Change!.Value));
    }

    [Fact]
    public void Transactions_OfAFreeze_NameItAndMoveNothing()
    {
        Ledger.Issue(TestNetwork.Alice, 500);
        Ledger.Pass(
            TestNetwork.RegulatorMaker,
            new FreezeAccount(TestNetwork.Alice, FreezeMode.SendAndReceive, "Order 7/2026", default));
        MeshOperation frozen = Assert.Single(Newest().SelectMany(static t => t.Operations));
        Assert.Equal((OperationTypes.Freeze, TestNetwork.Alice), (frozen.Type, frozen.Account));
        Assert.Null(frozen.Change);
        Assert.Contains(new Note("mode", "send_and_receive"), frozen.Metadata);
        Assert.Equal((UInt128)500, Sum(_chain.Verified(), TestNetwork.Alice, Ledger.Height));
    }

    [Fact]
    public void Transactions_OfAWholeHistory_SumToEveryBalanceAtEveryHeight()
    {
        var random = new Random(20261130);
        Ledger.Issue(TestNetwork.Alice, 9_000);
        Ledger.Issue(TestNetwork.MinistryAccount, 4_000);
        var balances = new List<(Height Height, UInt128 Alice, UInt128 Bob, UInt128 Ministry)>();
        for (int i = 0; i < 60; i++)
        {
            (Address from, Address to) = random.Next(2) == 0
                ? (TestNetwork.Alice, TestNetwork.Bob)
                : (TestNetwork.Bob, TestNetwork.Alice);
            Ledger.Run(from, new Transfer(TestNetwork.Bond, to, new Amount((UInt128)random.Next(1, 3_000))));
            if (i % 20 == 7)
            {
                Ledger.Pass(
                    TestNetwork.MinistryMaker,
                    new BurnUnits(TestNetwork.Bond, TestNetwork.MinistryAccount, new Amount(900), "bought"));
            }

            balances.Add((Ledger.Height, Of(TestNetwork.Alice), Of(TestNetwork.Bob),
                Of(TestNetwork.MinistryAccount)));
        }

        IReadOnlyList<VerifiedBlock> blocks = _chain.Verified();
        Assert.All(balances, at => Assert.Equal(
            (at.Alice, at.Bob, at.Ministry),
            (Sum(blocks, TestNetwork.Alice, at.Height), Sum(blocks, TestNetwork.Bob, at.Height),
                Sum(blocks, TestNetwork.MinistryAccount, at.Height))));

        UInt128 Of(Address account) => Ledger.View.Balance(account, TestNetwork.Bond).Units;
    }

    // An event that carries a balance and is not mapped would be a change without an operation.
    [Fact]
    public void Events_ThatCarryABalanceAfterIt_AreThoseThatBecomeAmounts() => Assert.Equal(
        [nameof(Transferred), nameof(UnitsBurned), nameof(UnitsIssued)],
        typeof(LedgerEvent).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(LedgerEvent)) && type.GetProperties().Any(
                static property => property.PropertyType == typeof(Amount)
                    && property.Name.EndsWith("After", StringComparison.Ordinal)))
            .Select(static type => type.Name).Order(StringComparer.Ordinal));

    private ImmutableArray<MeshTransaction> Newest() =>
        OperationMapper.Transactions(_chain.Verified()[^1], _chain.Genesis);

    private UInt128 Sum(IReadOnlyList<VerifiedBlock> blocks, Address account, Height upTo) => Sums.Of(
        blocks.Where(block => block.Header.Height <= upTo), _chain.Genesis, account);
}
