// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json.Nodes;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Mesh.Tests.Reconciliation;

/// <summary>What a node's quotas and scopes become on their way to a client.</summary>
[Collection(MeshGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class NodeKeyTests(MeshCluster cluster)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Requests_OverTheQuotaOfTheKey_AreToBeRepeated()
    {
        using MeshProcess adapter = await MeshProcess.StartAsync(
            cluster.Genesis, cluster.KeyedNode, cluster.SlowKey);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            (HttpStatusCode status, var answer) = await adapter.Client.PostAsync(
                "/block", new JsonObject
                {
                    ["network_identifier"] = adapter.Client.Network.DeepClone(),
                    ["block_identifier"] = new JsonObject(),
                }.ToJsonString());
            return status == HttpStatusCode.OK ? "" : MeshClient.RequireError((status, answer));
        }));
        Assert.Contains("NODE_BUSY", answers);
        Assert.All(answers, static answer => Assert.Contains(answer, (string[])["", "NODE_BUSY"]));
        await Deadline.UntilAsync("the quota is there again", Within, async () =>
            await adapter.ReadyAsync() == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Requests_BeyondTheScopesOfTheKey_AreRefused()
    {
        using MeshProcess adapter = await MeshProcess.StartAsync(
            cluster.Genesis, cluster.KeyedNode, cluster.ReaderKey);
        Assert.Equal(HttpStatusCode.OK, await adapter.ReadyAsync());
        Assert.Equal("NODE_REFUSED", await adapter.Client.RefusedAsync(
            "/block", ("block_identifier", new JsonObject { ["index"] = 1 })));
        using MeshProcess unknown = await MeshProcess.StartAsync(
            cluster.Genesis, cluster.KeyedNode, Protocol.ApiKey.Generate());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await unknown.ReadyAsync());
        Assert.Equal("NODE_REFUSED", await unknown.Client.RefusedAsync("/network/status"));
    }
}
