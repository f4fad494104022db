// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>How bridges were robbed, tried on the ledger's rules: the bridge's FAILURES.md.</summary>
public sealed class BridgeFailureTests : BridgeFixture
{
    /// <summary>One company came to hold most keys. Seats are counted at each change, not only at the
    /// first.</summary>
    [Fact]
    public void Ronin2022_ChangeThatGivesOneInstitutionMoreThanMayFail_IsRefused()
    {
        foreach (Address greedy in (Address[])[Ministry, Treasury, Bank, Regulator])
        {
            Address other = greedy == Bank ? Ministry : Bank;
            Address third = greedy == Regulator ? Treasury : Regulator;
            var rotate = new RotateBridgeSigners(
                Chain, default, Set("taken", greedy, greedy, other, third));
            Receipt receipt = Ledger.Run(
                MinistryMaker, new Propose([rotate], Ledger.Time.Plus(DayMs), "a takeover"));
            Assert.Equal(RejectionCode.BridgeSeats, receipt.Code);
        }

        Assert.Equal(Signers.AsEnumerable(), State.Signers.AsEnumerable());
        Assert.Equal(0UL, State.Rotation);
    }

    /// <summary>A permission that was lent for a while was never taken back. A signer that left says nothing
    /// more, and no other key speaks for one.</summary>
    [Fact]
    public void Ronin2022_SignerThatLeftOrAnotherKeyOfItsOwner_SignsNothing()
    {
        LockAndGather();
        Ledger.Pass(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        foreach (BridgeSigner signer in Signers.Take(3))
        {
            Ledger.MustRun(signer.Key, new ObserveBridge(
                Chain, [new RotationObserved(2, BridgeSignerKeys.Hash(Others), new BridgePlace(
                    200, Hash("block"), Hash("transaction")))]));
        }

        Assert.Equal(2UL, State.Epoch);
        foreach (Address key in Signers.Select(static signer => signer.Key).Append(MinistryMaker))
        {
            Receipt receipt = Ledger.Run(
                key, new AttestBridge(Chain, 1, 2, [.. new byte[Limits.SignatureBytes]]));
            Assert.False(receipt.Succeeded, $"{key}");
        }

        Assert.Empty(Ledger.View.BridgeMessage(Chain, 1)!.Signatures);
    }

    /// <summary>One person held what was said to be many keys. No institution's officers install signers by
    /// themselves; what they asked for, and who agreed, stands on the ledger.</summary>
    [Fact]
    public void Multichain2023_OfficersOfOneInstitution_InstallNoSigners()
    {
        ulong id = Ledger.Propose(MinistryMaker, new RotateBridgeSigners(Chain, default, Others));
        foreach (Address checker in (Address[])[MinistryChecker, MinistryChecker2])
        {
            Ledger.Approve(id, checker);
        }

        Assert.Equal(ProposalStatus.Open, Ledger.View.Proposal(id)!.Status);
        Assert.Equal((0UL, 1UL), (State.Rotation, State.Epoch));
        Assert.True(Ledger.Approve(id, BankChecker).Succeeded);
        Assert.True(Ledger.Approve(id, RegulatorChecker).Succeeded);
        Assert.Equal(ProposalStatus.Executed, Ledger.View.Proposal(id)!.Status);
        Assert.NotEqual(0UL, State.Rotation);
        Assert.Equal(
            Others.AsEnumerable(), Ledger.View.BridgeMessage(Chain, State.Rotation)!.Signers.AsEnumerable());
    }

    /// <summary>The same key in two seats is one person.</summary>
    [Fact]
    public void Multichain2023_OneKeyInTwoSeats_IsNoSet()
    {
        BridgeSigner[] twice = [.. Others.Take(3), Others[0] with { Institution = Others[3].Institution }];
        var rotate = new RotateBridgeSigners(
            Chain, default, [.. twice.OrderBy(static signer => signer.Key)]);
        var propose = new Propose([rotate], Ledger.Time.Plus(DayMs), "");
        Assert.NotNull(Ledger.Machine.Simulate(
            Ledger.State, Ledger.Next, Ledger.Draft(MinistryMaker, propose)).Rejection);
    }
}
