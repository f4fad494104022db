// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Chaos;

/// <summary>Who a connection is by its TLS key, and how to connect as a validator.</summary>
internal sealed class PeerPins : IPeerIdentity, IDisposable
{
    private readonly ValidatorSet _validators;

    public PeerPins(string certificate, string key, ValidatorSet validators)
    {
        _validators = validators;
        Certificate = X509Certificate2.CreateFromPemFile(certificate, key);
    }

    public X509Certificate2 Certificate { get; }

    public bool IsKnown(X509Certificate2? certificate) => IndexOf(certificate) >= 0;

    public int IndexOf(ServerCallContext context) =>
        IndexOf(context.GetHttpContext().Connection.ClientCertificate);

    /// <summary>How to connect to a validator, and to no one else.</summary>
    public SslClientAuthenticationOptions ClientOptions(int index) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = SslStreamCertificateContext.Create(Certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, presented, _, _) =>
            IndexOf(presented as X509Certificate2) == index,
    };

    public void Dispose() => Certificate.Dispose();

    private int IndexOf(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return -1;
        }

        var hash = new Hash256(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        for (int i = 0; i < _validators.Count; i++)
        {
            if (_validators[i].TlsKeyHash == hash)
            {
                return i;
            }
        }

        return -1;
    }
}
