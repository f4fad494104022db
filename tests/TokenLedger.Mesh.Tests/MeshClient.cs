// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Mesh.Requests;
using TokenLedger.Mesh.Tests.Schema;

namespace TokenLedger.Mesh.Tests;

/// <summary>
/// A client that believes nothing: every request that is answered and every answer must have the published
/// shape, every error must stand in the table of the options.
/// </summary>
internal sealed class MeshClient(HttpClient http, string networkName)
{
    /// <summary>What each request names.</summary>
    public JsonObject Network { get; } =
        new() { ["blockchain"] = MeshNetwork.Blockchain, ["network"] = networkName };

    /// <summary>Asks, and requires an answer.</summary>
    public async Task<JsonElement> AskAsync(string path, params (string Name, JsonNode? Value)[] members)
    {
        string request = Request(members);
        Shapes.Require("ask " + path, JsonDocument.Parse(request).RootElement);
        (HttpStatusCode status, JsonElement answer) = await PostAsync(path, request);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {answer.GetRawText()}");
        Shapes.Require(path, answer);
        return answer;
    }

    /// <summary>Asks, and requires an error of the table.</summary>
    /// <returns>Its message.</returns>
    public async Task<string> RefusedAsync(string path, params (string Name, JsonNode? Value)[] members) =>
        RequireError(await PostAsync(path, Request(members)));

    /// <summary>Sends any bytes.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(
            new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response);
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    /// <summary>Requires an error of the table, with the convention's status.</summary>
    public static string RequireError((HttpStatusCode Status, JsonElement Answer) response)
    {
        Assert.Equal(HttpStatusCode.InternalServerError, response.Status);
        Shapes.Require("Error", response.Answer);
        MeshError? known = MeshError.Named(response.Answer.GetProperty("message").GetString()!);
        Assert.Equal(
            (known?.Code, known?.Retriable),
            (response.Answer.GetProperty("code").GetInt32(),
                response.Answer.GetProperty("retriable").GetBoolean()));
        return known!.Message;
    }

    private string Request((string Name, JsonNode? Value)[] members)
    {
        var request = new JsonObject { ["network_identifier"] = Network.DeepClone() };
        foreach ((string name, JsonNode? value) in members)
        {
            request[name] = value?.DeepClone();
        }

        return request.ToJsonString();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> ReadAsync(
        HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return (response.StatusCode, document.RootElement.Clone());
    }
}
