// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core.Json;
using TokenLedger.Mesh.Configuration;

namespace TokenLedger.Mesh.Tests;

/// <summary>mesh.json.</summary>
public sealed class MeshOptionsFileTests
{
    private const string Hash = "0000000000000000000000000000000000000000000000000000000000000001";

    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        MeshOptions options = Read($$"""
            {
              "genesis": "genesis.json", "genesisHash": "{{Hash}}", "listen": "127.0.0.1:7501",
              "endpoint": "https://node.example:7201", "caFile": "ca.pem", "apiKeyFile": "/etc/key"
            }
            """);
        Assert.Equal(
            ("/etc/mesh/genesis.json", Hash, "127.0.0.1:7501", "https://node.example:7201/",
                "/etc/mesh/ca.pem", "/etc/key"),
            (options.GenesisFile, options.GenesisHash.ToString(), options.Listen.ToString(),
                options.Endpoint!.ToString(), options.CaFile, options.ApiKeyFile));
    }

    [Fact]
    public void Read_WithoutAnEndpoint_IsOffline() => Assert.Null(Read($$"""
        { "genesis": "genesis.json", "genesisHash": "{{Hash}}", "listen": "127.0.0.1:7501" }
        """).Endpoint);

    [Theory]
    [InlineData("""  "listen": "127.0.0.1:7501", "genesis": "" """)]
    [InlineData("""  "listen": "127.0.0.1", "genesis": "g" """)]
    [InlineData("""  "listen": "127.0.0.1:7501", "genesis": "g", "endpoint": "ftp://a" """)]
    [InlineData("""  "listen": "127.0.0.1:7501", "genesis": "g", "endpoint": "http://a/b" """)]
    [InlineData("""  "listen": "127.0.0.1:7501", "genesis": "g", "caFile": "ca.pem" """)]
    [InlineData("""
        "listen": "127.0.0.1:7501", "genesis": "g", "endpoint": "http://a.example", "apiKeyFile": "k"
        """)]
    [InlineData("""  "listen": "127.0.0.1:7501", "genesis": "g", "endpont": "http://a" """)]
    public void Read_WhatIsWrong_IsRefused(string members) => Assert.Throws<StrictJsonException>(
        () => Read($$"""{ "genesisHash": "{{Hash}}", {{members}} }"""));

    private static MeshOptions Read(string json) =>
        MeshOptionsFile.Read(Encoding.UTF8.GetBytes(json), "/etc/mesh");
}
