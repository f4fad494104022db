// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Requests;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests;

/// <summary>The program without a node: requests that are wrong, and what it answers all the same.</summary>
public sealed class MeshServerTests : IAsyncLifetime
{
    private MeshProcess _offline = null!;

    public async Task InitializeAsync() =>
        _offline = await MeshProcess.StartAsync(TestNetwork.Genesis(), endpoint: null);

    public Task DisposeAsync()
    {
        _offline.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Requests_ThatAreWrong_GetAnErrorOfTheTable()
    {
        MeshClient client = _offline.Client;
        string network = client.Network.ToJsonString();
        (string Path, string Body, string Message)[] wrong =
        [
            ("/network/list", "", "REQUEST_INVALID"),
            ("/network/list", "[]", "REQUEST_INVALID"),
            ("/network/list", "{", "REQUEST_INVALID"),
            ("/network/list", """{ "metadata": {}, "metadata": {} }""", "REQUEST_INVALID"),
            ("/network/list", """{ "metdata": {} }""", "REQUEST_INVALID"),
            ("/network/options", "{}", "REQUEST_INVALID"),
            ("/network/options", $$"""{ "network_identifier": {{network}}, "index": 1 }""",
                "REQUEST_INVALID"),
            ("/network/options", """
                { "network_identifier": { "blockchain": "TokenLedger", "network": "other" } }
                """, "NETWORK_UNKNOWN"),
            ("/network/options", """
                { "network_identifier": { "blockchain": "Bitcoin", "network": "testnet" } }
                """, "NETWORK_UNKNOWN"),
            ("/network/options", """
                {
                  "network_identifier": {
                    "blockchain": "TokenLedger", "network": "testnet",
                    "sub_network_identifier": { "network": "1" }
                  }
                }
                """, "NETWORK_UNKNOWN"),
            ("/network", "{}", "ENDPOINT_UNKNOWN"),
            ("/block", $$"""{ "network_identifier": {{network}} }""", "OFFLINE"),
            ("/construction/submit", "{}", "OFFLINE"),
            ("/network/list", new string(' ', Limits.MeshRequestBytes + 1), "REQUEST_TOO_LARGE"),
            ("/network/list", new string(' ', (2 * Limits.MeshRequestBytes) + 1), "REQUEST_TOO_LARGE"),
        ];
        foreach ((string path, string body, string message) in wrong)
        {
            Assert.Equal(message, MeshClient.RequireError(await client.PostAsync(path, body)));
        }

        Assert.Equal("METHOD_NOT_ALLOWED", MeshClient.RequireError(await client.GetAsync("/network/list")));
        (HttpStatusCode status, _) = await client.PostAsync(
            "/network/list", "{}".PadRight(Limits.MeshRequestBytes));
        Assert.Equal(HttpStatusCode.OK, status);
        await _offline.StopAsync();
    }

    [Fact]
    public async Task Options_WithoutANode_ListEverythingThatCanBeAnswered()
    {
        JsonElement list = await _offline.Client.AskAsync("/network/options");
        JsonElement allow = list.GetProperty("allow");
        Assert.Equal(
            MeshError.All.Select(static error => error.Message),
            allow.GetProperty("errors").EnumerateArray()
                .Select(static error => error.GetProperty("message").GetString()!));
        Assert.True(allow.GetProperty("historical_balance_lookup").GetBoolean());
        Assert.Equal(0, allow.GetProperty("balance_exemptions").GetArrayLength());
        (_, JsonElement networks) = await _offline.Client.PostAsync("/network/list", "{}");
        Assert.Equal("testnet", networks.GetProperty("network_identifiers")[0].GetProperty("network")
            .GetString());
    }

    [Fact]
    public async Task Derive_AKey_IsItsAddressWithTheChecksum()
    {
        using var key = PrivateKey.Generate();
        foreach (byte[] form in (byte[][])[key.PublicKey.ToCompressed(), key.PublicKey.ToUncompressed()])
        {
            JsonElement derived = await _offline.Client.AskAsync(
                "/construction/derive", ("public_key", Key(Convert.ToHexStringLower(form))));
            Assert.Equal(
                Eip55.Format(key.Address),
                derived.GetProperty("account_identifier").GetProperty("address").GetString());
        }

        Assert.Equal("PUBLIC_KEY_INVALID", await _offline.Client.RefusedAsync(
            "/construction/derive", ("public_key", Key(new string('0', 66)))));
        JsonObject otherCurve = Key(Convert.ToHexStringLower(key.PublicKey.ToCompressed()));
        otherCurve["curve_type"] = "edwards25519";
        Assert.Equal("PUBLIC_KEY_INVALID", await _offline.Client.RefusedAsync(
            "/construction/derive", ("public_key", otherCurve)));
    }

    [Fact]
    public async Task Requests_MoreThanAtOnce_WaitForTheirTurn()
    {
        var open = new TaskCompletionSource();
        var full = new TaskCompletionSource();
        int inside = 0;
        using var server = new InProcess(
            new Dictionary<string, MeshHandler>
            {
                ["/mempool"] = request =>
                {
                    Fields.Ignore(request, "network_identifier");
                    return async _ =>
                    {
                        if (Interlocked.Increment(ref inside) == Limits.MeshRequestsAtOnce)
                        {
                            full.SetResult();
                        }

                        await open.Task;
                        return new JsonObject { ["transaction_identifiers"] = new JsonArray() };
                    };
                },
            },
            "testnet");
        Task<JsonElement>[] all = [.. Enumerable.Range(0, Limits.MeshRequestsAtOnce + 1)
            .Select(_ => server.Client.AskAsync("/mempool"))];
        await full.Task;
        Assert.Equal(Limits.MeshRequestsAtOnce, Volatile.Read(ref inside));
        open.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(Limits.MeshRequestsAtOnce + 1, inside);
    }

    [Fact]
    public async Task Start_WithAGenesisOfAnotherNetwork_EndsWithItsCode()
    {
        string folder = Directory.CreateTempSubdirectory("tokenledger-mesh-").FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "genesis.json"),
            Core.Genesis.GenesisFile.Write(TestNetwork.Genesis()));
        string file = Path.Combine(folder, "mesh.json");
        await File.WriteAllTextAsync(file, $$"""
            { "genesis": "genesis.json", "genesisHash": "{{new string('0', 64)}}", "listen": "127.0.0.1:1" }
            """);
        using Process process = MeshProcess.Start("--config", file);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(3, process.ExitCode);
        Assert.StartsWith("tokenledger-mesh: GENESIS_MISMATCH: ", error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static JsonObject Key(string hex) => new() { ["hex_bytes"] = hex, ["curve_type"] = "secp256k1" };
}
