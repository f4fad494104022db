// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests;

/// <summary>
/// Random histories on the machine and on a model that knows nothing of overlays, bytes, tiers or rooms.
/// Every block also passes the checks of <see cref="TestLedger"/>: invariants, event replay, same bytes
/// twice.
/// </summary>
public class RandomHistoryTests
{
    private static readonly Address[] Accounts = [Alice, Bob, ExchangeAccount, MinistryAccount, Nobody];
    private static readonly Address[] Checkers =
        [
            MinistryChecker, MinistryChecker2, BankChecker, BankChecker2, TreasuryChecker, RegulatorChecker,
            MinistryMaker,
        ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20260101)]
    public void History_OfRandomOperations_EqualsTheNaiveModel(int seed)
    {
        var random = new Random(seed);
        var tags = new Random(seed + 1);
        TestLedger ledger = TestLedger.Start();
        var model = new NaiveLedger();
        int failed = 0;
        int moved = 0;
        for (int step = 0; step < 800; step++)
        {
            if (random.Next(40) == 0)
            {
                ledger.Wait(2 * HourMs);
            }

            (Address sender, Operation operation) = Next(random, tags, ledger);
            Receipt receipt = ledger.Run(sender, operation);
            model.Tick(ledger.Time);
            bool accepted = model.Apply(sender, operation, ledger.Time);

            Assert.True(
                accepted == receipt.Succeeded,
                $"seed {seed}, step {step}: {operation} by {sender}: {receipt.Code}");
            failed += receipt.Succeeded ? 0 : 1;
            moved += receipt.Succeeded && operation is Transfer ? 1 : 0;
            Compare(ledger, model, $"seed {seed}, step {step}");
        }

        Assert.InRange(failed, 80, 720);
        Assert.InRange(moved, 10, 800);
        Assert.Contains(model.Proposals, proposal => proposal.Status == ProposalStatus.Executed);
        Assert.NotEmpty(model.Balances);
        Assert.Empty(InvariantChecker.FullCheck(ledger.State));
        Assert.Equal(StateTree.Build(ledger.State.Entries()).Root, ledger.Tree.Root);
    }

    private static void Compare(TestLedger ledger, NaiveLedger model, string where)
    {
        foreach (Address account in Accounts)
        {
            foreach (AssetId asset in new[] { Bond, Carbon })
            {
                Amount expected = new(model.Balances.GetValueOrDefault((account, asset)));
                Assert.True(
                    expected == ledger.View.Balance(account, asset), $"{where}: balance of {account}");
                Assert.True(expected == ledger.Replay.Balance(account, asset), $"{where}: replayed balance");
            }
        }

        foreach (AssetId asset in new[] { Bond, Carbon })
        {
            Amount supply = new(model.SupplyOf(asset));
            Assert.True(supply == ledger.View.Supply(asset), $"{where}: supply of {asset}");
            Assert.True(supply == ledger.Replay.Supply(asset), $"{where}: replayed supply");
        }

        for (int i = 0; i < model.Proposals.Count; i++)
        {
            Assert.True(
                model.Proposals[i].Status == ledger.View.Proposal((ulong)i + 1)!.Status,
                $"{where}: proposal {i + 1}");
        }
    }

    private static (Address Sender, Operation Operation) Next(
        Random random, Random tags, TestLedger ledger)
    {
        AssetId asset = random.Next(2) == 0 ? Bond : Carbon;
        switch (random.Next(10))
        {
            case < 4:
                Address from = Accounts[random.Next(4)];
                var transfer = new Transfer(
                    asset, Accounts[random.Next(Accounts.Length)], Units(random), (ulong)tags.Next(8));
                return tags.Next(8) > 0
                    ? (from, transfer)
                    : (
                        tags.Next(3) == 0 || transfer.To == Nobody ? ExchangeRegistrar : transfer.To,
                        new RequireTag(transfer.To, tags.Next(4) == 0));
            case < 5:
                Address maker = asset == Bond ? MinistryMaker : TreasuryMaker;
                return (maker, new Propose([Payload(random, asset)], ledger.Time.Plus(HourMs), "random"));
            case < 9:
                ulong last = ledger.View.NextProposal();
                ulong id = last > 1 ? last - (ulong)random.Next(1, (int)Math.Min(last, 4)) : 1;
                Hash256? right = random.Next(20) == 0 ? null : ledger.View.Proposal(id)?.PayloadHash;
                return (Checkers[random.Next(Checkers.Length)], new ApproveProposal(id, right ?? default));
            default:
                return (
                    random.Next(2) == 0 ? MinistryMaker : BankChecker,
                    new CancelProposal((ulong)random.Next(1, (int)ledger.View.NextProposal() + 1), ""));
        }
    }

    private static PrivilegedOperation Payload(Random random, AssetId asset) => random.Next(14) switch
    {
        0 or 1 => new BurnUnits(asset, random.Next(3) == 0 ? Alice : MinistryAccount, Units(random), ""),
        2 => new PauseAsset(asset, ""),
        3 or 4 or 5 => new ResumeAsset(asset, ""),
        _ => new IssueUnits(asset, Accounts[random.Next(4)], new Amount((UInt128)random.Next(1, 400_000))),
    };

    private static Amount Units(Random random) => new((UInt128)random.Next(1, 60_000));
}
