// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Examples;

/// <summary>How nodes are reached, and who they are told is calling.</summary>
internal static partial class Access
{
    /// <summary>What every program takes beside --node.</summary>
    public static string[] Names { get; } = ["tls-ca", "api-key-file"];

    /// <summary>--node HOST:PORT[,HOST:PORT] [--tls-ca FILE] [--api-key-file FILE]. With a file of
    /// authorities in PEM the nodes speak TLS, and nobody else may vouch for them. A connection that died
    /// without a word is noticed by its pings.</summary>
    public static LedgerClient[] Nodes(this Words words)
    {
        string[] addresses = words["node"].Split(',');
        if (!addresses.All(address => HostAndPort().IsMatch(address)))
        {
            throw new UsageException("--node is no HOST:PORT[,HOST:PORT].");
        }

        bool tls = words.Has("tls-ca");
        if (words.Has("api-key-file") && !tls && !addresses.All(address => ThisMachine().IsMatch(address)))
        {
            throw new UsageException("--api-key-file goes over a network with --tls-ca only.");
        }

        var options = new RpcChannelOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            SslOptions = tls ? Trust(words["tls-ca"]) : null,
            Headers = words.Has("api-key-file") ? Key(words["api-key-file"]) : null,
        };
        return [.. addresses.Select(address =>
            LedgerClient.Connect(new Uri($"{(tls ? "https" : "http")}://{address}"), options))];
    }

    /// <summary>Refuses a node of another network.</summary>
    public static async Task<GetNetworkResponse> RequireNetworkAsync(LedgerClient node, Hash256 genesis)
    {
        GetNetworkResponse network = await node.Queries.GetNetworkAsync(
            new GetNetworkRequest(), deadline: Retry.In(5));
        return network.GenesisHash == ByteString.CopyFrom(genesis.ToArray())
            ? network
            : throw new NotProvedException(
                $"the node is of network {Convert.ToHexStringLower(network.GenesisHash.Span)}, "
                    + $"not of {genesis}");
    }

    private static SslClientAuthenticationOptions Trust(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(File.ReadAllText(path));
        return policy.CustomTrustStore.Count > 0
            ? new SslClientAuthenticationOptions { CertificateChainPolicy = policy }
            : throw new UsageException("--tls-ca is no file of certificates in PEM.");
    }

    /// <summary>The file's first line, as `tl node api-key` wrote it.</summary>
    private static Metadata Key(string path)
    {
        string key = File.ReadAllText(path).Split('\n')[0].Trim();
        return ApiKey.IsWellFormed(key)
            ? new Metadata { { ApiKey.MetadataKey, ApiKey.Header(key) } }
            : throw new UsageException("--api-key-file is no file with a key: tlk_ and 43 characters.");
    }

    [GeneratedRegex(
        @"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):([1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();

    [GeneratedRegex(
        @"^(localhost|127(\.[0-9]{1,3}){3}|\[::1\]):[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThisMachine();
}
