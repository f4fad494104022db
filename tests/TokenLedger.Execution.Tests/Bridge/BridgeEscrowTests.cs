// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>Nothing but the bridge reaches the account that holds what is locked.</summary>
public sealed class BridgeEscrowTests : BridgeFixture
{
    [Fact]
    public void Escrow_AsReceiverOfTransferOrIssue_IsRefused()
    {
        Fails(RejectionCode.BridgeEscrowAccount, Alice, new Transfer(Bond, Escrow, new Amount(1)));
        Refuses(
            RejectionCode.BridgeEscrowAccount, MinistryMaker, new IssueUnits(Bond, Escrow, new Amount(1)));
    }

    /// <summary>The escrow is of the institution that opened the lane, which may be the asset's
    /// issuer.</summary>
    [Fact]
    public void Escrow_OfTheIssuer_IsNotBurned()
    {
        Lock(100);
        Assert.Equal(Ministry, Ledger.View.Account(Escrow)!.Institution);
        Refuses(
            RejectionCode.NotRedeemable, MinistryMaker, new BurnUnits(Bond, Escrow, new Amount(1), ""));
    }

    [Fact]
    public void Escrow_Freeze_IsRefused() => Refuses(
        RejectionCode.BridgeEscrowAccount, RegulatorMaker,
        new FreezeAccount(Escrow, FreezeMode.Send, "order", default));

    [Fact]
    public void Escrow_AsReceiverOfABurn_IsSuspended()
    {
        Mint(100);
        See(Burn(1, 10, Escrow));
        Assert.Equal(RejectionCode.BridgeEscrowAccount, BurnOf(1).Hindrance);
    }

    [Fact]
    public void Register_AccountOfTheBridge_IsNotIncludable()
    {
        foreach (AccountKind kind in new[] { AccountKind.BridgeEscrow, AccountKind.BridgeSigner })
        {
            var register = new RegisterAccount(Nobody, kind, Regulator);
            Assert.Equal(
                RejectionCode.InvalidField,
                Ledger.WhyInvalid(Ledger.Draft(RegulatorRegistrar, register))?.Code);
        }

        Fails(
            RejectionCode.AccountExists, RegulatorRegistrar,
            new RegisterAccount(Escrow, AccountKind.Citizen, default));
    }

    [Fact]
    public void Genesis_WithAnAccountOfTheBridge_IsRefused()
    {
        var document = Genesis();
        foreach (AccountKind kind in new[] { AccountKind.BridgeEscrow, AccountKind.BridgeSigner })
        {
            var account = new Core.Genesis.GenesisAccount(Nobody, kind, Ministry);
            Assert.NotEmpty(GenesisValidator.Problems(
                document with { Accounts = document.Accounts.Add(account) }));
        }
    }

    [Fact]
    public void Grant_OfficeToASignerOrTheEscrow_IsRefused()
    {
        foreach (Address key in new[] { Signers[0].Key, Escrow })
        {
            Refuses(
                RejectionCode.KeyInUse, MinistryMaker, new GrantOfficer(Ministry, key, Duties.Checker, "x"));
        }
    }
}
