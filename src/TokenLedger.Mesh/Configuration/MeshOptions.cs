// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using TokenLedger.Core;

namespace TokenLedger.Mesh.Configuration;

/// <summary>The adapter's configuration. Paths are absolute here.</summary>
/// <param name="GenesisFile">The network's genesis file, which must have the hash.</param>
/// <param name="GenesisHash">The network: everything else is checked against it.</param>
/// <param name="Listen">Where the API is served, HTTP/1.1.</param>
internal sealed record MeshOptions(string GenesisFile, Hash256 GenesisHash, IPEndPoint Listen)
{
    /// <summary>The node's public services, http:// or https://; null serves construction offline
    /// only.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>PEM file of the authorities that may vouch for the node; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>File whose first line is the key by which the node knows the adapter; null for
    /// none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>TLS options of the connection to the node; null for the system's.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The key itself, as it is sent; null for none.</summary>
    public string? ApiKeyHeader { get; init; }
}
