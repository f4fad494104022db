// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json.Nodes;

namespace TokenLedger.Evm.Tests;

/// <summary>A node without a network: it answers each method as it is told, or does not.</summary>
internal sealed class FakeNode : HttpMessageHandler
{
    private readonly Func<string, JsonArray, JsonNode?> _answer;

    public FakeNode(Func<string, JsonArray, JsonNode?> answer) => _answer = answer;

    /// <summary>Changes the bytes of an answer.</summary>
    public Func<byte[], byte[]> Mutate { get; init; } = static bytes => bytes;

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public List<string> Asked { get; } = [];

    /// <summary>Requests of HTTP; a batch is one.</summary>
    public int Posts { get; private set; }

    public static EvmClient Client(
        Func<string, JsonArray, JsonNode?> answer, string name = "fake", TimeProvider? time = null) =>
        new FakeNode(answer).ToClient(name, time);

    public EvmClient ToClient(string name = "fake", TimeProvider? time = null) => new(new EvmProvider(
        new Uri($"http://{name}/secret"), TimeSpan.FromSeconds(30), time ?? TimeProvider.System, name, this));

    /// <summary>An error of JSON-RPC in place of a result.</summary>
    public static JsonNode Error(int code, string message, string? data = null) => new JsonObject
    {
        ["fake error"] = new JsonObject { ["code"] = code, ["message"] = message, ["data"] = data },
    };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Posts++;
        JsonNode body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        JsonNode answer = body is JsonArray many
            ? new JsonArray([.. many.Select(one => Answer(one!)).Reverse()])
            : Answer(body);
        byte[] bytes = Mutate(System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString()));
        return new HttpResponseMessage(Status) { Content = new ByteArrayContent(bytes) };
    }

    private JsonObject Answer(JsonNode request)
    {
        string method = request["method"]!.GetValue<string>();
        lock (Asked)
        {
            Asked.Add(method);
        }

        JsonNode? result = _answer(method, request["params"]!.AsArray());
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone() };
        if (result is JsonObject error && error["fake error"] is { } told)
        {
            answer["error"] = told.DeepClone();
        }
        else
        {
            answer["result"] = result?.DeepClone();
        }

        return answer;
    }
}
