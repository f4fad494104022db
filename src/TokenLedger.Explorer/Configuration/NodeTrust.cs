// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenLedger.Core;

namespace TokenLedger.Explorer.Configuration;

/// <summary>
/// What vouches for the node's TLS certificate in place of the system's authorities: the authorities of one
/// PEM file, or the hashes of public keys. Immutable and thread-safe.
/// </summary>
internal sealed class NodeTrust
{
    private const int MaxBytes = 1024 * 1024;

    private readonly X509Certificate2Collection _authorities;
    private readonly ImmutableArray<Hash256> _pins;

    private NodeTrust(X509Certificate2Collection authorities, ImmutableArray<Hash256> pins)
    {
        _authorities = authorities;
        _pins = pins;
    }

    /// <summary>Trusts keys: SHA-256 of the SubjectPublicKeyInfo. Names and dates say nothing
    /// then.</summary>
    public static NodeTrust OfPins(ImmutableArray<Hash256> pins) => new([], pins);

    /// <summary>Trusts the authorities of a PEM file. Names and dates are checked as ever.</summary>
    /// <exception cref="ExplorerConfigurationException">CA_FILE_INVALID.</exception>
    public static NodeTrust OfFile(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MaxBytes)
            {
                throw Bad(path, $"It has {info.Length} bytes; a file of authorities has at most {MaxBytes}.");
            }

            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Bad(path, e.Message);
        }

        return authorities.Count > 0
            ? new NodeTrust(authorities, [])
            : throw Bad(path, "It holds no certificate between BEGIN and END CERTIFICATE.");
    }

    /// <summary>TLS options of one connection.</summary>
    public SslClientAuthenticationOptions Options()
    {
        if (!_pins.IsEmpty)
        {
            return new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is X509Certificate2 presented && _pins.Contains(KeyHashOf(presented)),
            };
        }

        // An authority of one's own publishes no list of what it revoked; whoever runs it changes the file.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static Hash256 KeyHashOf(X509Certificate2 certificate) =>
        new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static ExplorerConfigurationException Bad(string path, string why) =>
        new("CA_FILE_INVALID", $"{path} is no file of certificate authorities. {why}");
}
