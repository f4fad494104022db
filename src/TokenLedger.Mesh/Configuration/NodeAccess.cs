// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenLedger.Protocol;

namespace TokenLedger.Mesh.Configuration;

/// <summary>What the configuration's files say of the connection to the node.</summary>
internal static class NodeAccess
{
    private const int MaxAuthoritiesBytes = 1024 * 1024;
    private const int MaxKeyBytes = 1_024;

    /// <summary>Trusts the authorities of a PEM file in place of the system's.</summary>
    /// <exception cref="MeshConfigurationException">CA_FILE_INVALID.</exception>
    public static SslClientAuthenticationOptions Tls(string file)
    {
        // An authority of one's own publishes no list of what it revoked; whoever runs it changes the file.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPem(Text(file, MaxAuthoritiesBytes));
        }
        catch (CryptographicException e)
        {
            throw new MeshConfigurationException("CA_FILE_INVALID", $"{file}: {e.Message}");
        }

        return policy.CustomTrustStore.Count > 0
            ? new SslClientAuthenticationOptions { CertificateChainPolicy = policy }
            : throw new MeshConfigurationException(
                "CA_FILE_INVALID", $"{file} holds no certificate between BEGIN and END CERTIFICATE.");
    }

    /// <summary>The header that carries the key in a file's first line.</summary>
    /// <exception cref="MeshConfigurationException">API_KEY_INVALID.</exception>
    public static string ApiKeyHeader(string file)
    {
        string key = Text(file, MaxKeyBytes).Split('\n')[0].Trim();
        return ApiKey.IsWellFormed(key)
            ? ApiKey.Header(key)
            : throw new MeshConfigurationException(
                "API_KEY_INVALID", $"The first line of {file} is no API key of a node.");
    }

    private static string Text(string file, int maxBytes)
    {
        long bytes = new FileInfo(file).Length;
        return bytes <= maxBytes
            ? File.ReadAllText(file)
            : throw new MeshConfigurationException(
                "FILE_TOO_LARGE", $"{file} has {bytes} bytes; at most {maxBytes} are read.");
    }
}
