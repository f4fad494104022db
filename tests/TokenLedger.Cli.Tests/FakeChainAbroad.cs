// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Tests;

/// <summary>A node of a chain abroad with one token, which answers who may receive it.</summary>
internal sealed class FakeChainAbroad : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serve;

    public FakeChainAbroad()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serve = ServeAsync();
    }

    public string Url { get; }

    public string ChainId { get; init; } = "0xaa36a7";

    /// <summary>The restriction of every receiver; 0 for none.</summary>
    public byte Code { get; set; }

    /// <summary>What was asked of contracts: to and data.</summary>
    public List<(string To, string Data)> Calls { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serve;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            JsonNode request = JsonNode.Parse(await reader.ReadToEndAsync())!;
            var answer = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = request["id"]!.DeepClone(),
                ["result"] = Result(request),
            };
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
            context.Response.Close();
        }
    }

    private string Result(JsonNode request)
    {
        if (request["method"]!.GetValue<string>() == "eth_chainId")
        {
            return ChainId;
        }

        JsonNode call = request["params"]![0]!;
        Calls.Add((call["to"]!.GetValue<string>(), call["data"]!.GetValue<string>()));
        return $"0x{Code:x64}";
    }
}
