// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core.Json;
using TokenLedger.Explorer.Configuration;

namespace TokenLedger.Explorer.Tests;

public sealed class ExplorerOptionsTests
{
    private const string Hash = "a3f1c0de00000000000000000000000000000000000000000000000000000001";
    private const string Rest =
        $"\"genesisHash\":\"{Hash}\",\"dataFolder\":\"data\",\"listen\":\"127.0.0.1:7401\"";

    [Fact]
    public void Read_Full_IsWhatItSays()
    {
        ExplorerOptions options = Read(
            $$"""{"endpoint":"https://node.example:7201","pins":["{{Hash}}"],{{Rest}}}""");
        Assert.Equal(new Uri("https://node.example:7201"), Assert.Single(options.Endpoints));
        Assert.NotNull(options.Trust?.Options().RemoteCertificateValidationCallback);
        Assert.Equal(Hash, options.GenesisHash.ToString());
        Assert.Equal("/etc/explorer/data", options.DataFolder);
        Assert.Empty(options.Proxies);
        Assert.Equal(
            "10.0.0.7",
            Assert.Single(Read(
                $$"""{"endpoint":"http://a","proxies":["10.0.0.7"],{{Rest}}}""").Proxies).ToString());
        Assert.Equal(7401, options.Listen.Port);
        Assert.Null(Read($$"""{"endpoint":"http://127.0.0.1:7201",{{Rest}}}""").Trust);
        Assert.Equal(
            ["http://b:1/", "http://a:1/"],
            Read($$"""{"endpoints":["http://b:1","http://a:1"],{{Rest}}}""").Endpoints
                .Select(static endpoint => endpoint.ToString()));
    }

