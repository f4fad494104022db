// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Testing;

namespace TokenLedger.Mesh.Tests.Schema;

/// <summary>That the check of forms can fail, and that none is missing.</summary>
public sealed class ShapesTests
{
    [Theory]
    [InlineData("""{ "index": 1, "hash": "a" }""", true)]
    [InlineData("""{ "index": 1 }""", false)]
    [InlineData("""{ "index": "1", "hash": "a" }""", false)]
    [InlineData("""{ "index": 1.5, "hash": "a" }""", false)]
    [InlineData("""{ "index": 1, "hash": "a", "height": 1 }""", false)]
    [InlineData("[]", false)]
    public void Faults_OfABlockIdentifier_AreFound(string json, bool right) => Assert.Equal(
        right, !Shapes.Faults("$", "BlockIdentifier", JsonDocument.Parse(json).RootElement).Any());

    [Fact]
    public void Endpoints_ThatAreServed_AreThoseOfTheSpecificationEachWithARequest()
    {
        Assert.Equal(
            Shapes.Endpoints.Order(StringComparer.Ordinal),
            MeshHost.Handlers(new MeshNetwork(TestNetwork.Genesis()), online: null).Keys
                .Order(StringComparer.Ordinal));
        Assert.All(Shapes.Endpoints, static path => Assert.NotNull(Shapes.MembersOf("ask " + path)));
    }

    [Theory]
    [InlineData("""{ "signed_transaction": "" }""", "ask /construction/submit")]
    [InlineData("""{ "network_identifier": { "blockchain": "a" } }""", "ask /mempool")]
    [InlineData("""{ "hex_bytes": "00", "curve_type": "p256" }""", "PublicKey")]
    [InlineData("""{ "symbol": "A", "decimals": 2147483648 }""", "Currency")]
    [InlineData("""{ "peers": [], "max": 0 }""", "/mempool")]
    [InlineData("""{ "transaction_identifiers": [{ "hash": 1 }] }""", "/mempool")]
    [InlineData("""{ "max_sequence": -1, "events": [] }""", "/events/blocks")]
    [InlineData("""{ "code": 1, "message": "A", "retriable": "no" }""", "Error")]
    public void Faults_OfWrongAnswers_AreFound(string json, string shape) => Assert.NotEmpty(
        Shapes.Faults("$", shape, JsonDocument.Parse(json).RootElement));
}
