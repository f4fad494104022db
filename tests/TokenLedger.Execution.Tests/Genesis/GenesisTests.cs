// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests;

public class GenesisTests
{
    private readonly GenesisDocument _sound = TestNetwork.Genesis();

    [Fact]
    public void Problems_SoundDocument_FindsNone() => Assert.Empty(GenesisValidator.Problems(_sound));

    [Fact]
    public void Problems_NetworkAndParameters_AreFound()
    {
        Problem(_sound with { NetworkName = "" });
        Problem(_sound with { ChainId = 0 });
        Problem(_sound with { Time = default });
        Problem(_sound with { Consensus = new ConsensusParameters(19, 1_000) });
        Problem(_sound with { Consensus = new ConsensusParameters(200, 60_001) });
    }

    [Fact]
    public void Problems_Validators_AreFound()
    {
        Problem(_sound with { Validators = [] });
        Problem(_sound with { Validators = [.. Enumerable.Repeat(_sound.Validators[0], 2)] });
        Validator first = _sound.Validators[0];
        Problem(_sound with { Validators = [first with { TlsKeyHash = default }] });
        Problem(_sound with { Validators = [first with { Name = "a\u200Bb" }] });
    }

    [Fact]
    public void Problems_InstitutionsAndOfficers_AreFound()
    {
        Problem(Institution(0, i => i with { Id = Treasury }));
        Problem(Institution(0, i => i with { Kind = (InstitutionKind)99 }));
        Problem(Institution(0, i => i with { Name = "" }));
        Problem(Institution(4, i => i with { Officers = [new(Nobody, Duties.Checker, "Clerk")] }));
        Problem(Institution(1, i =>
            i with { Officers = [.. i.Officers, new(BankChecker, Duties.Checker, "Twin")] }));
        Problem(Institution(1, i => i with { Officers = [.. i.Officers, new(Nobody, Duties.None, "Idle")] }));
        Problem(Institution(1, i =>
            i with { Officers = [.. i.Officers, new(Alice, Duties.Checker, "Citizen")] }));
        Problem(Institution(1, i => i with
        {
            Officers = [.. Enumerable.Range(0, 65).Select(n =>
                new GenesisOfficer(Named($"o{n}"), Duties.Checker, "x"))],
        }));
    }

    [Fact]
    public void Problems_Accounts_AreFound()
    {
        Problem(Account(Alice, AccountKind.Citizen, Address.Zero));
        Problem(Account(Nobody, AccountKind.Citizen, Ministry));
        Problem(Account(Nobody, AccountKind.Institution, Address.Zero));
        Problem(Account(Nobody, AccountKind.Institution, Nobody));
        Problem(Account(Nobody, AccountKind.Institution, Auditor));
        Problem(Account(Nobody, AccountKind.Exchange, Ministry));
        Problem(Account(Nobody, (AccountKind)77, Ministry));
    }

    [Fact]
    public void Problems_Assets_AreFound()
    {
        Problem(Asset(a => a with { Definition = a.Definition with { Id = Carbon } }));
        Problem(Asset(a => a with { Definition = a.Definition with { Issuer = Nobody } }));
        Problem(Asset(a => a with { Definition = a.Definition with { Issuer = Auditor } }));
        Problem(Asset(a => a with { Definition = a.Definition with { Cap = new Amount(UInt128.MaxValue) } }));
        Problem(Asset(a => a with { Definition = a.Definition with { Class = (AssetClass)99 } }));
        Problem(Asset(a => a with { Documents = [Document("x"), Document("x")] }));
        Problem(Asset(a => a with { Documents = [Document("x") with { Uri = "no uri" }] }));
    }

