// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Requests;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests;

/// <summary>What is answered without a node, and how many requests at once.</summary>
public sealed class MeshServerTests : IDisposable
{
    private readonly InProcess _offline = new(TestNetwork.Genesis());

    private MeshClient Client => _offline.Client;

    public void Dispose() => _offline.Dispose();

    [Fact]
    public async Task Options_WithoutANode_ListEverythingThatCanBeAnswered()
    {
        JsonElement list = await Client.AskAsync("/network/options");
        JsonElement allow = list.GetProperty("allow");
        Assert.Equal(
            MeshError.All.Select(static error => error.Message),
            allow.GetProperty("errors").EnumerateArray()
                .Select(static error => error.GetProperty("message").GetString()!));
        Assert.True(allow.GetProperty("historical_balance_lookup").GetBoolean());
        Assert.Equal(0, allow.GetProperty("balance_exemptions").GetArrayLength());
        (_, JsonElement networks) = await Client.PostAsync("/network/list", "{}");
        Assert.Equal("testnet", networks.GetProperty("network_identifiers")[0].GetProperty("network")
            .GetString());
    }

    [Fact]
    public async Task Derive_AKey_IsItsAddressWithTheChecksum()
    {
        using var key = PrivateKey.Generate();
        foreach (byte[] form in (byte[][])[key.PublicKey.ToCompressed(), key.PublicKey.ToUncompressed()])
        {
            JsonElement derived = await Client.AskAsync(
                "/construction/derive", ("public_key", Key(Convert.ToHexStringLower(form))));
            Assert.Equal(
                Eip55.Format(key.Address),
                derived.GetProperty("account_identifier").GetProperty("address").GetString());
        }

        Assert.Equal("PUBLIC_KEY_INVALID", await Client.RefusedAsync(
            "/construction/derive", ("public_key", Key(new string('0', 66)))));
        JsonObject otherCurve = Key(Convert.ToHexStringLower(key.PublicKey.ToCompressed()));
        otherCurve["curve_type"] = "edwards25519";
        Assert.Equal("PUBLIC_KEY_INVALID", await Client.RefusedAsync(
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

    private static JsonObject Key(string hex) => new() { ["hex_bytes"] = hex, ["curve_type"] = "secp256k1" };
}
