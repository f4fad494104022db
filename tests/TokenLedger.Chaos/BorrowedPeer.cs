// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Chaos;

/// <summary>A validator's place at the others' ports, taken with its own key while it is down.</summary>
internal sealed class BorrowedPeer : IDisposable
{
    private readonly ChaosCluster _cluster;
    private readonly X509Certificate2 _certificate;

    public BorrowedPeer(ChaosCluster cluster, int index)
    {
        _cluster = cluster;
        string tls = Path.Combine(cluster.NodeFolder(index), "tls");
        _certificate = X509Certificate2.CreateFromPemFile(
            Path.Combine(tls, "cert.pem"), Path.Combine(tls, "key.pem"));
        Hello = new Hello
        {
            ProtocolVersion = 1,
            GenesisHash = ByteString.CopyFrom(cluster.Client.Digest.GenesisHash.ToArray()),
            ValidatorIndex = (uint)index,
        };
    }

    /// <summary>What it says of itself.</summary>
    public Hello Hello { get; }

    /// <summary>A connection to a validator. The caller disposes it.</summary>
    public RpcChannel Connect(int node)
    {
        using X509Certificate2 server = X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(_cluster.NodeFolder(node), "tls", "cert.pem"));
        byte[] expected = server.GetPublicKey();
        return RpcChannel.ForAddress(
            new Uri(FormattableString.Invariant($"https://127.0.0.1:{_cluster.PeerPort(node)}")),
            new RpcChannelOptions
            {
                // More than an honest node sends: what is too large is for the other end to refuse.
                MaxSendMessageBytes = 4 * Limits.PeerMessageBytes,
                SslOptions = new SslClientAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateContext = SslStreamCertificateContext.Create(
                        _certificate, null, offline: true),
                    RemoteCertificateValidationCallback = (_, presented, _, _) =>
                        presented?.GetPublicKey().AsSpan().SequenceEqual(expected) == true,
                },
            });
    }

    public void Dispose() => _certificate.Dispose();
}