    [Fact]
    public void Problems_Policies_AreFound()
    {
        ApprovalPolicy first = _sound.Policies[0];
        ApprovalTier tier = first.Tiers[0];
        Problem(_sound with { Policies = _sound.Policies.Add(first) });
        Problem(Policy(p => p with { Makers = 0 }));
        Problem(Policy(p => p with { Checkers = p.Checkers | ApprovalPolicy.Bit(InstitutionKind.Auditor) }));
        Problem(Policy(p => p with { Checkers = 1u << 20 }));
        Problem(Policy(p => p with { Tiers = [] }));
        Problem(Policy(p => p with { Tiers = [tier with { UpToMicroUsd = 5 }] }));
        Problem(Policy(p => p with { Tiers = [tier, tier] }));
        Problem(Policy(p => p with { Tiers = [tier with { Approvals = 0 }] }));
        Problem(Policy(p => p with { Tiers = [tier with { Approvals = 60 }] }));
        Problem(Policy(p => p with { Tiers = [tier with { Institutions = 3 }] }));
        Problem(Policy(p =>
            p with { Tiers = [tier with { RequiredKinds = ApprovalPolicy.Bit(InstitutionKind.Exchange) }] }));
        Problem(Policy(p => p with { Tiers = [tier with { DelayMs = 366 * DayMs }] }));
        Problem(Policy(p => p with { Makers = ApprovalPolicy.Bit(InstitutionKind.CentralBank) }));
        Problem(Policy(p => p with { Checkers = ApprovalPolicy.Bit(InstitutionKind.Treasury) }));
    }

    [Fact]
    public void Problems_PolicyThatOnlyTheMakerCouldApprove_IsFound()
    {
        uint treasury = ApprovalPolicy.Bit(InstitutionKind.Treasury);
        GenesisDocument one = Policy(p => p with
        {
            Makers = treasury,
            Checkers = treasury,
            Tiers = [new ApprovalTier(UInt128.MaxValue, 1, 1, 0, 0)],
        });
        Assert.Empty(GenesisValidator.Problems(one));

        Problem(one with
        {
            Institutions = one.Institutions.SetItem(1, one.Institutions[1] with
            {
                Officers = [new GenesisOfficer(TreasuryMaker, Duties.Maker | Duties.Checker, "Alone")],
            }),
        });
    }

    [Fact]
    public void Changes_AreTheWholeState_AndSound()
    {
        var state = new MemoryState(GenesisBuilder.Changes(_sound));
        var view = new LedgerView(state);

        Assert.Empty(InvariantChecker.FullCheck(state));
        Assert.Equal(InstitutionKind.Regulator, view.Institution(Regulator)!.Kind);
        AssetDefinition bond = _sound.Assets[0].Definition;
        Assert.Equal(bond, view.Asset(Bond)!.Definition with { Terms = bond.Terms });
        Assert.Equal(Amount.Zero, view.Supply(Bond));
        Assert.Equal("prospectus", Assert.Single(view.Documents(Bond)).Title);
        Assert.Equal(1UL, view.NextProposal());
    }

    [Fact]
    public void Header_IsBlockZero_AndBindsTheStateRoot()
    {
        Hash256 root = StateTree.Empty.Update(GenesisBuilder.Changes(_sound)).Root;

        BlockHeader header = GenesisBuilder.Header(_sound, root);

        Assert.Equal((0UL, 0UL, root), (header.Height.Value, header.View.Value, header.StateRoot));
        Assert.Equal((_sound.Hash, _sound.Time), (header.GenesisHash, header.Timestamp));
        Assert.Equal(Block.TransactionsRootOf([]), header.TransactionsRoot);
        Assert.NotEqual(header.Hash, GenesisBuilder.Header(_sound, Hash256.Zero).Hash);
    }

    private static void Problem(GenesisDocument document) =>
        Assert.NotEmpty(GenesisValidator.Problems(document));

    private GenesisDocument Institution(int index, Func<GenesisInstitution, GenesisInstitution> change) =>
        _sound with { Institutions = _sound.Institutions.SetItem(index, change(_sound.Institutions[index])) };

    private GenesisDocument Account(Address address, AccountKind kind, Address institution) =>
        _sound with { Accounts = _sound.Accounts.Add(new GenesisAccount(address, kind, institution)) };

    private GenesisDocument Asset(Func<GenesisAsset, GenesisAsset> change) =>
        _sound with { Assets = _sound.Assets.SetItem(0, change(_sound.Assets[0])) };

    private GenesisDocument Policy(Func<ApprovalPolicy, ApprovalPolicy> change) =>
        _sound with { Policies = _sound.Policies.SetItem(0, change(_sound.Policies[0])) };
}
