// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests;

/// <summary>The program itself, without a node: requests that are wrong, its start and its end.</summary>
public sealed class MeshProcessTests
{
    [Fact]
    public async Task Requests_ThatAreWrong_GetAnErrorOfTheTable()
    {
        using MeshProcess offline = await MeshProcess.StartAsync(TestNetwork.Genesis(), endpoint: null);
        MeshClient client = offline.Client;
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
        await offline.StopAsync();
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
}
