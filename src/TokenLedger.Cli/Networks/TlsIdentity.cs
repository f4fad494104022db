// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// A validator's TLS identity: a P-256 key and a self-signed certificate. Peers pin the hash of the public
/// key that genesis names, so no authority signs it and a new certificate for the same key needs no change of
/// genesis.
/// </summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="KeyPem">The private key, PKCS#8.</param>
/// <param name="KeyHash">SHA-256 of the SubjectPublicKeyInfo.</param>
internal sealed record TlsIdentity(string CertificatePem, byte[] KeyPem, Hash256 KeyHash)
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(825);

    /// <summary>Makes an identity for a validator that listens on the loopback address.</summary>
    /// <param name="name">The validator's name, the certificate's subject.</param>
    /// <param name="voteKey">The address of its vote key, which the certificate names as a URI.</param>
    /// <param name="now">The certificate is valid from a day before.</param>
    public static TlsIdentity Create(string name, Address voteKey, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddUri(new Uri($"urn:tokenledger:validator:{voteKey}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));

        // The same certificate answers and calls: server and client authentication.
        OidCollection usages = [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now + Validity);
        return new TlsIdentity(
            certificate.ExportCertificatePem() + "\n",
            Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"),
            new Hash256(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
    }
}
