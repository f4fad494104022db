// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using TokenLedger.Cli.Networks;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests.Networks;

public sealed class NetworkBuilderTests : IDisposable
{
    private static readonly string Template = Repository.PathOf("genesis", "devnet");

    private readonly string _folder = Directory.CreateTempSubdirectory("tl-network-").FullName;

    private string Output => Path.Combine(_folder, "net");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Create_FourValidators_GenesisIsWhatItsHashSays()
    {
        CreatedNetwork network = Create(4);
        GenesisDocument genesis = ReadGenesis();
        Assert.Equal(network.GenesisHash, genesis.Hash);
        Assert.Equal(network.GenesisHash + "\n", File.ReadAllText(PathOf("genesis.hash")));
        Assert.Equal(4, genesis.ValidatorSet.Count);
        Assert.Equal(network.ChainId, genesis.ChainId);
    }

    [Fact]
    public void Create_EachValidator_VoteKeyOpensAndCertificateIsPinned()
    {
        Create(4);
        GenesisDocument genesis = ReadGenesis();
        for (int i = 1; i <= 4; i++)
        {
            Validator validator = genesis.Validators[i - 1];
            using JsonDocument node = Json($"node-{i}/node.json");
            Assert.Equal(validator.Name, node.RootElement.GetProperty("name").GetString());
            byte[] password = File.ReadAllBytes(PathOf($"node-{i}/keys/password"));
            using PrivateKey key = KeystoreFolder.Load(PathOf($"node-{i}/keys/vote.json"), password);
            Assert.Equal(validator.Address, key.Address);

            using var certificate = X509Certificate2.CreateFromPemFile(
                PathOf($"node-{i}/tls/cert.pem"), PathOf($"node-{i}/tls/key.pem"));
            Assert.True(certificate.HasPrivateKey);
            Assert.Equal(
                validator.TlsKeyHash,
                new Hash256(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));
        }
    }

    [Fact]
    public void Create_NodeConfigurations_PortsAndPeersFollowTheScheme()
    {
        Create(3, 20_000);
        using JsonDocument node = Json("node-2/node.json");
        JsonElement peers = node.RootElement.GetProperty("peers");
        Assert.Equal("127.0.0.1:20201", peers.GetProperty("listen").GetString());
        Assert.Equal(
            ["validator-1 127.0.0.1:20101", "validator-3 127.0.0.1:20301"],
            peers.GetProperty("addresses").EnumerateObject().Select(p => $"{p.Name} {p.Value.GetString()}"));
        Assert.Equal(
            "127.0.0.1:20202", node.RootElement.GetProperty("api").GetProperty("listen").GetString());
        Assert.Equal(
            "127.0.0.1:20203", node.RootElement.GetProperty("operations").GetProperty("listen").GetString());
        string genesis = node.RootElement.GetProperty("genesis").GetString()!;
        Assert.True(File.Exists(Path.Combine(PathOf("node-2"), genesis)));
    }

    [Fact]
    public void Create_Context_EveryKeyIsInGenesisAndOpens()
    {
        CreatedNetwork network = Create(2);
        GenesisDocument genesis = ReadGenesis();
        using JsonDocument context = Json("client/context.json");
        Assert.Equal(
            network.GenesisHash.ToString(), context.RootElement.GetProperty("genesisHash").GetString());
        Assert.Equal(2, context.RootElement.GetProperty("endpoints").GetArrayLength());
        Dictionary<string, string> labels = context.RootElement.GetProperty("labels").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString()!);

        HashSet<string> known = [.. genesis.Accounts.Select(a => a.Address.ToString()),
            .. genesis.Institutions.SelectMany(i => i.Officers).Select(o => o.Address.ToString())];
        byte[] password = File.ReadAllBytes(PathOf("client/password"));
        int ledger = 0;
        foreach (string file in Directory.GetFiles(PathOf("client/keys")))
        {
            using PrivateKey key = KeystoreFolder.Load(file, password);
            Assert.Equal(labels[Path.GetFileNameWithoutExtension(file)], key.Address.ToString());
            ledger += known.Contains(key.Address.ToString()) ? 1 : 0;

            // What signs abroad has no place in this ledger's genesis.
            bool abroad = Path.GetFileName(file).StartsWith("bridge-", StringComparison.Ordinal);
            Assert.NotEqual(abroad, known.Contains(key.Address.ToString()));
        }

