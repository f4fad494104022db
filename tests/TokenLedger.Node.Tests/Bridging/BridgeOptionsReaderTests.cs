// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Bridge;
using TokenLedger.Core.Json;
using TokenLedger.Node.Bridging;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>A lane of node.json: how many endpoints it must have, and its times.</summary>
public sealed class BridgeOptionsReaderTests
{
    /// <summary>With fewer, one operator's word or outage decides.</summary>
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 2, false)]
    [InlineData(3, 1, false)]
    [InlineData(4, 2, false)]
    [InlineData(3, 4, false)]
    [InlineData(3, 2, true)]
    [InlineData(5, 3, true)]
    public void Kelp2026_FewEndpoints_AreRefusedUnlessATestNetworkSaysSo(
        int endpoints, int required, bool accepted)
    {
        if (accepted)
        {
            Assert.Equal(required, Read(endpoints, required).Required);
        }
        else
        {
            Assert.Throws<StrictJsonException>(() => Read(endpoints, required));
        }
    }

    [Fact]
    public void Read_FewEndpointsOfATestNetwork_StillMustAgreeByMoreThanHalf()
    {
        Assert.Single(Read(1, 1, ",\"fewEndpoints\":true").Endpoints);
        Assert.Throws<StrictJsonException>(() => Read(2, 1, ",\"fewEndpoints\":true"));
    }

    [Fact]
    public void Read_Stale_IsHowOldAFinalBlockMayBe()
    {
        Assert.Equal(TimeSpan.FromMinutes(30), Read(3, 2).Stale);
        Assert.Equal(TimeSpan.FromMinutes(1), Read(3, 2, ",\"staleMs\":60000").Stale);
        Assert.Throws<StrictJsonException>(() => Read(3, 2, ",\"staleMs\":1"));
    }

    private static LaneSettings Read(int endpoints, int required, string more = "")
    {
        const string Key = "{\"keystore\":\"k\",\"passwordFile\":\"p\"}";
        string all = string.Join(
            ',', Enumerable.Range(1, endpoints).Select(static i => $"\"https://n{i}.example\""));
        string hash = new('1', 64);
        string text = $$"""
            {"signerKey":{{Key}},"senderKey":{{Key}},"lanes":[{"chainId":1,"endpoints":[{{all}}],
            "required":{{required}},"codeHash":"{{hash}}","signerCodeHash":"{{hash}}"{{more}}}]}
            """;
        return Assert.Single(StrictJson.Read(
            Encoding.UTF8.GetBytes(text), 10_000,
            static root => root.Object(static bridge =>
                BridgeOptionsReader.Read(bridge, static path => path.Text(100)))).Lanes);
    }
}
