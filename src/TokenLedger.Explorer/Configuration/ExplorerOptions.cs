// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Configuration;

/// <summary>What a process does.</summary>
internal enum ExplorerRole
{
    /// <summary>It follows the ledger and serves pages.</summary>
    Both,

    /// <summary>It follows the ledger, and serves health and status only.</summary>
    Projector,

    /// <summary>It serves pages of an index that a projector writes.</summary>
    Web,
}

/// <summary>Where the index is kept.</summary>
internal enum ExplorerStore
{
    /// <summary>In the data folder of this process.</summary>
    Embedded,

    /// <summary>In PostgreSQL, for many processes.</summary>
    Postgresql,
}

/// <summary>The explorer's configuration. Paths are absolute here.</summary>
/// <param name="Endpoints">Nodes' public services, http:// or https://: at least one, in the order in which
/// they are asked.</param>
/// <param name="Trust">Who vouches for the nodes' certificates; null for the system's authorities.</param>
/// <param name="GenesisHash">The network: everything else is checked against it.</param>
/// <param name="DataFolder">Folder of the embedded index; made when missing. Empty with PostgreSQL.</param>
/// <param name="Listen">Where pages and the API are served, HTTP/1.1.</param>
internal sealed record ExplorerOptions(
    ImmutableArray<Uri> Endpoints, NodeTrust? Trust, Hash256 GenesisHash, string DataFolder,
    IPEndPoint Listen)
{
    /// <summary>What this process does.</summary>
    public ExplorerRole Role { get; init; }

    /// <summary>The database of the index; null for the embedded one.</summary>
    public PostgresSettings? Postgres { get; init; }

    /// <summary>Addresses of proxies in front of this process, whose X-Forwarded-For is believed.</summary>
    public ImmutableArray<IPAddress> Proxies { get; init; } = [];
}