        Assert.Equal(known.Count, ledger);
        Assert.All(genesis.Institutions, i => Assert.Contains(i.Id.ToString(), labels.Values));
    }

    [Fact]
    public void Create_Secrets_OnlyTheOwnerCanReachThem()
    {
        Create(1);
        string[] folders = [Output, .. Directory.GetDirectories(Output, "*", SearchOption.AllDirectories)];
        foreach (string folder in folders)
        {
            Assert.Equal("700", Mode(folder));
        }

        string[] secrets =
            ["client/password", "node-1/keys/password", "node-1/keys/vote.json", "node-1/tls/key.pem",
            "node-1/guard/vote.guard",
            .. Directory.GetFiles(PathOf("client/keys"))];
        Assert.All(secrets, secret => Assert.Equal("600", Mode(PathOf(secret))));
    }

    [Fact]
    public void Create_Twice_RefusesAndChangesNothing()
    {
        Create(1);
        byte[] before = File.ReadAllBytes(PathOf("genesis.json"));
        NetworkCreationException e = Assert.Throws<NetworkCreationException>(() => Create(1));
        Assert.Contains("exists already", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(PathOf("genesis.json")));
        Assert.Equal([Output], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Create_TwoNetworksOfOneTemplate_ShareInstitutionsAndNoKeys()
    {
        Create(1);
        GenesisDocument first = ReadGenesis();
        Directory.Delete(Output, recursive: true);
        Create(1);
        GenesisDocument second = ReadGenesis();
        Assert.Equal(first.Institutions.Select(i => i.Id), second.Institutions.Select(i => i.Id));
        Assert.Empty(first.Accounts.Select(a => a.Address).Intersect(second.Accounts.Select(a => a.Address)));
        Assert.NotEqual(first.Hash, second.Hash);
    }

    [Theory]
    [InlineData(0, 7000)]
    [InlineData(32, 7000)]
    [InlineData(4, 1023)]
    [InlineData(4, 65_133)]
    public void Create_ImpossibleNumbers_AreRefused(int validators, int basePort)
    {
        Assert.Throws<NetworkCreationException>(() => Create(validators, basePort));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("\"label\": \"ministry-maker-2\"", "\"label\": \"ministry-maker-1\"", "nobody else")]
    [InlineData("\"label\": \"ministry-maker-2\"", "\"label\": \"../evil\"", "a label")]
    [InlineData("\"kind\": \"ministry\"", "\"kind\": \"ministery\"", "did you mean ministry?")]
    [InlineData("\"institution\": \"central-bank\"", "\"institution\": \"bank\"", "institution")]
    public void Create_MistakeInTemplate_NamesFileAndPlaceAndLeavesNothing(
        string text, string mistake, string expected)
    {
        string template = CopyTemplate();
        string file = Path.Combine(template, "network.json");
        string original = File.ReadAllText(file);
        Assert.Contains(text, original, StringComparison.Ordinal);
        File.WriteAllText(file, original.Replace(text, mistake, StringComparison.Ordinal));
        NetworkCreationException e = Assert.Throws<NetworkCreationException>(() =>
            new NetworkBuilder(TimeProvider.System).Create(new NetworkOptions(template, Output, 1, 7000)));
        Assert.Contains("network.json: $.", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Output));
    }

    [Theory]
    [InlineData("documents/gold-reserve.md", "../../etc/passwd", "inside the template's folder")]
    [InlineData("documents/gold-reserve.md", "documents/lead-reserve.md", "an existing file")]
    public void Create_DocumentNotInTemplate_IsRefused(string text, string mistake, string expected)
    {
        string template = CopyTemplate();
        string file = Path.Combine(template, "portfolio.json");
        string original = File.ReadAllText(file);
        File.WriteAllText(file, original.Replace($"\"{text}\"", $"\"{mistake}\"", StringComparison.Ordinal));
        NetworkCreationException e = Assert.Throws<NetworkCreationException>(() =>
            new NetworkBuilder(TimeProvider.System).Create(new NetworkOptions(template, Output, 1, 7000)));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_Certificates_HoldATls13ConnectionBetweenTwoValidators()
    {
        Create(2);
        using X509Certificate2 one = LoadTls(1);
        using X509Certificate2 two = LoadTls(2);
        GenesisDocument genesis = ReadGenesis();
        using var pipe = new LoopbackPair();
        await pipe.ConnectAsync();
        using var server = new SslStream(pipe.Server);
        using var client = new SslStream(pipe.Client);
        Task serving = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = one,
            ClientCertificateRequired = true,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, peer, _, _) => IsPinned(peer, genesis.Validators[1]),
        });
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "validator-1",
            ClientCertificates = [two],
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, peer, _, _) => IsPinned(peer, genesis.Validators[0]),
        });
        await serving;
        Assert.True(server.IsMutuallyAuthenticated);
    }

    private static bool IsPinned(X509Certificate? peer, Validator validator) =>
        peer is X509Certificate2 certificate
        && new Hash256(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
            == validator.TlsKeyHash;

    private X509Certificate2 LoadTls(int node)
    {
        using var pem = X509Certificate2.CreateFromPemFile(
            PathOf($"node-{node}/tls/cert.pem"), PathOf($"node-{node}/tls/key.pem"));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private CreatedNetwork Create(int validators, int basePort = 7000) =>
        new NetworkBuilder(TimeProvider.System).Create(
            new NetworkOptions(Template, Output, validators, basePort));

    private string PathOf(string relative) => Path.Combine(Output, relative);

    private GenesisDocument ReadGenesis() => GenesisFile.Read(File.ReadAllBytes(PathOf("genesis.json")));

    private JsonDocument Json(string relative) => JsonDocument.Parse(File.ReadAllBytes(PathOf(relative)));

    private string CopyTemplate()
    {
        string copy = Path.Combine(_folder, "template");
        foreach (string file in Directory.GetFiles(Template, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Template, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static string Mode(string path) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException()
        : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
