// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>What may pass over time.</summary>
public sealed class BridgeBucketTests : BridgeFixture
{
    [Fact]
    public void Lock_OfAnEmptyBucket_IsRefusedUntilExactlyItsMillisecond()
    {
        Outbound(1_000, 10);
        Lock(1_000);

        // Ten units a second are one in 100 ms; the next block is a second later by itself.
        Fails(RejectionCode.BridgeLimit, Alice, Of(11));
        Ledger.Wait(99);
        Assert.Equal(RejectionCode.BridgeLimit, WhyNot(21));
        Ledger.Wait(1);
        Assert.Equal(RejectionCode.BridgeLimit, WhyNot(22));
        Assert.Null(WhyNot(21));
    }

    [Fact]
    public void Lock_OfATinyRate_LosesNothingBetweenRefills()
    {
        Outbound(1_000, 1);
        Lock(999);
        TimestampMs start = LockOf(1).LockedAt;
        for (int i = 0; i < 7; i++)
        {
            // Each lock is a refill of a second and three sevenths, of which one unit and a part is new.
            Ledger.Wait(428);
            Lock(1);
        }

        ulong passed = Ledger.Time.Since(start);
        Assert.Equal((UInt128)(1_000 + passed - 7_000), Books.Outbound.Thousandths);
    }

    [Fact]
    public void Lock_AfterALongTime_FindsNoMoreThanTheCapacity()
    {
        Outbound(1_000, 10);
        Lock(1_000);
        Ledger.Wait(365 * DayMs);
        Assert.Null(WhyNot(1_000));
        Assert.Equal(RejectionCode.BridgeLimit, WhyNot(1_001));
    }

    [Fact]
    public void Bucket_OfTheLargestRates_DoesNotOverflow()
    {
        var most = new BridgeRate(new Amount(UInt128.One << 100), new Amount(UInt128.One << 100));
        Ledger.Pass(
            MinistryMaker,
            new MapBridgeToken(Chain, Bond, Token, Wide with { Outbound = most, Inbound = most }));
        Ledger.Wait(10_000 * DayMs);
        Lock(1_000);
        Assert.Equal(((UInt128.One << 100) - 1_000) * 1_000, Books.Outbound.Thousandths);
        var over = new BridgeRate(new Amount((UInt128.One << 100) + 1), new Amount(1));
        var propose = new Propose(
            [new MapBridgeToken(Chain, Bond, Token, Wide with { Outbound = over })],
            Ledger.Time.Plus(HourMs), "");
        Assert.Equal(
            RejectionCode.InvalidField, Ledger.WhyInvalid(Ledger.Draft(MinistryMaker, propose))?.Code);
    }

    [Fact]
    public void Quota_Lowered_CutsTheBucket_AndRaised_DoesNotFillIt()
    {
        Outbound(500, 1);
        Assert.Equal((UInt128)500_000, Books.Outbound.Thousandths);
        Outbound(2_000, 1);
        Assert.InRange(Books.Outbound.Thousandths, (UInt128)500_000, (UInt128)520_000);
    }

    /// <summary>Who locks and takes back must not keep others from locking.</summary>
    [Fact]
    public void Refund_PutsBackWhatItTook_NeverAboveTheCapacity()
    {
        Outbound(1_000, 1);
        ulong nonce = Lock(900);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));
        Assert.Equal((UInt128)1_000_000, Books.Outbound.Thousandths);
        nonce = Lock(1_000);
        Outbound(400, 1);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, nonce));
        Assert.Equal((UInt128)400_000, Books.Outbound.Thousandths);
    }

    [Fact]
    public void Directions_HaveBucketsOfTheirOwn()
    {
        Mint(100);
        UInt128 outbound = Books.Outbound.Thousandths;
        See(Burn(1, 100));
        Assert.Equal(outbound, Books.Outbound.Thousandths);
        Assert.Equal((UInt128)399_900_000, Books.Inbound.Thousandths);
    }

    private static LockForBridge Of(ulong amount) => new(Chain, Bond, new Amount(amount), Abroad);

    private RejectionCode? WhyNot(ulong amount) =>
        Ledger.Machine.Simulate(Ledger.State, Ledger.Next, Ledger.Draft(Alice, Of(amount))).Rejection?.Code;

    private void Outbound(ulong capacity, ulong perSecond) => Ledger.Pass(MinistryMaker, new MapBridgeToken(
        Chain, Bond, Token,
        Wide with { Outbound = new BridgeRate(new Amount(capacity), new Amount(perSecond)) }));
}
