// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Networks;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests.Networks;

/// <summary>The published schema and the reader say the same.</summary>
public sealed class GenesisSchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tl-schema-").FullName;
    private readonly JsonObject _schema =
        JsonNode.Parse(File.ReadAllBytes(Repository.PathOf("genesis", "genesis.schema.json")))!.AsObject();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Schema_DemoNetworksGenesis_HasNoProblems() =>
        Assert.Empty(new SchemaChecker(_schema).Problems(DemoGenesis()));

    [Fact]
    public void Schema_EnumsAreThoseOfTheReader()
    {
        Assert.Equal(SnakeCase.Names<InstitutionKind>(), Enum("institutionKind"));
        Assert.Equal(SnakeCase.Names<AssetClass>(), Enum("asset", "class"));
        Assert.Equal(SnakeCase.Names<DayCount>(), Enum("terms", "dayCount"));
        Assert.Equal(SnakeCase.Names<PrivilegedKind>(), Enum("policy", "kind"));

        // Accounts of the bridge come with their lane: no genesis is valid with one.
        Assert.Equal(
            SnakeCase.Names<AccountKind>()
                .Where(kind => !kind.StartsWith("bridge", StringComparison.Ordinal)),
            Enum("account", "kind"));
        Assert.Equal(
            SnakeCase.Names<Duties>(),
            Strings(_schema["$defs"]!["officer"]!["properties"]!["duties"]!["items"]!["enum"]!));
    }

    [Theory]
    [InlineData("$.chainId", "0")]
    [InlineData("$.consensus.deltaMs", "19")]
    [InlineData("$.validators.0.tlsKeyHash", "\"00\"")]
    [InlineData("$.institutions.0.kind", "\"club\"")]
    [InlineData("$.accounts.0.address", "\"0xABC\"")]
    [InlineData("$.assets.0.cap", "\"01\"")]
    [InlineData("$.assets.0.id", "\"bond\"")]
    [InlineData("$.assets.0.terms.issueDate", "\"1.1.2027\"")]
    [InlineData("$.policies.0.tiers.0.approvals", "0")]
    [InlineData("$.policies.0.extra", "0")]
    public void SchemaAndReader_Mistake_BothRefuse(string path, string value)
    {
        JsonNode genesis = DemoGenesis();
        string[] parts = path.Split('.');
        JsonNode owner = parts[1..^1].Aggregate(
            genesis, (node, part) => node is JsonArray items ? items[int.Parse(part, null)]! : node[part]!);
        owner[parts[^1]] = JsonNode.Parse(value);
        Assert.NotEmpty(new SchemaChecker(_schema).Problems(genesis));
        Assert.Throws<StrictJsonException>(
            () => GenesisFile.Read(Encoding.UTF8.GetBytes(genesis.ToJsonString())));
    }

    private JsonNode DemoGenesis()
    {
        string output = Path.Combine(_folder, "net");
        new NetworkBuilder(TimeProvider.System)
            .Create(new NetworkOptions(Repository.PathOf("genesis", "devnet"), output, 4, 7000));
        return JsonNode.Parse(File.ReadAllBytes(Path.Combine(output, "genesis.json")))!;
    }

    private IReadOnlyList<string> Enum(string definition) => Strings(_schema["$defs"]![definition]!["enum"]!);

    private IReadOnlyList<string> Enum(string definition, string property) =>
        Strings(_schema["$defs"]![definition]!["properties"]![property]!["enum"]!);

    private static IReadOnlyList<string> Strings(JsonNode array) =>
        [.. array.AsArray().Select(item => item!.GetValue<string>())];
}
