// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>Large locks wait, so that officers can stop them before anybody may sign.</summary>
public sealed class BridgeDelayTests : BridgeFixture
{
    private const ulong DelayMs = HourMs / 4;

    public BridgeDelayTests() => Quota(Wide with { Delay = new BridgeDelay(new Amount(100), DelayMs) });

    [Fact]
    public void Lock_AboveTheDelaysAmount_StandsInNoMessageBeforeExactlyItsMoment()
    {
        ulong large = Lock(101);
        Assert.Equal(DelayMs, LockOf(large).ReadyAt.Since(LockOf(large).LockedAt));

        // Then it is gathered as others are from their locking on.
        Ledger.Wait(DelayMs + GatherMs - 1_001);
        Assert.Equal(GatherMs - 1, Ledger.Next.Time.Since(LockOf(large).ReadyAt));
        BlockResult early = Ledger.Machine.Execute(Ledger.State, Ledger.Next, []);
        Assert.Empty(Assert.IsType<ExecutedBlock>(early).Events);
        Ledger.Wait(1);
        Ledger.RunBlock();
        Assert.Equal(BridgeLockStatus.Signing, LockOf(large).Status);
    }

    [Fact]
    public void Lock_AfterALargeOne_GoesBeforeIt()
    {
        ulong large = Lock(101);
        ulong small = Lock(100);
        Gather();
        Assert.Equal(
            (BridgeLockStatus.Waiting, BridgeLockStatus.Signing),
            (LockOf(large).Status, LockOf(small).Status));
        Ledger.Wait(DelayMs);
        Ledger.RunBlock();
        Gather();
        Assert.Equal(BridgeLockStatus.Signing, LockOf(large).Status);
    }

    [Fact]
    public void Cancel_OfALockThatWaitsForItsMoment_GivesItBackAtOnce()
    {
        ulong large = Lock(101);
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, large));
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(large).Status);
        Ledger.Wait(DelayMs);
        Ledger.RunBlock();
        Gather();
        Assert.Equal(1UL, State.NextMessage);
    }

    /// <summary>What officers do in that time: freeze the account. The units are there, not abroad.</summary>
    [Fact]
    public void Gather_OfAFrozenAccountsLock_GivesItBack()
    {
        ulong large = Lock(101);
        Ledger.Pass(RegulatorMaker, new FreezeAccount(Alice, FreezeMode.Send, "order", default));
        Ledger.Wait(DelayMs);
        Ledger.RunBlock();
        Gather();
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(large).Status);
        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    /// <summary>Or pause the asset: what has not left stays.</summary>
    [Fact]
    public void Gather_OfAPausedAssetsLock_GivesItBack()
    {
        ulong large = Lock(101);
        Ledger.Pass(MinistryMaker, new PauseAsset(Bond, "review"));
        Ledger.Wait(DelayMs);
        Ledger.RunBlock();
        Gather();
        Assert.Equal(BridgeLockStatus.Refunded, LockOf(large).Status);
        Assert.Equal(new Amount(1_000_000), Balance(Alice));
    }

    /// <summary>A new quota concerns new locks: the moment stands in the lock.</summary>
    [Fact]
    public void Quota_WithoutADelay_LeavesTheMomentOfEarlierLocks()
    {
        ulong large = Lock(101);
        Quota(Wide);
        ulong next = Lock(101);
        Gather();
        Assert.Equal(
            (BridgeLockStatus.Waiting, BridgeLockStatus.Signing),
            (LockOf(large).Status, LockOf(next).Status));
        Ledger.MustRun(Alice, new CancelBridgeLock(Chain, large));
    }

    [Fact]
    public void Map_DelayOfMoreThanHalfALocksLife_IsRefused()
    {
        Refuses(RejectionCode.InvalidField, MinistryMaker, new MapBridgeToken(
            Chain, Bond, Token, Wide with
            {
                Delay = new BridgeDelay(new Amount(1), (LifetimeMs / 2) - GatherMs + 1),
            }));
        Quota(Wide with { Delay = new BridgeDelay(new Amount(1), (LifetimeMs / 2) - GatherMs) });
        var propose = new Propose(
            [
                new MapBridgeToken(Chain, Bond, Token, Wide with
                {
                    Delay = new BridgeDelay(Amount.Zero, (Limits.BridgeLockMaxMs / 2) + 1),
                }),
            ],
            Ledger.Time.Plus(HourMs), "");
        Assert.Equal(
            RejectionCode.InvalidField, Ledger.WhyInvalid(Ledger.Draft(MinistryMaker, propose))?.Code);
    }

    private void Quota(BridgeQuota quota) =>
        Ledger.Pass(MinistryMaker, new MapBridgeToken(Chain, Bond, Token, quota));
}
