// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Cli.Networks;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests.Networks;

/// <summary>The demo network's data says what it is meant to say.</summary>
public sealed class DevnetDataTests
{
    private const ulong WeekMs = 7UL * 24 * 3600 * 1000;

    private readonly NetworkTemplate _template = NetworkTemplateReader.Read(
        Repository.PathOf("genesis", "devnet"));

    [Fact]
    public void Portfolio_AuthorisedAmounts_AreTwoBillionDollars()
    {
        BigInteger total = BigInteger.Zero;
        foreach (AssetDefinition asset in Definitions)
        {
            BigInteger value = (BigInteger)asset.Cap.Units * (BigInteger)asset.UnitValueMicroUsd;
            var unit = BigInteger.Pow(10, asset.Decimals);
            Assert.True(value % unit == 0, $"{asset.Id}: the cap's value is a whole number of micro-dollars");
            total += value / unit;
        }

        Assert.Equal(BigInteger.Parse("2000000000000000", null), total);
    }

    [Fact]
    public void Portfolio_CoversEveryAssetClass()
    {
        Assert.True(_template.Assets.Length >= 14);
        Assert.Equal(
            Enum.GetValues<AssetClass>().Order(), Definitions.Select(a => a.Class).Distinct().Order());
        Assert.Equal(_template.Assets.Length, Definitions.Select(a => a.Id).Distinct().Count());
    }

    [Fact]
    public void Portfolio_Isins_HaveRightCheckDigits()
    {
        string[] isins = [.. Definitions.Select(a => a.Terms.Isin).Where(isin => isin.Length != 0)];
        Assert.True(isins.Length >= 8);
        Assert.All(isins, isin => Assert.True(IsIsin(isin), isin));
        Assert.True(IsIsin("US0378331005"));
        Assert.False(IsIsin("US0378331006"));
    }

    [Fact]
    public void Portfolio_Names_AreInTwoScriptsAndVisible() => Assert.All(Definitions, asset =>
    {
        Assert.All(asset.Name, c => Assert.True(char.IsAscii(c), $"{asset.Id}: {asset.Name}"));
        Assert.Contains(asset.NameUrdu, c => c is >= '\u0600' and <= '\u06FF');
        Assert.DoesNotContain(asset.NameUrdu, char.IsAsciiLetter);
        Assert.DoesNotContain(asset.NameUrdu, c => char.IsControl(c) || IsInvisible(c));
    });

    [Fact]
    public void Portfolio_TermsFitTheClass() => Assert.All(Definitions, asset =>
    {
        AssetTerms terms = asset.Terms;
        Assert.True(
            terms.MaturityDate.Value == 0 || terms.MaturityDate > terms.IssueDate, asset.Id.ToString());
        Assert.Equal(terms.CouponBasisPoints != 0, terms.PaymentsPerYear != 0);
        Assert.Equal(terms.CouponBasisPoints != 0, terms.DayCount != DayCount.None);
        Assert.Equal(asset.Class is AssetClass.Bond or AssetClass.Sukuk, terms.CouponBasisPoints != 0);
        Assert.Equal(
            asset.Class == AssetClass.Sukuk, terms.Attributes.Any(a => a.Key == "shariah_certificate"));
        Assert.Equal(terms.Attributes.Length, terms.Attributes.Select(a => a.Key).Distinct().Count());
        if (asset.Class is AssetClass.CarbonCertificate or AssetClass.EnergyCertificate)
        {
            Assert.Contains(terms.Attributes, a => a.Key == "vintage");
            Assert.Contains(terms.Attributes, a => a.Key == "serial_range");
        }
    });

