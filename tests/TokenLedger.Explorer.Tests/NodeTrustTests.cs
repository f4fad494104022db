// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Following;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests;

/// <summary>Which node's certificate is taken, over real TLS.</summary>
public sealed class NodeTrustTests : IDisposable
{
    private static readonly FinalChain Chain = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-explorer-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public NodeTrustTests() => _certificate = SelfSigned(_key);

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Pins_OfTheNodesKey_LetItInAndNoOther()
    {
        var pin = new Hash256(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));
        Assert.Equal(0UL, (await AskAsync(NodeTrust.OfPins([ProvenChain.Filled(3), pin]))).Value);
        await RequireRefusedAsync(NodeTrust.OfPins([ProvenChain.Filled(3)]));
    }

    [Fact]
    public async Task CaFile_ThatVouchesForTheNode_LetsItInAndNoOther()
    {
        Assert.Equal(0UL, (await AskAsync(NodeTrust.OfFile(Pem("own.pem", _certificate)))).Value);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 other = SelfSigned(key);
        await RequireRefusedAsync(NodeTrust.OfFile(Pem("other.pem", other)));
    }

    [Fact]
    public Task NoTrustOfItsOwn_TakesTheSystemsAuthoritiesOnly() => RequireRefusedAsync(null);

    private async Task RequireRefusedAsync(NodeTrust? trust)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(trust));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    private async Task<Height> AskAsync(NodeTrust? trust)
    {
        await using ServedChain node = await ServedChain.StartAsync(Chain, _certificate);
        using var source = new NodeSource(node.Endpoint, trust);
        return await source.HeightAsync(default);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }

    private static X509Certificate2 SelfSigned(ECDsa key)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
