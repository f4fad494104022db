// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

public class TransferTests
{
    private readonly TestLedger _ledger = TestLedger.Start();

    public TransferTests() => _ledger.Issue(Alice, 1_000);

    [Fact]
    public void Transfer_WithinBalance_MovesUnitsAndTellsBothBalances()
    {
        Receipt receipt = _ledger.Run(Alice, new Transfer(Bond, Bob, new Amount(300)));

        Assert.True(receipt.Succeeded);
        Assert.Equal(new Amount(700), _ledger.View.Balance(Alice, Bond));
        Assert.Equal(new Amount(300), _ledger.View.Balance(Bob, Bond));
        Assert.Equal(
            new Transferred(Bond, Alice, Bob, new Amount(300), new Amount(700), new Amount(300)),
            Assert.Single(_ledger.Events).Event);
    }

    [Fact]
    public void Transfer_OfEverything_LeavesNoRow()
    {
        _ledger.MustRun(Alice, new Transfer(Bond, Bob, new Amount(1_000)));

        Assert.False(_ledger.State.TryGet(Core.State.StateKeys.Balance(Alice, Bond), out _));
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Transfer_OfMoreThanAvailable_FailsAndConsumesTheNonce()
    {
        Fails(RejectionCode.InsufficientAvailable, Alice, new Transfer(Bond, Bob, new Amount(1_001)));
    }

    [Fact]
    public void Transfer_SecondOperationFails_FirstIsUndone()
    {
        Receipt receipt = _ledger.Run(
            Alice, new Transfer(Bond, Bob, new Amount(600)), new Transfer(Bond, Bob, new Amount(600)));

        Assert.Equal(RejectionCode.InsufficientAvailable, receipt.Code);
        Assert.Equal(1, receipt.FailedOperation);
        Assert.Equal(new Amount(1_000), _ledger.View.Balance(Alice, Bond));
        Assert.Empty(_ledger.Events);
    }

    [Fact]
    public void Transfer_ToSelf_IsRefused() =>
        Fails(RejectionCode.SelfTransfer, Alice, new Transfer(Bond, Alice, new Amount(1)));

    [Fact]
    public void Transfer_OfUnknownAsset_IsRefused() =>
        Fails(RejectionCode.AssetUnknown, Alice, new Transfer(AssetId.Parse("NOTHING"), Bob, new Amount(1)));

    [Fact]
    public void Transfer_ToUnregistered_IsRefused() =>
        Fails(RejectionCode.ReceiverNotRegistered, Alice, new Transfer(Bond, Nobody, new Amount(1)));

    [Fact]
    public void Transfer_ByOfficer_IsRefused() =>
        Fails(RejectionCode.AccountUnknown, MinistryMaker, new Transfer(Bond, Bob, new Amount(1)));

    [Fact]
    public void Transfer_WhilePaused_IsRefusedUntilResumed()
    {
        _ledger.Pass(MinistryMaker, new PauseAsset(Bond, "market halted"));
        Fails(RejectionCode.AssetPaused, Alice, new Transfer(Bond, Bob, new Amount(1)));

        _ledger.Pass(MinistryMaker, new ResumeAsset(Bond, "market opens"));
        _ledger.MustRun(Alice, new Transfer(Bond, Bob, new Amount(1)));
    }

    [Fact]
    public void Transfer_FrozenForSending_ReceivesButDoesNotSend()
    {
        Freeze(Alice, FreezeMode.Send);
        _ledger.Issue(Bob, 10);

        Fails(RejectionCode.AccountFrozen, Alice, new Transfer(Bond, Bob, new Amount(1)));
        _ledger.MustRun(Bob, new Transfer(Bond, Alice, new Amount(1)));
    }

    [Fact]
    public void Transfer_FrozenDeeply_NeitherSendsNorReceives()
    {
        Freeze(Bob, FreezeMode.SendAndReceive);

        Fails(RejectionCode.AccountFrozen, Bob, new Transfer(Bond, Alice, new Amount(1)));
        Fails(RejectionCode.AccountFrozen, Alice, new Transfer(Bond, Bob, new Amount(1)));
    }

    private void Freeze(Address account, FreezeMode mode) =>
        _ledger.Pass(
            RegulatorMaker, new FreezeAccount(account, mode, "Order 7/2026", Document("order").Hash));

    private void Fails(RejectionCode code, Address sender, Operation operation)
    {
        ulong nonce = _ledger.View.NextNonce(sender, 0);

        Receipt receipt = _ledger.Run(sender, operation);

        Assert.Equal(code, receipt.Code);
        Assert.Equal(0, receipt.FailedOperation);
        Assert.Equal(0u, receipt.EventCount);
        Assert.Equal(nonce + 1, _ledger.View.NextNonce(sender, 0));
    }
}
