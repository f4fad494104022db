// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Cluster.Tests;

/// <summary>What proto/INTEGRATION.md says in numbers is so.</summary>
public sealed partial class IntegrationGuideTests
{
    private static readonly string Guide =
        File.ReadAllText(Repository.PathOf("proto", "INTEGRATION.md"));

    [Fact]
    public void Quotas_OfTheGuide_AreThoseOfLimits()
    {
        MatchCollection rows = Quota().Matches(Guide);
        Assert.Equal(7, rows.Count);
        Assert.All(rows, static row => Assert.Equal(
            typeof(Limits).GetField(row.Groups["name"].Value, BindingFlags.Public | BindingFlags.Static)
                ?.GetRawConstantValue(),
            int.Parse(row.Groups["value"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void TaggedAddress_OfTheGuide_IsThatOfItsAccountAndTag()
    {
        Match vector = Vector().Match(Guide);
        Assert.True(Address.TryParse(vector.Groups["account"].Value, out Address account));
        ulong tag = ulong.Parse(vector.Groups["tag"].Value, CultureInfo.InvariantCulture);
        string text = new TaggedAddress(account, tag).ToString();
        Assert.Equal(text, vector.Groups["text"].Value);
        Assert.Contains($"  {text.Length} characters", Guide, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\| (?<value>[0-9,]+) \| `(?<name>Api[A-Za-z]+)` \|")]
    private static partial Regex Quota();

    [GeneratedRegex(@"`(?<account>0x[0-9a-f]{40})` with tag (?<tag>\d+) is `(?<text>pk1[a-z0-9]+)`")]
    private static partial Regex Vector();
}
