// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace TokenLedger.Cluster.Tests;

/// <summary>An observer of a network: its key, certificate and node.json.</summary>
internal static class ObserverFiles
{
    /// <summary>Writes those of an observer of a single validator beside its network.</summary>
    public static (string Configuration, string Pin) Write(SingleNode validator, SingleNode free) => Write(
        validator.Beside("observer"), validator.ConfigurationPath, free,
        new JsonObject { ["validator-1"] = $"127.0.0.1:{validator.Port(1)}" });

    /// <summary>Writes them into a new folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="validator">A validator's node.json, which it takes everything else from.</param>
    /// <param name="free">A network whose ports nobody uses.</param>
    /// <param name="addresses">The validators that it follows.</param>
    /// <returns>The node.json, and the hash that a validator must list.</returns>
    public static (string Configuration, string Pin) Write(
        string folder, string validator, SingleNode free, JsonObject addresses)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=observer", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        string configuration = Path.Combine(folder, "node.json");
        SingleNode.Configure(validator, configuration, root =>
        {
            root["name"] = "observer";
            root["genesis"] = Path.GetFullPath(
                root["genesis"]!.GetValue<string>(), Path.GetDirectoryName(validator)!);
            root["dataDirectory"] = "data";
            root.AsObject().Remove("voteKey");
            root["tls"] = new JsonObject { ["certificate"] = "cert.pem", ["key"] = "key.pem" };
            root["peers"] = new JsonObject
            {
                ["listen"] = $"127.0.0.1:{free.Port(1)}",
                ["addresses"] = addresses,
            };
            root["api"]!["listen"] = $"127.0.0.1:{free.Port(2)}";
            root["operations"]!["listen"] = $"127.0.0.1:{free.Port(3)}";
        });
        byte[] hash = SHA256.HashData(key.ExportSubjectPublicKeyInfo());
        return (configuration, Convert.ToHexStringLower(hash));
    }
}
