// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace TokenLedger.Cluster.Tests;

/// <summary>What an observer of a single validator is configured with.</summary>
internal static class ObserverFiles
{
    /// <summary>Writes an observer's key, certificate and node.json beside a validator's.</summary>
    public static (string Configuration, string Pin) Write(SingleNode validator, SingleNode free)
    {
        string folder = Directory.CreateDirectory(validator.Beside("observer")).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=observer", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        string configuration = Path.Combine(folder, "node.json");
        SingleNode.Configure(validator.ConfigurationPath, configuration, root =>
        {
            root["name"] = "observer";
            root["genesis"] = Path.Combine(validator.Folder, "genesis.json");
            root["dataDirectory"] = "data";
            root.AsObject().Remove("voteKey");
            root["tls"] = new JsonObject { ["certificate"] = "cert.pem", ["key"] = "key.pem" };
            root["peers"] = new JsonObject
            {
                ["listen"] = $"127.0.0.1:{free.Port(1)}",
                ["addresses"] = new JsonObject { ["validator-1"] = $"127.0.0.1:{validator.Port(1)}" },
            };
            root["api"]!["listen"] = $"127.0.0.1:{free.Port(2)}";
            root["operations"]!["listen"] = $"127.0.0.1:{free.Port(3)}";
        });
        byte[] hash = SHA256.HashData(key.ExportSubjectPublicKeyInfo());
        return (configuration, Convert.ToHexStringLower(hash));
    }
}
