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
        Assert.Equal(new Uri("https://node.example:7201"), options.Endpoint);
        Assert.NotNull(options.Trust?.Options().RemoteCertificateValidationCallback);
        Assert.Equal(Hash, options.GenesisHash.ToString());
        Assert.Equal("/etc/explorer/data", options.DataFolder);
        Assert.Equal(7401, options.Listen.Port);
        Assert.Null(Read($$"""{"endpoint":"http://127.0.0.1:7201",{{Rest}}}""").Trust);
    }

    [Theory]
    [InlineData($$"""{"endpoint":"node:7201",{{Rest}}}""", "$.endpoint")]
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
