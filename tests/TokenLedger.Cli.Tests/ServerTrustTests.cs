// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace TokenLedger.Cli.Tests;

/// <summary>Whose word counts for a node's certificate, against a node that really speaks TLS.</summary>
public sealed class ServerTrustTests : IAsyncLifetime, IDisposable
{
    private readonly Authority _ministry = new("Ministry CA");
    private readonly Authority _stranger = new("Stranger CA");
    private CliHarness? _tl;
    private FakeNode? _node;
    private X509Certificate2? _certificate;

    private CliHarness Tl => _tl!;

    private string Url => $"https://localhost:{_node!.Address.Port}";

    private string Genesis => Tl.Ledger.GenesisHash.ToString();

    public async Task InitializeAsync()
    {
        _tl = await CliHarness.StartAsync();
        _certificate = _ministry.Issue("localhost");
        _node = await FakeNode.StartAsync(_tl.Ledger, certificate: _certificate);
        Write("ministry.pem", _ministry.Pem);
        Write("stranger.pem", _stranger.Pem);
    }

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();
        await _tl!.DisposeAsync();
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        _ministry.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Create_WithTheNodesAuthority_IsSavedAndUsed()
    {
        CliResult created = await Tl.RunBareAsync(
            "context", "create", "mof", "--node", Url, "--ca", "ministry.pem", "--genesis", Genesis, "--use",
            "-o", "json");
        CliResult read = await Tl.RunBareAsync("asset", "list");
        CliResult overruled = await Tl.RunBareAsync("asset", "list", "--ca", "stranger.pem", "-o", "json");

        Assert.True(created.Exit == 0, created.Error);
        Assert.Equal(Path.Combine(Tl.Folder, "ministry.pem"), (string)created.Json["caFile"]!);
        Assert.True(read.Exit == 0, read.Error);
        Assert.Equal((9, "TLS_UNTRUSTED"), (overruled.Exit, overruled.ErrorCode));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("stranger.pem")]
    public async Task Read_AuthorityIsNotTrusted_IsExit9AndSaysWhatToDo(string? file)
    {
        string[] ca = file is null ? [] : ["--ca", file];

        CliResult result = await Tl.RunBareAsync(["asset", "list", "--endpoint", Url, "-o", "json", .. ca]);

        Assert.Equal((9, "TLS_UNTRUSTED"), (result.Exit, result.ErrorCode));
        Assert.Contains("--ca FILE", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Read_AnotherNameThanTheCertificates_IsExit9()
    {
        string other = $"https://127.0.0.1:{_node!.Address.Port}";

        CliResult result = await Tl.RunBareAsync(
            "asset", "list", "--endpoint", other, "--ca", "ministry.pem", "-o", "json");

        Assert.Equal((9, "TLS_UNTRUSTED"), (result.Exit, result.ErrorCode));
    }

    [Fact]
    public async Task Read_TheNodesOwnCertificateAsAuthority_PinsIt()
    {
        using var alone = new Authority("localhost", "localhost");
        await using FakeNode node = await FakeNode.StartAsync(Tl.Ledger, certificate: alone.Certificate);
        Write("pin.pem", alone.Pem);
        string[] read = ["asset", "list", "--endpoint", $"https://localhost:{node.Address.Port}", "--ca"];

        Assert.Equal(0, (await Tl.RunBareAsync([.. read, "pin.pem"])).Exit);
        Assert.Equal(9, (await Tl.RunBareAsync([.. read, "ministry.pem"])).Exit);
    }

    [Fact]
    public async Task Load_ContextsFile_IsRelativeToTheContext()
    {
        Tl.WriteContext(new Uri(Url));
        JsonNode context = JsonNode.Parse(await File.ReadAllTextAsync(Tl.ContextPath))!;
        context["caFile"] = "ministry.pem";
        await File.WriteAllTextAsync(Tl.ContextPath, context.ToJsonString());

        CliResult result = await Tl.RunAsync("asset", "list");

        Assert.True(result.Exit == 0, result.Error);
    }

    [Theory]
    [InlineData("missing.pem", null)]
    [InlineData("empty.pem", "")]
    [InlineData("text.pem", "no certificate")]
    [InlineData("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task Read_FileWithoutCertificates_IsExit2(string file, string? content)
    {
        if (content is not null)
        {
            Write(file, content);
        }

        CliResult result = await Tl.RunBareAsync(
            "asset", "list", "--endpoint", Url, "--ca", file, "-o", "json");

        Assert.Equal((2, "CA_FILE_INVALID"), (result.Exit, result.ErrorCode));
    }

    [Fact]
    public async Task Read_CaWithANodeWithoutTls_IsRefused()
    {
        CliResult result = await Tl.RunBareAsync(
            "asset", "list", "--endpoint", Tl.Nodes[0].Address.ToString(), "--ca", "ministry.pem", "-o",
            "json");

        Assert.Equal(2, result.Exit);
        Assert.Contains("has no TLS", result.Error, StringComparison.Ordinal);
    }

    private void Write(string name, string content) =>
        File.WriteAllText(Path.Combine(Tl.Folder, name), content);

    /// <summary>A key with a self-signed certificate, which may sign others.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-1);
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public Authority(string name, string? host = null)
        {
            CertificateRequest request = Request(name, _key, host, isAuthority: host is null);
            Certificate = request.CreateSelfSigned(_from, _from.AddDays(30));
        }

        public X509Certificate2 Certificate { get; }

        public string Pem => Certificate.ExportCertificatePem() + "\n";

        public X509Certificate2 Issue(string host)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = Request(host, key, host, isAuthority: false);
            using X509Certificate2 certificate = request.Create(Certificate, _from, _from.AddDays(20), [1]);
            return certificate.CopyWithPrivateKey(key);
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }

        private static CertificateRequest Request(string name, ECDsa key, string? host, bool isAuthority)
        {
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(
                new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
            if (host is not null)
            {
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName(host);
                request.CertificateExtensions.Add(names.Build());
            }

            return request;
        }
    }
}
