// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>"Check this yourself" beside balances, supplies and events.</summary>
public sealed partial class ProofLinkTests : IAsyncLifetime
{
    private static readonly string Account = "/account/" + Eip55.Format(TestNetwork.Alice);

    private readonly FinalChain _chain = new();
    private ServedChain _node = null!;
    private SiteHost _site = null!;

    public async Task InitializeAsync()
    {
        _chain.Ledger.Issue(TestNetwork.Alice, 500);
        _node = await ServedChain.StartAsync(_chain);
        _site = await SiteHost.StartAsync(_chain, node: _node.Endpoint);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Links_OfEachPage_LeadToWhatTheNodeProves(string language)
    {
        ProofBundle balance = await OnlyAsync($"/{language}{Account}");
        Assert.Equal(ChainProofs.Balance(_chain, TestNetwork.Alice, TestNetwork.Bond), balance.Balance);
        ProofBundle supply = await OnlyAsync($"/{language}/asset/{TestNetwork.Bond}");
        Assert.Equal(ChainProofs.Supply(_chain, TestNetwork.Bond), supply.Supply);
        ProofBundle none = await OnlyAsync($"/{language}/asset/{TestNetwork.Carbon}");
        Assert.Equal(ChainProofs.Supply(_chain, TestNetwork.Carbon), none.Supply);
        for (int height = 0; height < _chain.Blocks.Count; height++)
        {
            for (int index = 0; index < _chain.Blocks[height].Events.Count; index++)
            {
                ProofBundle one = await OnlyAsync($"/{language}/event/{height}/{index}");
                Assert.Equal(ChainProofs.Event(_chain, height, index), one.Event);
            }
        }
    }

    /// <summary>The node proves balances of its newest blocks, and supplies of now: no link promises
    /// more.</summary>
    [Fact]
    public async Task Links_OfAnEarlierState_AreThoseThatANodeCanProve()
    {
        int height = _chain.Blocks.Count - 1;
        string at = $"?at={height}";
        ProofBundle then = await OnlyAsync($"/en{Account}{at}");
        Assert.Equal(ChainProofs.Balance(_chain, TestNetwork.Alice, TestNetwork.Bond), then.Balance);
        Match link = Assert.Single(Proof().Matches(await _site.GetAsync($"/en{Account}{at}")));
        Assert.EndsWith($"/{height}", link.Groups[1].Value, StringComparison.Ordinal);
        Assert.Empty(Proof().Matches(await _site.GetAsync($"/en/asset/{TestNetwork.Bond}{at}")));
        Assert.Single(Proof().Matches(await _site.GetAsync($"/en/event/1/0{at}")));
    }

    [Theory]
    [InlineData("/en/")]
    [InlineData("/ur/about")]
    [InlineData("/en/about/check")]
    public async Task Pages_Everywhere_LinkTheVerifierAndItsFile(string path)
    {
        string html = await _site.GetAsync(path);
        string verify = path[..3] + "/verify";
        Assert.Contains($"href=\"{verify}\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/verifier.html\"", html, StringComparison.Ordinal);
        await _site.GetAsync(verify);
        await _site.GetAsync("/verifier.html");
    }

    private async Task<ProofBundle> OnlyAsync(string path)
    {
        Match link = Assert.Single(Proof().Matches(await _site.GetAsync(path)));
        string verify = WebUtility.HtmlDecode(link.Groups[1].Value);
        Assert.StartsWith(path[..3] + "/verify?bundle=", verify, StringComparison.Ordinal);
        await _site.GetAsync(verify);
        return ProofBundle.Read(await _site.Http.GetByteArrayAsync(
            new Uri(verify.Split('=')[1], UriKind.Relative)));
    }

    [GeneratedRegex("href=\"(/[a-z]+/verify\\?bundle=[^\"]*)\"")]
    private static partial Regex Proof();
}
