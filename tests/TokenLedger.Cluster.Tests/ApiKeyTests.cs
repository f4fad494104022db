// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>Who may call a node's API, by keys and by certificates.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class ApiKeyTests : IDisposable
{
    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Api_WithPrincipals_DoesForEachWhatItsScopesAllow()
    {
        using var node = new SingleNode(_temporary, "keys");
        string key = ApiKey.Generate();
        WritePrincipals(node, Principal("exchange-1", "[\"read\",\"submit\"]", "keys", key));
        node.Configure(static root => root["api"]!["principals"] = "principals.json");
        await node.StartAsync();
        using LedgerClient anonymous = Connect(node, null);
        using LedgerClient exchange = Connect(node, key);
        using LedgerClient stranger = Connect(node, ApiKey.Generate());

        Assert.Null(await WhyAsync(anonymous, Read));
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), await WhyAsync(anonymous, Submit));
        Assert.Null(await WhyAsync(exchange, Read));
        Assert.Equal((StatusCode.InvalidArgument, "MALFORMED"), await WhyAsync(exchange, Submit));
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), await WhyAsync(exchange, Follow));
        Assert.Equal((StatusCode.Unauthenticated, "API_KEY_UNKNOWN"), await WhyAsync(stranger, Read));

        // Its operator takes the key back: no restart.
        WritePrincipals(node, "");
        await Deadline.UntilAsync("the key is refused", SingleNode.ExitWithin, async () =>
            await WhyAsync(exchange, Read) == (StatusCode.Unauthenticated, "API_KEY_UNKNOWN"));
        Assert.Null(await WhyAsync(anonymous, Read));
        await node.StopAsync();
    }

    /// <summary>A stream lasts no longer than its caller's right to it.</summary>
    [Theory]
    [InlineData("", StatusCode.Unauthenticated, "API_KEY_UNKNOWN")]
    [InlineData("[\"read\"]", StatusCode.PermissionDenied, "SCOPE_MISSING")]
    public async Task Stream_OfAKeyThatIsTakenBack_Ends(string scopesNow, StatusCode code, string reason)
    {
        using var node = new SingleNode(_temporary, "revoked");
        string key = ApiKey.Generate();
        WritePrincipals(node, Principal("exchange-1", "[\"stream\"]", "keys", key));
        node.Configure(static root => root["api"]!["principals"] = "principals.json");
        await node.StartAsync();
        using LedgerClient exchange = Connect(node, key);
        Func<LedgerClient, Task>[] follow =
        [
            static client => ToTheEndAsync(client.Events.Subscribe(new SubscribeRequest())),
            static client => ToTheEndAsync(client.Blocks.StreamBlocks(new StreamBlocksRequest())),
            static client => ToTheEndAsync(client.Queries.WatchBlocks(new WatchBlocksRequest())),
        ];
        Task<(StatusCode, string?)?>[] open = [.. follow.Select(one => WhyAsync(exchange, one))];
        using var still = exchange.Events.Subscribe(new SubscribeRequest());
        Assert.True(await still.ResponseStream.MoveNext(CancellationToken.None));
        Assert.All(open, static one => Assert.False(one.IsCompleted));
        WritePrincipals(
            node, scopesNow.Length == 0 ? "" : Principal("exchange-1", scopesNow, "keys", key));
        (StatusCode, string?)?[] ends = await Task.WhenAll(open).WaitAsync(SingleNode.ExitWithin);
        Assert.All(ends, end => Assert.Equal((code, reason), end));
        await node.StopAsync();
    }

    [Fact]
    public async Task Api_WithTls_KnowsAPrincipalByItsCertificatesKey()
    {
        using var node = new SingleNode(_temporary, "tls");
        using X509Certificate2 client = SelfSigned("exchange-1");
        using X509Certificate2 other = SelfSigned("exchange-1");
        WritePrincipals(node, Principal(
            "exchange-1", "[\"read\",\"submit\"]", "certificates",
            Convert.ToHexStringLower(SHA256.HashData(client.PublicKey.ExportSubjectPublicKeyInfo()))));
        await node.StartAsync();
        await node.StopAsync();
        node.Configure(static root =>
        {
            root["api"]!["principals"] = "principals.json";
            root["api"]!["tls"] = root["tls"]!.DeepClone();
        });
        await node.StartWithTlsAsync();
        using LedgerClient known = Connect(node, null, client);
        using LedgerClient unknown = Connect(node, null, other);

        Assert.Null(await WhyAsync(known, Read));
        Assert.Equal((StatusCode.InvalidArgument, "MALFORMED"), await WhyAsync(known, Submit));
        Assert.Equal((StatusCode.PermissionDenied, "SCOPE_MISSING"), await WhyAsync(unknown, Submit));
        await node.StopAsync();
    }

    [Fact]
    public async Task Start_KeysInCleartextOnANetwork_IsRefused()
    {
        using var node = new SingleNode(_temporary, "bare");
        node.Configure(static root =>
        {
            root["api"]!["listen"] = "0.0.0.0:" + root["api"]!["listen"]!.GetValue<string>().Split(':')[1];
            root["api"]!["principals"] = "principals.json";
        });
        await node.RequireFailsAsync("CONFIGURATION_INVALID", 3);
        node.Configure(static root => root["api"]!["listen"] =
            "127.0.0.1:" + root["api"]!["listen"]!.GetValue<string>().Split(':')[1]);
        await node.RequireFailsAsync("PRINCIPALS_INVALID", 3);
    }

    private static LedgerClient Connect(SingleNode node, string? key, X509Certificate2? certificate = null)
    {
        string own = X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(node.NodeFolder, "tls", "cert.pem")).Thumbprint;
        return LedgerClient.Connect(
            new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{node.Port(2)}"),
            new RpcChannelOptions
            {
                Headers = key is null ? null : new Metadata { { ApiKey.MetadataKey, ApiKey.Header(key) } },
                SslOptions = certificate is null ? null : new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        shown is X509Certificate2 node && node.Thumbprint == own,
                    ClientCertificates = [certificate],
                    LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                },
            });
    }

    private static async Task<(StatusCode, string?)?> WhyAsync(
        LedgerClient client, Func<LedgerClient, Task> call)
    {
        try
        {
            await call(client);
            return null;
        }
        catch (RpcException e)
        {
            return (e.StatusCode, ErrorModel.Read(e)?.Reason);
        }
    }

    private static async Task ToTheEndAsync<T>(AsyncServerStreamingCall<T> call)
        where T : class
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        }
    }

    private static async Task Read(LedgerClient client) =>
        await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest());

    private static async Task Submit(LedgerClient client) =>
        await client.Transactions.SubmitTransactionAsync(new SubmitTransactionRequest
        {
            Transaction = new SignedTransaction
            {
                Body = Google.Protobuf.ByteString.CopyFrom(0xFF),
                Signature = Google.Protobuf.ByteString.CopyFrom(new byte[65]),
            },
        });

    private static async Task Follow(LedgerClient client)
    {
        using var events = client.Events.Subscribe(new SubscribeRequest());
        await events.ResponseStream.MoveNext(CancellationToken.None);
    }

    private static string Principal(string name, string scopes, string list, string value) =>
        new JsonObject
        {
            ["name"] = name,
            ["scopes"] = JsonNode.Parse(scopes),
            [list] = new JsonArray(list == "keys"
                ? new JsonObject { ["hash"] = ApiKey.HashOf(value).ToString() }
                : value),
        }.ToJsonString();

    private static void WritePrincipals(SingleNode node, string principals) => File.WriteAllText(
        Path.Combine(node.NodeFolder, "principals.json"),
        $"{{\"anonymous\":{{\"scopes\":[\"read\"]}},\"principals\":[{principals}]}}");

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
