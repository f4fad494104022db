// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenLedger.Explorer.Tests;
using TokenLedger.Mesh.Blocks;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests.Data;

/// <summary>Which node the adapter talks to, and how it says who it is.</summary>
public sealed class NodeAccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-mesh-").FullName;
    private readonly FinalChain _chain = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tls_WithTheAuthorityOfTheNode_LetsItInAndNoOther()
    {
        using X509Certificate2 own = SelfSigned();
        using X509Certificate2 other = SelfSigned();
        await using ServedChain served = await ServedChain.StartAsync(_chain, own);
        Assert.Equal(0UL, await HeightAsync(served.Endpoint, own));
        foreach (X509Certificate2? trusted in (X509Certificate2?[])[other, null])
        {
            MeshException refused = await Assert.ThrowsAsync<MeshException>(
                () => HeightAsync(served.Endpoint, trusted));
            Assert.Same(MeshError.NodeUnavailable, refused.Error);
            Assert.True(refused.Error.Retriable);
        }
    }

    [Fact]
    public async Task Height_OfANodeThatIsGone_IsUnavailableForNow()
    {
        ServedChain served = await ServedChain.StartAsync(_chain);
        Uri gone = served.Endpoint;
        await served.DisposeAsync();
        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => HeightAsync(gone, null));
        Assert.Same(MeshError.NodeUnavailable, refused.Error);
    }

    [Fact]
    public void ApiKeyHeader_OfAFile_IsItsFirstLine()
    {
        string key = ApiKey.Generate();
        Assert.Equal(ApiKey.Header(key), NodeAccess.ApiKeyHeader(Write("key", key + "\nissued in June\n")));
        Assert.Equal("API_KEY_INVALID", Assert.Throws<MeshConfigurationException>(
            () => NodeAccess.ApiKeyHeader(Write("other", "tlk_short"))).Code);
        Assert.Equal("FILE_TOO_LARGE", Assert.Throws<MeshConfigurationException>(
            () => NodeAccess.ApiKeyHeader(Write("large", new string('a', 2_000)))).Code);
    }

    [Fact]
    public void Tls_OfAFileWithoutACertificate_IsRefused() => Assert.Equal(
        "CA_FILE_INVALID", Assert.Throws<MeshConfigurationException>(
            () => NodeAccess.Tls(Write("ca.pem", "nothing"))).Code);

    private async Task<ulong> HeightAsync(Uri endpoint, X509Certificate2? trusted)
    {
        using var node = new LedgerNode(new MeshOptions(
            "genesis.json", _chain.GenesisHash, new IPEndPoint(IPAddress.Loopback, 1))
        {
            Endpoint = endpoint,
            Tls = trusted is null ? null : NodeAccess.Tls(Write("ca.pem", trusted.ExportCertificatePem())),
        });
        return await node.HeightAsync(default);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
