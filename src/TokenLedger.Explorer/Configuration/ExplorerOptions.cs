// SPDX-License-Identifier: Apache-2.0
using System.Net;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Configuration;

/// <summary>The explorer's configuration. Paths are absolute here.</summary>
/// <param name="Endpoint">The node's public services: http:// or https://.</param>
/// <param name="Trust">Who vouches for the node's certificate; null for the system's authorities.</param>
/// <param name="GenesisHash">The network: everything else is checked against it.</param>
/// <param name="DataFolder">Folder of the index; made when missing.</param>
/// <param name="Listen">Where pages and the API are served, HTTP/1.1.</param>
internal sealed record ExplorerOptions(
    Uri Endpoint, NodeTrust? Trust, Hash256 GenesisHash, string DataFolder, IPEndPoint Listen);
