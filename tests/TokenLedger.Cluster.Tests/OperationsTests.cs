// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing;

namespace TokenLedger.Cluster.Tests;

/// <summary>What operators and their tools read: metrics, health, reflection, logs.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed partial class OperationsTests(ProcessCluster cluster)
{
    private static readonly string Readme = File.ReadAllText(
        Repository.PathOf("src", "TokenLedger.Node", "README.md"));

    [Fact]
    public async Task Metrics_Page_IsPrometheusTextWithExactlyTheDocumentedNames()
    {
        await cluster.EnsureWholeAsync();
        using var http = new HttpClient { BaseAddress = cluster.Operations(0) };
        using HttpResponseMessage response = await http.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Dictionary<string, double> samples = Parse(await response.Content.ReadAsStringAsync(), out var types);

        string[] documented =
            [.. MetricName().Matches(Readme).Select(static match => match.Groups[1].Value).Order()];
        Assert.NotEmpty(documented);
        Assert.Equal(documented, types.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            types,
            type => Assert.Contains($"`{type.Key}` | {type.Value} |", Readme, StringComparison.Ordinal));
        Assert.InRange(samples["tokenledger_height"], 1, (await cluster.StatusAsync(0)).Height);
        Assert.Equal(1, samples["tokenledger_finalizing"]);
        Assert.Equal(ProcessCluster.Size, samples["tokenledger_validators_reachable"]);
        Assert.True(samples["tokenledger_block_execution_seconds_count"] > 0);
        Assert.Equal(0, samples["tokenledger_equivocations_total"]);
    }

    [Fact]
    public async Task HealthPages_WholeCluster_AreWellAndNothingElseIsServedThere()
    {
        await cluster.EnsureWholeAsync();
        using var http = new HttpClient { BaseAddress = cluster.Operations(0) };
        foreach ((string path, HttpStatusCode expected) in new[]
        {
            ("/health/live", HttpStatusCode.OK), ("/health/ready", HttpStatusCode.OK),
            ("/", HttpStatusCode.NotFound), ("/health", HttpStatusCode.NotFound),
        })
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task HealthAndReflectionServices_OverTheApi_Answer()
    {
        await cluster.EnsureWholeAsync();
        using var channel = RpcChannel.ForAddress(cluster.Api(0));
        HealthListResponse health = await new Health.HealthClient(channel).ListAsync(
            new HealthListRequest());
        Assert.Equal(
            [
                "", "tokenledger.bridge.v1.BridgeService", "tokenledger.ledger.v1.BlockService",
                "tokenledger.ledger.v1.EventService", "tokenledger.ledger.v1.QueryService",
                "tokenledger.ledger.v1.TransactionService",
            ],
            health.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            health.Statuses.Values,
            static one => Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, one.Status));

        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10));
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(default));
        string[] services = [.. call.ResponseStream.Current.ListServicesResponse.Service
            .Select(static service => service.Name)];
        Assert.Contains("tokenledger.ledger.v1.TransactionService", services);
        Assert.Contains("tokenledger.ledger.v1.QueryService", services);
        Assert.Contains("tokenledger.ledger.v1.EventService", services);
        Assert.Contains("tokenledger.ledger.v1.BlockService", services);
        Assert.DoesNotContain("tokenledger.consensus.v1.PeerService", services);
        await call.RequestStream.CompleteAsync();
    }

    /// <summary>
    /// Parses text format 0.0.4 strictly: every sample belongs to a series with help and type.
    /// </summary>
    private static Dictionary<string, double> Parse(string page, out Dictionary<string, string> types)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        types = new Dictionary<string, string>(StringComparer.Ordinal);
        string help = "";
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        foreach (string line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                help = line.Split(' ', 4)[2];
                Assert.True(line.Split(' ', 4)[3].Length > 0, line);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] words = line.Split(' ');
                Assert.Equal(help, words[2]);
                Assert.Contains(words[3], new[] { "counter", "gauge", "histogram" });
                types.Add(words[2], words[3]);
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.StartsWith(help, sample.Groups[1].Value, StringComparison.Ordinal);
                samples.Add(
                    sample.Groups[1].Value + sample.Groups[2].Value,
                    double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture));
            }
        }

        return samples;
    }

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{le=""[^""]+""\})? (\S+)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (?:counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex MetricName();
}
