// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Node.Configuration;

/// <summary>
/// Mutual TLS 1.3 between validators. A peer is whoever holds the key whose SubjectPublicKeyInfo hash genesis
/// pins, or this node's configuration for an observer; issuer, name and dates say nothing, and no certificate
/// authority is trusted.
/// </summary>
internal sealed class PeerTls : IPeerIdentity, IDisposable
{
    private readonly ValidatorSet _validators;
    private readonly ImmutableArray<Hash256> _observers;
    private readonly SslStreamCertificateContext _context;

    public PeerTls(TlsFiles files, ValidatorSet validators, ImmutableArray<Hash256> observers)
    {
        _validators = validators;
        _observers = observers;
        Certificate = Load(files);
        _context = SslStreamCertificateContext.Create(Certificate, null, offline: true);
    }

    /// <summary>This node's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Hash of this node's public key, as genesis would pin it.</summary>
    public Hash256 KeyHash => KeyHashOf(Certificate);

    /// <summary>Loads a certificate and its key.</summary>
    public static X509Certificate2 Load(TlsFiles files)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        }
        catch (Exception e) when (e is CryptographicException or IOException or ArgumentException)
        {
            throw new NodeConfigurationException(
                "CERTIFICATE_INVALID", $"{files.Certificate} with {files.Key} cannot be used: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public int IndexOf(ServerCallContext context) =>
        IndexOf(context.GetHttpContext().Connection.ClientCertificate);

    /// <summary>How to connect to one validator: no other's key is accepted.</summary>
    public SslClientAuthenticationOptions ClientOptions(int index)
    {
        Hash256 pin = _validators[index].TlsKeyHash;
        return new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = _context,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is X509Certificate2 presented && KeyHashOf(presented) == pin,
        };
    }

    public void Dispose() => Certificate.Dispose();

    /// <summary>
    /// The number of the validator, or of the observer after the validators, whose key a certificate has;
    /// −1 for a key that nobody has pinned, and for none.
    /// </summary>
    public int IndexOf(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return -1;
        }

        Hash256 hash = KeyHashOf(certificate);
        for (int i = 0; i < _validators.Count; i++)
        {
            if (_validators[i].TlsKeyHash == hash)
            {
                return i;
            }
        }

        int observer = _observers.IndexOf(hash);
        return observer < 0 ? -1 : _validators.Count + observer;
    }

    /// <summary>SHA-256 of a certificate's SubjectPublicKeyInfo.</summary>
    public static Hash256 KeyHashOf(X509Certificate2 certificate) =>
        new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
}
