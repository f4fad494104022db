// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using TokenLedger.Chaos;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Protocol;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>The examples at a node as an exchange has it: TLS, and nobody without a key.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class ExampleAccessTests : IDisposable
{
    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Programs_NodeWithTlsAndKeys_DoTheirWorkWithThemOnly()
    {
        ExampleProgram.CopyTypeScript();
        using var node = new SingleNode(_temporary, "access");
        await node.StartAsync();
        string genesis;
        PrivateKey[] keys = [.. ExampleProgram.All.SelectMany(static _ => (PrivateKey[])
            [PrivateKey.Generate(), PrivateKey.Generate()])];
        using (var client = new DevnetClient(node.Folder))
        {
            genesis = client.Digest.GenesisHash.ToString();
            await Setup.FundAsync(client, keys, Load.Asset);
        }

        await node.StopAsync();
        string key = ApiKey.Generate();
        string keyFile = Path.Combine(_temporary.Path, "exchange.key");
        await File.WriteAllTextAsync(keyFile, key + "\n");
        await File.WriteAllTextAsync(Path.Combine(node.NodeFolder, "principals.json"), Principals(key));
        node.Configure(static root =>
        {
            root["api"]!["principals"] = "principals.json";
            root["api"]!["tls"] = root["tls"]!.DeepClone();
        });
        await node.StartWithTlsAsync();
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port(2)}");
        string authority = Path.Combine(node.NodeFolder, "tls", "cert.pem");
        await Task.WhenAll(ExampleProgram.All.Select((program, i) => WorkAsync(
            program, ["--node", address], ["--tls-ca", authority], ["--api-key-file", keyFile], genesis,
            (keys[2 * i], keys[(2 * i) + 1]))));
        await node.StopAsync();
        Array.ForEach(keys, static each => each.Dispose());
    }

    private async Task WorkAsync(
        ExampleProgram program, string[] to, string[] tls, string[] key, string genesis,
        (PrivateKey Own, PrivateKey Other) accounts)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_temporary.Path, $"{program}")).FullName;
        string[] book = ["--book", Path.Combine(folder, "book")];
        string[] network = ["--genesis", genesis];
        string[] account = ["--account", accounts.Own.Address.ToString()];
        string[] asset = ["--asset", Load.Asset.ToString()];
        string password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, "of an example\n");
        string keystore = KeystoreFolder.Save(
            folder, accounts.Own, "of an example"u8, new ScryptCost(1024, 8, 1), TimeProvider.System);
        string[] access = [.. to, .. tls, .. key];

        await EndsAsync(0, "withdraw",
        [
            .. access, .. network, .. asset, "--keystore", keystore, "--password-file", password, "--journal",
            Path.Combine(folder, "journal"), "--request-id", new string('7', 32), "--to",
            Eip55.Format(accounts.Other.Address), "--amount", "5",
        ]);
        await EndsAsync(0, "deposits", [.. access, .. network, .. account, .. book, "--until", "2"]);
        await EndsAsync(0, "reconcile", [.. access, .. account, .. book]);
        await EndsAsync(0, "proof", [.. access, .. network, .. account, .. asset]);

        // As nobody, in cleartext, and to a node that somebody else vouches for.
        Ended nobody = await EndsAsync(1, "proof", [.. to, .. tls, .. network, .. account, .. asset]);
        Assert.Contains("SCOPE_MISSING", nobody.Errors, StringComparison.Ordinal);
        await EndsAsync(1, "deposits", [.. to, .. tls, .. network, .. account, .. book, "--until", "3"]);
        await EndsAsync(1, "proof", [.. to, .. key, .. network, .. account, .. asset]);
        string stranger = Path.Combine(folder, "stranger.pem");
        await File.WriteAllTextAsync(stranger, Stranger());
        await EndsAsync(
            1, "proof", [.. to, "--tls-ca", stranger, .. key, .. network, .. account, .. asset]);

        async Task<Ended> EndsAsync(int code, string name, string[] words)
        {
            Ended ended = await program.RunAsync(name, words);
            Assert.True(ended.ExitCode == code, $"{program} {name}: {ended}");
            return ended;
        }
    }

    private static string Stranger()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    private static string Principals(string key) => new JsonObject
    {
        ["principals"] = new JsonArray(new JsonObject
        {
            ["name"] = "exchange-1",
            ["scopes"] = new JsonArray("read", "stream", "submit"),
            ["keys"] = new JsonArray(new JsonObject { ["hash"] = ApiKey.HashOf(key).ToString() }),
        }),
    }.ToJsonString();
}
