// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Network;

/// <summary>
/// Which authorities may vouch for a node's TLS certificate: those of one PEM file, and then not the
/// system's. Names and dates are checked as ever. Immutable and thread-safe.
/// </summary>
internal sealed class ServerTrust
{
    private const int MaxBytes = 1024 * 1024;

    private readonly X509Certificate2Collection _authorities;

    private ServerTrust(X509Certificate2Collection authorities) => _authorities = authorities;

    /// <summary>Reads certificates from a PEM file.</summary>
    /// <exception cref="CliException">CA_FILE_INVALID: it is not there, or holds none.</exception>
    public static ServerTrust Load(string path)
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
            ? new ServerTrust(authorities)
            : throw Bad(path, "It holds no certificate between BEGIN and END CERTIFICATE.");
    }

    /// <summary>TLS options of one connection.</summary>
    public SslClientAuthenticationOptions Options()
    {
        // An authority of one's own publishes no list of what it revoked; whoever runs it changes the file.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static CliException Bad(string path, string why) => new(
        "CA_FILE_INVALID", ExitCode.Usage, $"{path} is no file of certificate authorities.", why,
        "Pass --ca FILE in PEM, or set the context's caFile.");
}