    [Fact]
    public void Documents_HashesAreThoseOfTheFiles_AndEveryFileIsUsed()
    {
        string[] files = Directory.GetFiles(Repository.PathOf("genesis", "devnet", "documents"));
        IEnumerable<string> onDisk = files
            .Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))
            .Order(StringComparer.Ordinal);
        IEnumerable<string> inGenesis = _template.Assets
            .SelectMany(asset => asset.Documents)
            .Select(document => document.Hash.ToString())
            .Order(StringComparer.Ordinal);
        Assert.Equal(onDisk, inGenesis);
        Assert.All(_template.Assets, asset => Assert.NotEmpty(asset.Documents));
        Assert.All(files, file => Assert.Contains(
            "It describes no real instrument", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Policies_EveryKind_HasOneThatItsOfficersCanMeet()
    {
        Assert.Equal(
            Enum.GetValues<PrivilegedKind>().Order(), _template.Policies.Select(p => p.Kind).Order());
        foreach (ApprovalPolicy policy in _template.Policies)
        {
            Assert.True(
                Officers(policy.Makers, Duties.Maker).Length > 0, $"{policy.Kind}: nobody may propose it");
            foreach (ApprovalTier tier in policy.Tiers)
            {
                (InstitutionKind Kind, string Label)[] checkers = Officers(policy.Checkers, Duties.Checker);
                Assert.True(checkers.Length >= tier.Approvals, $"{policy.Kind}: too few checkers");
                Assert.True(
                    checkers.Select(c => c.Label).Distinct().Count() >= tier.Institutions, $"{policy.Kind}");
                uint kinds = checkers.Aggregate(
                    0U, (mask, checker) => mask | ApprovalPolicy.Bit(checker.Kind));
                Assert.True(
                    tier.RequiredKinds == 0 || (tier.RequiredKinds & kinds) != 0,
                    $"{policy.Kind}: nobody of a required kind");
            }

            Assert.Equal(UInt128.MaxValue, policy.Tiers[^1].UpToMicroUsd);
        }
    }

    [Fact]
    public void Policies_IssueThresholds_FollowTheValue()
    {
        ApprovalPolicy issue = _template.Policies.Single(p => p.Kind == PrivilegedKind.IssueUnits);
        uint regulator = ApprovalPolicy.Bit(InstitutionKind.Regulator);
        Assert.Equal<ApprovalTier[]>(
            [new ApprovalTier(1_000_000_000_000, 2, 1, 0, 0),
                new ApprovalTier(50_000_000_000_000, 3, 2, 0, 0),
                new ApprovalTier(UInt128.MaxValue, 3, 2, regulator, 0)],
            [.. issue.Tiers]);
        Assert.Equal(WeekMs, Single(PrivilegedKind.SetAssetCap).DelayMs);
        Assert.Equal((4, 2, WeekMs), Shape(PrivilegedKind.GrantOfficer));
        Assert.Equal((1, 1, 0UL), Shape(PrivilegedKind.FreezeAccount));
        Assert.Equal((2, 1, 0UL), Shape(PrivilegedKind.UnfreezeAccount));
    }

    private IEnumerable<AssetDefinition> Definitions => _template.Assets.Select(static a => a.Definition);

    private ApprovalTier Single(PrivilegedKind kind) =>
        Assert.Single(_template.Policies.Single(p => p.Kind == kind).Tiers);

    private (int Approvals, int Institutions, ulong DelayMs) Shape(PrivilegedKind kind) =>
        (Single(kind).Approvals, Single(kind).Institutions, Single(kind).DelayMs);

    private (InstitutionKind Kind, string Label)[] Officers(uint mask, Duties duty) =>
        [.. _template.Institutions
            .Where(i => (mask & ApprovalPolicy.Bit(i.Kind)) != 0)
            .SelectMany(i => i.Officers.Where(o => o.Duties.HasFlag(duty)).Select(_ => (i.Kind, i.Label)))];

    // Zero-width and direction marks: a name that holds one can pass for another name.
    private static bool IsInvisible(char c) =>
        c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
        or (>= '\u2060' and <= '\u206F') or '\uFEFF';

    // ISO 6166: letters become two digits, then Luhn's sum from the right is a multiple of ten.
    private static bool IsIsin(string isin)
    {
        if (isin.Length != 12 || !isin.All(char.IsAsciiLetterOrDigit))
        {
            return false;
        }

        var digits = new StringBuilder();
        foreach (char c in isin)
        {
            digits.Append(char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10);
        }

        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[digits.Length - 1 - i] - '0';
            int weighted = i % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }
}
