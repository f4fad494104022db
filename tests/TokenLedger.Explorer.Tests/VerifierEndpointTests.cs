// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenLedger.Crypto;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Verifier;
using TokenLedger.Explorer.Web;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests;

/// <summary>What the explorer hands on of a node's proofs, and how it says that there is none.</summary>
public sealed class VerifierEndpointTests : IAsyncLifetime, IDisposable
{
    private const string WrongChecksum =
        "/api/proof/balance/0xFB6916095CA1DF60BB79CE92CE3EA74C37C5D359/PK-BOND-30";

    private const string NoHeight =
        "/api/proof/balance/0x0000000000000000000000000000000000000012/PK-BOND-30/x";

    private readonly FinalChain _chain = new();
    private ServedChain _node = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _chain.Ledger.Issue(TestNetwork.Alice, 500);
        _node = await ServedChain.StartAsync(_chain);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var options = new ExplorerOptions(
            [_node.Endpoint], null, _chain.GenesisHash, "data", new IPEndPoint(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(_ => new NodeProofs(options));
        _app = builder.Build();
        _app.UseSecurityHeaders();
        VerifierEndpoints.Map(_app);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Balance_OfAnAccount_IsTheNodesProofAndSaysItsHeight()
    {
        string alice = Eip55.Format(TestNetwork.Alice);
        using HttpResponseMessage response = await _http.GetAsync(
            new Uri($"/api/proof/balance/{alice}/{TestNetwork.Bond}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            [$"{_chain.Blocks.Count - 1}"], response.Headers.GetValues(VerifierEndpoints.HeightHeader));
        Assert.True(response.Headers.CacheControl!.NoStore);
        ProofBundle found = ProofBundle.Read(await response.Content.ReadAsByteArrayAsync());
        Assert.NotNull(BalanceProofVerifier.Verify(
            found.Balance!, _chain.GenesisHash, _chain.Scheme, out string failure));
        Assert.Equal("", failure);
    }

    [Fact]
    public async Task Balance_AfterABlock_IsTheNodesProofOfThen()
    {
        string path = $"/api/proof/balance/{Eip55.Format(TestNetwork.Alice)}/{TestNetwork.Bond}/";
        using HttpResponseMessage response = await _http.GetAsync(
            new Uri(path + (_chain.Blocks.Count - 1), UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.Public);
        using HttpResponseMessage older = await _http.GetAsync(new Uri(path + "0", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, older.StatusCode);
        await AssertFailureAsync(older, "PROOF_HEIGHT_NOT_KEPT");
    }

    [Fact]
    public async Task SupplyAndEvent_OfTheChain_AreTheNodesProofs()
    {
        ProofBundle supply = ProofBundle.Read(await _http.GetByteArrayAsync(
            new Uri($"/api/proof/supply/{TestNetwork.Bond}", UriKind.Relative)));
        Assert.Equal(ChainProofs.Supply(_chain, TestNetwork.Bond), supply.Supply);

        using HttpResponseMessage response = await _http.GetAsync(
            new Uri("/api/proof/event/1/0", UriKind.Relative));
        ProofBundle one = ProofBundle.Read(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(ChainProofs.Event(_chain, 1, 0), one.Event);
        Assert.Equal(["1"], response.Headers.GetValues(VerifierEndpoints.HeightHeader));
        Assert.True(response.Headers.CacheControl!.Public);
    }

    [Theory]
    [InlineData("/api/proof/balance/0x12/PK-BOND-30", 400, "ACCOUNT_INVALID")]
    [InlineData(WrongChecksum, 400, "ACCOUNT_INVALID")]
    [InlineData(NoHeight, 400, "HEIGHT_INVALID")]
    [InlineData("/api/proof/supply/bond", 400, "ASSET_INVALID")]
    [InlineData("/api/proof/supply/NO-SUCH", 404, "ASSET_UNKNOWN")]
    [InlineData("/api/proof/event/-1/0", 400, "EVENT_INVALID")]
    [InlineData("/api/proof/event/1/x", 400, "EVENT_INVALID")]
    [InlineData("/api/proof/event/1/99999", 404, "EVENT_UNKNOWN")]
    [InlineData("/verify/nothing.js", 404, "FILE_UNKNOWN")]
    public async Task Get_WhatThereIsNot_SaysSoInWords(string path, int status, string code)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, (int)response.StatusCode);
        await AssertFailureAsync(response, code);
    }

    [Fact]
    public async Task Get_NodeGone_Is503AndSaysWhenToAskAgain()
    {
        await _node.DisposeAsync();
        using HttpResponseMessage response = await _http.GetAsync(
            new Uri($"/api/proof/supply/{TestNetwork.Bond}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        await AssertFailureAsync(response, "NODE_UNREACHABLE");
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", 503)]
    [InlineData(StatusCode.FailedPrecondition, "PROOF_TOO_LONG", 409)]
    [InlineData(StatusCode.Internal, "BROKEN", 502)]
    public void Of_ANodesRefusal_KeepsItsCode(StatusCode code, string reason, int status)
    {
        var failure = ProofFailure.Of(ErrorModel.Failure(code, reason, "So it is."));
        Assert.Equal((status, reason), (failure.Status, failure.Code));
    }

    [Fact]
    public async Task Head_OfEachFile_IsServedUnderAPolicyWithoutInlineScript()
    {
        string[] paths = ["/en/verify", "/ur/verify", "/verify/page.js", "/verify/vendor/sha3.js"];
        foreach (string path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using HttpResponseMessage response = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.True(response.Content.Headers.ContentLength > 0);
        }
    }

    private static async Task AssertFailureAsync(HttpResponseMessage response, string code)
    {
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, json.RootElement.GetProperty("code").GetString());
        Assert.EndsWith(
            ".", json.RootElement.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }
}
