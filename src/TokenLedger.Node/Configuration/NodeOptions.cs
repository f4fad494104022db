// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using TokenLedger.Core;
using TokenLedger.Node.Bridging;

namespace TokenLedger.Node.Configuration;

/// <summary>
/// A node's own configuration. What all validators must share stands in genesis only. Paths are absolute
/// here.
/// </summary>
/// <param name="Name">The validator's name in genesis, or an observer's own.</param>
/// <param name="GenesisPath">The genesis file.</param>
/// <param name="DataDirectory">Folder of both databases; made when missing.</param>
/// <param name="VoteKey">The consensus vote key; null for an observer.</param>
/// <param name="Tls">The certificate that peers pin.</param>
/// <param name="Peers">The listener for validators, and where they are.</param>
/// <param name="Api">The listener for clients.</param>
/// <param name="Operations">The listener for metrics and health, HTTP/1.1.</param>
/// <param name="Sync">Snapshots.</param>
/// <param name="AdminSocket">The socket file for operators of this machine.</param>
/// <param name="ScrubPeriod">Within which all of the ledger is read: 1 hour to 90 days, 7 days by
/// default.</param>
/// <param name="Bridge">Its part in the bridge; null for none.</param>
/// <param name="Sandbox">True: calls may ask for faults. Refused unless genesis is a sandbox's.</param>
internal sealed record NodeOptions(
    string Name,
    string GenesisPath,
    string DataDirectory,
    KeyFile? VoteKey,
    TlsFiles Tls,
    PeerOptions Peers,
    ApiOptions Api,
    IPEndPoint Operations,
    SyncSettings Sync,
    string AdminSocket,
    TimeSpan ScrubPeriod,
    BridgeOptions? Bridge = null,
    bool Sandbox = false);

/// <summary>
/// A Web3 Secret Storage keystore, the file that holds its password, and the file of the key's signer guard.
/// </summary>
internal sealed record KeyFile(string Keystore, string PasswordFile, string Guard);

/// <summary>A PEM certificate and its PEM key.</summary>
internal sealed record TlsFiles(string Certificate, string Key);

/// <summary>
/// Where validators connect to, where this one finds them, by name, and the hashes of the public keys of
/// observers that may follow it.
/// </summary>
internal sealed record PeerOptions(
    IPEndPoint Listen,
    ImmutableSortedDictionary<string, DnsEndPoint> Addresses,
    ImmutableArray<Hash256> Observers);

/// <summary>The public API: cleartext HTTP/2, or TLS when files are named.</summary>
/// <param name="Listen">Where.</param>
/// <param name="Tls">Certificate and key; null for cleartext.</param>
/// <param name="Quota">What one address may take.</param>
/// <param name="Principals">The file that says who may do what; null for everybody and everything.</param>
internal sealed record ApiOptions(
    IPEndPoint Listen, TlsFiles? Tls, ClientQuota Quota, string? Principals = null);

/// <summary>What one client address may take.</summary>
/// <param name="Connections">Open connections.</param>
/// <param name="CallsPerSecond">Calls a second; costly ones count more.</param>
internal sealed record ClientQuota(int Connections, int CallsPerSecond)
{
    /// <summary>For a node whose configuration says nothing.</summary>
    public static ClientQuota Default { get; } = new(
        Limits.ApiConnectionsPerClient, Limits.ApiCallsPerSecond);
}
