// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Tests.Wire;

public sealed class StateMapperTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    /// <summary>Both sides number their values alike, since the mappers cast.</summary>
    [Fact]
    public void Enumerations_WireAndDomain_HaveTheSameNamesAndNumbers()
    {
        AssertSame<AccountKind, V1.AccountKind>(zero: "Unspecified");
        AssertSame<FreezeMode, V1.FreezeMode>(zero: "Unspecified");
        AssertSame<AssetClass, V1.AssetClass>(zero: "Unspecified");
        AssertSame<DayCount, V1.DayCount>(zero: "Unspecified");
        AssertSame<InstitutionKind, V1.InstitutionKind>(zero: "Unspecified");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ToWire_Account_CarriesEveryField(int seed)
    {
        var random = new CoreGenerator(seed);
        AccountState account = random.Account();
        V1.Account wire = StateMapper.ToWire(TestNetwork.Alice, account, "Ministry");
        Assert.Equal(TestNetwork.Alice.ToArray(), wire.Account_.ToByteArray());
        Assert.Equal((byte)account.Kind, (byte)wire.Kind);
        Assert.Equal(OptionalBytes(account.Institution), wire.Institution.ToByteArray());
        Assert.Equal(OptionalBytes(account.Registrar), wire.Registrar.ToByteArray());
        Assert.Equal((byte)account.Freeze, (byte)wire.Freeze);
        Assert.Equal((account.LegalReference, "Ministry"), (wire.LegalReference, wire.InstitutionName));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ToWire_Asset_CarriesEveryField(int seed)
    {
        var random = new CoreGenerator(seed);
        AssetState asset = random.AssetState();
        AssetDocument document = random.Document();
        V1.Asset wire = StateMapper.ToWire(asset, new Amount(7), "Treasury", [document]);
        Assert.Equal((asset.Cap.ToString(), "7", asset.Paused), (wire.Cap, wire.Supply, wire.Paused));
        Assert.Equal("Treasury", wire.IssuerName);
        V1.AssetDocument only = Assert.Single(wire.Documents);
        Assert.Equal((document.Title, document.Uri), (only.Title, only.Uri));
        Assert.Equal(document.Hash.ToArray(), only.Hash.ToByteArray());

        AssetDefinition definition = asset.Definition;
        Assert.Equal(definition.Id.ToString(), wire.Definition.Symbol);
        Assert.Equal(
            (definition.Name, definition.NameUrdu), (wire.Definition.Name, wire.Definition.NameUrdu));
        Assert.Equal(definition.Cap.ToString(), wire.Definition.Cap);
        Assert.Equal(
            definition.UnitValueMicroUsd.ToString(CultureInfo.InvariantCulture),
            wire.Definition.UnitValueMicroUsd);
        Assert.Equal(definition.Terms.MaturityDate.Value, wire.Definition.Terms.MaturityDateMs);
        Assert.Equal(definition.Terms.Attributes.Length, wire.Definition.Terms.Attributes.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ToWire_Institution_CarriesEveryField(int seed)
    {
        var random = new CoreGenerator(seed);
        InstitutionState institution = random.Institution();
        OfficerState officer = random.Officer();
        V1.Institution wire = StateMapper.ToWire(
            TestNetwork.Bank, institution, [(TestNetwork.BankChecker, officer)]);
        Assert.Equal(TestNetwork.Bank.ToArray(), wire.Id.ToByteArray());
        Assert.Equal((byte)institution.Kind, (byte)wire.Kind);
        Assert.Equal((institution.Name, institution.NameUrdu), (wire.Name, wire.NameUrdu));
        V1.Officer only = Assert.Single(wire.Officers);
        Assert.Equal(TestNetwork.BankChecker.ToArray(), only.Officer_.ToByteArray());
        Assert.Equal(((uint)officer.Duties, officer.Name), (only.Duties, only.Name));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ToWire_Policy_CarriesEveryTier(int seed)
    {
        ApprovalPolicy policy = new CoreGenerator(seed).Policy();
        V1.Policy wire = StateMapper.ToWire(policy);
        Assert.Equal(policy.Makers & KnownKinds, Mask(wire.Makers));
        Assert.Equal(policy.Checkers & KnownKinds, Mask(wire.Checkers));
        Assert.Equal(policy.Tiers.Length, wire.Tiers.Count);
        foreach ((ApprovalTier tier, V1.PolicyTier sent) in policy.Tiers.Zip(wire.Tiers))
        {
            Assert.Equal(tier.UpToMicroUsd.ToString(CultureInfo.InvariantCulture), sent.UpToMicroUsd);
            Assert.Equal((tier.Approvals, tier.Institutions), (sent.Approvals, sent.Institutions));
            Assert.Equal(tier.DelayMs, sent.DelayMs);
            Assert.Equal(tier.RequiredKinds & KnownKinds, Mask(sent.RequiredKinds));
        }
    }

    [Fact]
    public void ToWire_PolicyOfAnyKind_IsNamedAsInGenesis()
    {
        string[] names = [.. Enum.GetValues<PrivilegedKind>()
            .Select(kind => StateMapper.ToWire(new ApprovalPolicy(kind, 0, 0, [])).Operation)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Contains("issue_units", names);
        Assert.All(names, name => Assert.Matches("^[a-z_]+$", name));
    }

    [Fact]
    public void ToWire_BalanceAndRefusal_CarryEveryField()
    {
        V1.Balance balance = StateMapper.ToWire(TestNetwork.Bob, TestNetwork.Bond, new Amount(12), 2);
        Assert.Equal(TestNetwork.Bob.ToArray(), balance.Account.ToByteArray());
        Assert.Equal(("PK-BOND-30", "12", 2u), (balance.Asset, balance.Amount, balance.Decimals));

        V1.Refusal refusal = StateMapper.ToWire(new Rejection(RejectionCode.PoolFull, "Full.", 4));
        Assert.Equal(
            ("POOL_FULL", "Full.", 4, true),
            (refusal.Code, refusal.Detail, refusal.Operation, refusal.Retriable));
    }

    private static uint KnownKinds =>
        Enum.GetValues<InstitutionKind>().Aggregate(0u, (mask, kind) => mask | ApprovalPolicy.Bit(kind));

    private static uint Mask(IEnumerable<V1.InstitutionKind> kinds) =>
        kinds.Aggregate(0u, (mask, kind) => mask | (1u << (int)kind));

    private static byte[] OptionalBytes(Address address) => address.IsZero ? [] : address.ToArray();

    private static void AssertSame<TDomain, TWire>(string zero)
        where TDomain : struct, Enum
        where TWire : struct, Enum
    {
        Dictionary<int, string> domain = Enum.GetValues<TDomain>()
            .ToDictionary(
                value => Convert.ToInt32(value, CultureInfo.InvariantCulture), value => value.ToString());
        Dictionary<int, string> wire = Enum.GetValues<TWire>()
            .ToDictionary(
                value => Convert.ToInt32(value, CultureInfo.InvariantCulture), value => value.ToString());
        Assert.Equal(zero, wire[0]);
        domain[0] = zero;
        Assert.Equal(
            domain.OrderBy(pair => pair.Key),
            wire.OrderBy(pair => pair.Key));
    }
}