    [Theory]
    [InlineData($$"""{"endpoint":"node:7201",{{Rest}}}""", "$.endpoint")]
    [InlineData($$"""{"endpoints":["http://a","node:7201"],{{Rest}}}""", "$.endpoints[1]")]
    [InlineData($$"""{"endpoint":"http://a","proxies":["a"],{{Rest}}}""", "$.proxies[0]")]
    [InlineData($$"""{"endpoints":[],{{Rest}}}""", "$.endpoints")]
    [InlineData($$"""{"endpoints":["http://a","http://a/"],{{Rest}}}""", "each once")]
    [InlineData($$"""{"endpoints":["http://a"],"endpoint":"http://a",{{Rest}}}""", "not both")]
    [InlineData(
        $$"""{"endpoints":["https://a","http://b"],"pins":["{{Hash}}"],{{Rest}}}""", "every endpoint")]
    [InlineData($$"""{"endpoint":"ftp://node/",{{Rest}}}""", "$.endpoint")]
    [InlineData($$"""{"endpoint":"http://node/path",{{Rest}}}""", "$.endpoint")]
    [InlineData($$"""{"endpoint":"http://node","pins":["{{Hash}}"],{{Rest}}}""", "https://")]
    [InlineData($$"""{"endpoint":"https://node","pins":[],{{Rest}}}""", "$.pins")]
    [InlineData($$"""{"endpoint":"https://node","pins":[],"caFile":"ca",{{Rest}}}""", "not both")]
    [InlineData($$"""{"endpont":"http://node",{{Rest}}}""", "endpoint")]
    [InlineData($$"""{"endpoint":"http://node","color":1,{{Rest}}}""", "color")]
    [InlineData("""{"endpoint":"http://node"}""", "genesisHash")]
    [InlineData("[", "JSON")]
    public void Read_Mistake_NamesIt(string json, string named)
    {
        StrictJsonException refused = Assert.Throws<StrictJsonException>(() => Read(json));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Postgresql_IsWhatItSays()
    {
        ExplorerOptions options = Read($$"""
            {"endpoint":"http://node","genesisHash":"{{Hash}}","listen":"127.0.0.1:7401","role":"web",
             "store":"postgresql","connection":"Host=/run/postgresql;Database=explorer;Username=pages",
             "passwordFile":"password"}
            """);
        Assert.Equal(ExplorerRole.Web, options.Role);
        Assert.Equal("/etc/explorer/password", options.Postgres!.PasswordFile);
        Assert.Contains("Host=/run/postgresql", options.Postgres.Connection, StringComparison.Ordinal);
        ExplorerOptions embedded = Read($$"""{"endpoint":"http://node",{{Rest}}}""");
        Assert.Equal((ExplorerRole.Both, null), (embedded.Role, embedded.Postgres));
    }

    [Theory]
    [InlineData("\"role\":\"web\"", "postgresql")]
    [InlineData("\"role\":\"reader\"", "$.role")]
    [InlineData("\"store\":\"postgresql\"", "connection")]
    [InlineData("\"store\":\"sqlite\"", "$.store")]
    [InlineData("\"connection\":\"Host=h;Database=d\"", "connection")]
    [InlineData("\"store\":\"postgresql\",\"connection\":\"Host=h\"", "lacks Host or Database")]
    [InlineData("\"store\":\"postgresql\",\"connection\":\"Hosts=h\"", "Npgsql")]
    [InlineData("\"store\":\"postgresql\",\"connection\":\"Host=h;Port=x\"", "Npgsql")]
    [InlineData("\"store\":\"postgresql\",\"connection\":\"=;=\"", "Npgsql")]
    [InlineData(
        "\"store\":\"postgresql\",\"connection\":\"Host=h;Database=d;Password=geheim\"", "passwordFile")]
    [InlineData(
        "\"store\":\"postgresql\",\"connection\":\"Host=h;Database=d;Passfile=p\",\"passwordFile\":\"q\"",
        "not both")]
    public void Read_MistakeInTheStore_NamesItAndNoPassword(string members, string named)
    {
        Exception refused = Assert.ThrowsAny<Exception>(
            () => Read($$"""{"endpoint":"http://node",{{members}},{{Rest}}}"""));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.True(refused is StrictJsonException or ExplorerConfigurationException, refused.ToString());
        Assert.DoesNotContain("geheim", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedInAnyWay_IsReadOrRefusedByName()
    {
        const int Cases = 20_000;
        int seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        byte[] whole = Encoding.UTF8.GetBytes($$"""
            {"endpoint":"https://node:1","genesisHash":"{{Hash}}","listen":"127.0.0.1:7401","role":"web",
             "store":"postgresql","connection":"Host=/run/postgresql;Port=5432;Database=d;SSL Mode=Require",
             "passwordFile":"password","pins":["{{Hash}}"]}
            """);
        for (int i = 0; i < Cases; i++)
        {
            byte[] damaged = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(damaged.Length);
                damaged = random.Next(3) switch
                {
                    0 => [.. damaged[..at], (byte)random.Next(256), .. damaged[(at + 1)..]],
                    1 => [.. damaged[..at], .. damaged[Math.Min(at + 1, damaged.Length)..]],
                    _ => [.. damaged[..at], (byte)random.Next(32, 127), .. damaged[at..]],
                };
            }

            try
            {
                ExplorerOptionsFile.Read(damaged, "/etc/explorer");
            }
            catch (Exception e) when (e is StrictJsonException or ExplorerConfigurationException)
            {
                // As it should be.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}: {Encoding.UTF8.GetString(damaged)}: {e}");
            }
        }
    }

    [Fact]
    public void Read_CaFileWithoutCertificate_IsRefused()
    {
        ExplorerConfigurationException refused = Assert.Throws<ExplorerConfigurationException>(
            () => Read($$"""{"endpoint":"https://node","caFile":"/dev/null",{{Rest}}}"""));
        Assert.Equal("CA_FILE_INVALID", refused.Code);
    }

    [Fact]
    public void Load_NoFile_IsRefused() => Assert.Equal(
        "CONFIGURATION_MISSING",
        Assert.Throws<ExplorerConfigurationException>(
            () => ExplorerOptionsFile.Load("/nowhere/explorer.json")).Code);

    private static ExplorerOptions Read(string json) =>
        ExplorerOptionsFile.Read(Encoding.UTF8.GetBytes(json), "/etc/explorer");
}
