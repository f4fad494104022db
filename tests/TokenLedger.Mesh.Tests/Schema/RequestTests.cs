// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Endpoints;
using TokenLedger.Mesh.Tests.Construction;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests.Schema;

/// <summary>
/// Requests as the specification has them, against an adapter whose node is not there: what is wrong with a
/// request is told before the node is asked, so a request that is right ends with NODE_UNAVAILABLE, or with
/// an answer that needs no node.
/// </summary>
public sealed class RequestTests : IDisposable
{
    private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    // What the specification allows and this ledger has not, and what is said to it.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["network_identifier.sub_network_identifier"] = "NETWORK_UNKNOWN",
        ["account_identifier.sub_account"] = "SUB_ACCOUNT_UNSUPPORTED",
        ["operations[].account.sub_account"] = "SUB_ACCOUNT_UNSUPPORTED",
        ["operations[].status"] = "OPERATIONS_INVALID",
        ["operations[].coin_change"] = "REQUEST_INVALID",
    };

    private static readonly GenesisDocument Genesis = TestNetwork.Genesis();

    private readonly MeshNetwork _network = new(Genesis);
    private readonly PrivateKey _key = PrivateKey.Generate();
    private readonly OnlineParts _online;
    private readonly InProcess _adapter;

    public RequestTests()
    {
        var nobody = new MeshOptions("genesis.json", Genesis.Hash, new IPEndPoint(IPAddress.Loopback, 1))
        {
            Endpoint = new Uri("http://127.0.0.1:1"),
        };
        _online = new OnlineParts(_network, nobody, NullLogger.Instance);
        _adapter = new InProcess(MeshHost.Handlers(_network, _online), Genesis.NetworkName);
    }

    public static TheoryData<string> Endpoints => [.. Shapes.Endpoints];

    public void Dispose()
    {
        _adapter.Dispose();
        _online.Dispose();
        _key.Dispose();
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Request_WithAnyMemberThatMayBeThere_IsTaken(string path)
    {
        JsonObject whole = await RequestAsync(path);
        Shapes.Require("ask " + path, Element(whole));
        Assert.Null(await WrongAsync(path, whole));
        foreach ((string at, string kind, bool present, _) in Places("", "ask " + path, whole))
        {
            if (present)
            {
                continue;
            }

            var more = (JsonObject)whole.DeepClone();
            Set(more, at, Sample(at, kind));
            Shapes.Require("ask " + path, Element(more));
            string? wrong = await WrongAsync(path, more);
            // There are no coins, whoever asks.
            string? expected = path == "/account/coins" ? null : Refused.GetValueOrDefault(at);
            Assert.True(wrong == expected, $"{path} with {at}: {wrong ?? "taken"}");
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Request_WithoutAMemberThatMustBeThereOrOfAnotherKind_IsRefused(string path)
    {
        JsonObject whole = await RequestAsync(path);
        foreach ((string at, string kind, bool present, bool required) in Places("", "ask " + path, whole))
        {
            if (!present || Unread(path, at))
            {
                continue;
            }

            var other = (JsonObject)whole.DeepClone();
            Set(other, at, kind is "flag" ? JsonValue.Create("true") : JsonValue.Create(true));
            Assert.True(await WrongAsync(path, other) is not null, $"{path}: {at} of another kind is taken");
            if (required)
            {
                Set(other, at, null);
                Assert.True(await WrongAsync(path, other) is not null, $"{path}: taken without {at}");
            }
        }
    }

    /// <summary>What no step needs and no step reads.</summary>
    private static bool Unread(string path, string at) => path is "/account/coins"
        || at.StartsWith("signatures[].signing_payload.", StringComparison.Ordinal)
            && !at.EndsWith("hex_bytes", StringComparison.Ordinal);

    /// <summary>The error of a request that is wrong; null for one that is right.</summary>
    private async Task<string?> WrongAsync(string path, JsonObject request)
    {
        (HttpStatusCode Status, JsonElement Answer) told =
            await _adapter.Client.PostAsync(path, request.ToJsonString());
        if (told.Status == HttpStatusCode.OK)
        {
            Shapes.Require(path, told.Answer);
            return null;
        }

        string error = MeshClient.RequireError(told);
        Assert.NotEqual("FAILED", error);
        return error is "NODE_UNAVAILABLE" or "NOT_IMPLEMENTED" or "COINS_UNSUPPORTED"
            or "TRANSACTION_UNKNOWN" ? null : error;
    }

    /// <summary>Every member of a request's known shapes, there or not; [] for the first item of a
    /// list.</summary>
    private static IEnumerable<(string At, string Kind, bool Present, bool Required)> Places(
        string at, string shape, JsonNode node)
    {
        foreach (Shapes.Member member in Shapes.MembersOf(shape) ?? [])
        {
            string place = at.Length == 0 ? member.Name : $"{at}.{member.Name}";
            JsonNode? found = node[member.Name];
            yield return (place, member.Kind, found is not null, member.Required);
            bool list = member.Kind.StartsWith('[');
            JsonNode? inner = list ? found is JsonArray { Count: > 0 } items ? items[0] : null : found;
            if (inner is not null)
            {
                foreach (var deeper in Places(
                    list ? place + "[]" : place, member.Kind.Trim('[', ']'), inner))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static void Set(JsonObject request, string at, JsonNode? value)
    {
        string[] steps = at.Split('.');
        JsonNode node = request;
        foreach (string step in steps[..^1])
        {
            node = step.EndsWith("[]", StringComparison.Ordinal) ? node[step[..^2]]![0]! : node[step]!;
        }

        _ = value is null ? node.AsObject().Remove(steps[^1]) : (node[steps[^1]] = value) is not null;
    }

    private static JsonNode Sample(string at, string kind)
    {
        if (Shapes.MembersOf(kind) is { } members)
        {
            return new JsonObject(members.Where(static member => member.Required).Select(member =>
                KeyValuePair.Create(member.Name, (JsonNode?)Sample($"{at}.{member.Name}", member.Kind))));
        }

        string name = at[(at.LastIndexOf('.') + 1)..];
        return kind switch
        {
            _ when kind.StartsWith('[') => new JsonArray(),
            "object" => new JsonObject(),
            "flag" => false,
            "int" or "int32" or "count" or "number" => 0,
            "text" => name switch
            {
                "hash" => Hash,
                "address" => Eip55.Format(TestNetwork.Bob),
                "symbol" => TestNetwork.Bond.ToString(),
                _ => "SUCCESS",
            },
            _ => kind.Split('|')[0],
        };
    }

    /// <summary>A request that is right, with as little as it needs.</summary>
    private async Task<JsonObject> RequestAsync(string path)
    {
        JsonObject request = path == "/network/list" ? [] : new()
        {
            ["network_identifier"] = _network.Identifier(),
        };
        var account = new JsonObject { ["address"] = Eip55.Format(TestNetwork.Bob) };
        var transaction = new JsonObject { ["hash"] = Hash };
        switch (path)
        {
            case "/block":
                request["block_identifier"] = new JsonObject();
                break;
            case "/block/transaction":
                request["block_identifier"] = new JsonObject { ["index"] = 1, ["hash"] = Hash };
                request["transaction_identifier"] = transaction;
                break;
            case "/mempool/transaction" or "/search/transactions":
                request["transaction_identifier"] = transaction;
                break;
            case "/account/balance":
                request["account_identifier"] = account;
                request["block_identifier"] = new JsonObject { ["index"] = 1 };
                request["currencies"] = new JsonArray(Intents.Currency(TestNetwork.Bond, 2));
                break;
            case "/account/coins":
                request["account_identifier"] = account;
                request["include_mempool"] = false;
                break;
            case "/call":
                request["method"] = "transaction_status";
                request["parameters"] = new JsonObject { ["transaction_identifier"] = transaction };
                break;
            default:
                await ConstructionAsync(path, request);
                break;
        }

        return request;
    }

    private async Task ConstructionAsync(string path, JsonObject request)
    {
        JsonArray meant = Intents.Transfer(
            0, _key.Address, TestNetwork.Bob, 5, Intents.Currency(TestNetwork.Bond, 2), tag: 7);
        var metadata = new JsonObject
        {
            ["genesis_hash"] = Genesis.Hash.ToString(),
            ["chain_id"] = $"{Genesis.ChainId}",
            ["sender"] = Eip55.Format(_key.Address),
            ["nonce"] = "4",
            ["valid_until_ms"] = 1_900_000_000_000,
        };
        switch (path)
        {
            case "/construction/derive":
                request["public_key"] = Intents.Key(_key);
                return;
            case "/construction/preprocess":
                request["operations"] = meant;
                return;
            case "/construction/metadata":
                request["options"] = new JsonObject
                {
                    ["sender"] = Eip55.Format(_key.Address),
                    ["currencies"] = new JsonArray(Intents.Currency(TestNetwork.Bond, 2)),
                };
                return;
            case "/construction/payloads":
                request["operations"] = meant;
                request["metadata"] = metadata;
                return;
        }

        if (!path.StartsWith("/construction/", StringComparison.Ordinal))
        {
            return;
        }

        JsonElement built = await _adapter.Client.AskAsync(
            "/construction/payloads", ("operations", meant), ("metadata", metadata));
        JsonNode unsigned = built.GetProperty("unsigned_transaction").GetString()!;
        JsonArray signatures = Intents.Sign(built.GetProperty("payloads"), _key);
        if (path == "/construction/combine")
        {
            request["unsigned_transaction"] = unsigned;
            request["signatures"] = signatures;
        }
        else if (path == "/construction/parse")
        {
            request["signed"] = false;
            request["transaction"] = unsigned;
        }
        else
        {
            request["signed_transaction"] = (await _adapter.Client.AskAsync(
                "/construction/combine", ("unsigned_transaction", unsigned), ("signatures", signatures)))
                .GetProperty("signed_transaction").GetString();
        }
    }

    private static JsonElement Element(JsonObject request) =>
        JsonDocument.Parse(request.ToJsonString()).RootElement;
}
