// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>Asks the node of the chain abroad.</summary>
internal delegate Task<JsonObject> RpcForward(JsonObject request);

/// <summary>One way in which an endpoint does not serve what is so.</summary>
/// <param name="Name">What tests call it.</param>
/// <param name="Answer">Answers a request, by asking the node or without.</param>
internal sealed record RpcLie(
    string Name, Func<JsonObject, RpcForward, CancellationToken, Task<JsonObject?>> Answer)
{
    private static readonly string TotalSupply =
        EvmHex.Data(BridgeContracts.TotalSupply.Selector.AsSpan());

    /// <summary>It breaks the connection.</summary>
    public static RpcLie Fails { get; } = new("fails", (_, _, _) => Task.FromResult<JsonObject?>(null));

    /// <summary>It never answers.</summary>
    public static RpcLie Hangs { get; } = new("hangs", async (_, _, cancel) =>
    {
        await new TaskCompletionSource().Task.WaitAsync(cancel);
        return null;
    });

    public static RpcLie WrongChain { get; } =
        OnResult("serves another chain", "eth_chainId", static (_, _) => "0x1");

    public static RpcLie WrongCode { get; } =
        OnResult("serves other contracts", "eth_getCode", static (_, _) => "0x6000");

    public static RpcLie OmitsLogs { get; } =
        OnResult("omits logs", "eth_getLogs", static (_, _) => new JsonArray());

    /// <summary>One unit more of each token than there is.</summary>
    public static RpcLie ChangesSupply { get; } = OnResult(
        "changes the supply",
        "eth_call",
        static (request, result) => DataOf(request) == TotalSupply ? Plus(result!, 1) : result);

    /// <summary>A burn less than there was, in a storage that no state root has.</summary>
    public static RpcLie ForgesStorage { get; } = OnResult(
        "forges the storage",
        "eth_getProof",
        static (_, result) =>
        {
            JsonNode slot = result!["storageProof"]!.AsArray()[0]!;
            slot["value"] = Plus(slot["value"]!, 1);
            return result;
        });

    /// <summary>Takes transactions, and keeps them to itself.</summary>
    public static RpcLie DropsSends { get; } = new("drops sends", async (request, forward, _) =>
        Method(request) == "eth_sendRawTransaction"
            ? Answered(request, "0x" + Crypto.Keccak256.Hash(Convert.FromHexString(
                request["params"]![0]!.GetValue<string>().AsSpan(2))))
            : await forward(request));

    /// <summary>Knows nothing of the last blocks.</summary>
    public static RpcLie Lags(ulong blocks) => new("lags", async (request, forward, _) =>
    {
        if (request["params"] is JsonArray parameters)
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                if (parameters[i] is JsonValue value && value.TryGetValue(out string? tag)
                    && tag is "latest" or "safe" or "finalized")
                {
                    ulong number = await NumberAsync(tag, forward);
                    parameters[i] = Hex(number > blocks ? number - blocks : 0);
                }
            }
        }

        return await forward(request);
    });

    /// <summary>Adds a log of its own at the end of what is asked for.</summary>
    /// <param name="log">Its address, topics and data.</param>
    public static RpcLie Invents(JsonObject log) => new("invents logs", async (request, forward, _) =>
    {
        JsonObject answer = await forward(request);
        if (Method(request) == "eth_getLogs" && answer["result"] is JsonArray logs)
        {
            string number = request["params"]![0]!["toBlock"]!.GetValue<string>();
            JsonNode block = await ResultAsync("eth_getBlockByNumber", forward, number, false);
            JsonNode added = log.DeepClone();
            added["blockNumber"] = number;
            added["blockHash"] = block["hash"]!.DeepClone();
            added["transactionHash"] = "0x" + new string('7', 2 * Hash256.Size);
            added["transactionIndex"] = "0x0";
            added["logIndex"] = "0xffff";
            added["removed"] = false;
            logs.Add(added);
        }

        return answer;
    });

    private static RpcLie OnResult(
        string name, string method, Func<JsonObject, JsonNode?, JsonNode?> change) =>
        new(name, async (request, forward, _) =>
        {
            JsonObject answer = await forward(request);
            if (Method(request) == method && answer.ContainsKey("result"))
            {
                answer["result"] = change(request, answer["result"])?.DeepClone();
            }

            return answer;
        });

    private static string Method(JsonObject request) => request["method"]!.GetValue<string>();

    private static string? DataOf(JsonObject request) => (string?)request["params"]![0]!["data"];

    private static async Task<ulong> NumberAsync(string tag, RpcForward forward) => ulong.Parse(
        (await ResultAsync("eth_getBlockByNumber", forward, tag, false))["number"]!.GetValue<string>()
            .AsSpan(2),
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    private static async Task<JsonNode> ResultAsync(
        string method, RpcForward forward, params JsonNode[] parameters) =>
        (await forward(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = new JsonArray(parameters),
        }))["result"]!;

    private static JsonObject Answered(JsonObject request, JsonNode result) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = request["id"]!.DeepClone(),
        ["result"] = result,
    };

    /// <summary>A word or quantity with something added.</summary>
    private static string Plus(JsonNode number, byte added)
    {
        string digits = number.GetValue<string>()[2..];
        UInt128 value = UInt128.Parse(
            digits.AsSpan(Math.Max(0, digits.Length - 32)), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture) + added;
        return digits.Length == 2 * UInt256.Size
            ? "0x" + value.ToString("x64", CultureInfo.InvariantCulture)
            : "0x" + value.ToString("x", CultureInfo.InvariantCulture);
    }

    private static string Hex(ulong number) => EvmHex.Quantity(number);
}
