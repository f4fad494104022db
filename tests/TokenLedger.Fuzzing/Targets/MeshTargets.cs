// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Mesh;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Construction;
using TokenLedger.Mesh.Requests;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>What exchanges send to their adapter.</summary>
internal static class MeshTargets
{
    private static readonly MeshNetwork Network = new(TestNetwork.Genesis());

    private static readonly MeshHandler Payloads =
        MeshHost.Handlers(Network, online: null)["/construction/payloads"];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new()
        {
            Name = "mesh.Blob",
            Shape = JsonShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(Blob(g).ToText(Network)),
            Decode = bytes => RpcTargets.OfText(
                bytes, text => TransactionBlob.Read(text, Network, signed: false)),
            Encode = value => Encoding.UTF8.GetBytes(((TransactionBlob)value).ToText(Network)),
            Spelling = Spelling.Normal,
            Declared = [typeof(MeshException)],
            AllocatedBytes = 256 * 1024,
            AllocatedPerByte = 128,
            Covers = ["TransactionBlob.Read"],
        },
        new()
        {
            Name = "mesh.Payloads",
            Shape = JsonShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(PayloadsText(g)),
            Decode = static bytes => StrictJson.Read(
                bytes, Limits.MeshRequestBytes, static root => root.Object(o => Payloads(o))),
            Spelling = Spelling.None,
            Declared = [typeof(MeshException), typeof(StrictJsonException)],
            AllocatedBytes = 256 * 1024,
            AllocatedPerByte = 128,
        },
        new()
        {
            Name = "mesh.Options",
            Shape = JsonShape.Instance,
            Sample = g => Encoding.UTF8.GetBytes(OptionsText(g)),
            Decode = static bytes => MeshOptionsFile.Read(bytes, "/srv/tokenledger"),
            Spelling = Spelling.None,
            Declared = [typeof(StrictJsonException)],
            AllocatedBytes = 64 * 1024,
            AllocatedPerByte = 128,
            Covers = ["MeshOptionsFile.Read"],
        },
    ];

    private static TransactionBlob Blob(CoreGenerator g) => TransactionBlob.Of(
        g.Transaction() with
        {
            Operations =
            [
                .. Enumerable.Range(0, 1 + g.Below(3)).Select(_ => (Operation)new Transfer(
                    TestNetwork.Bond, new Address(g.Bytes(Address.Size)), new Amount(1 + g.U64() / 2),
                    g.Coin() ? g.U64() : 0)),
            ],
        },
        [new Currency(TestNetwork.Bond, g.Below(19))]);

    private static string PayloadsText(CoreGenerator g)
    {
        string sender = Eip55.Format(new Address(g.Bytes(Address.Size)));
        string to = Eip55.Format(new Address(g.Bytes(Address.Size)));
        string tag = g.Coin() ? $",\"metadata\":{{\"tag\":\"{g.U64()}\"}}" : "";
        string request = g.Coin() ? $",\"request_id\":\"{new Guid(g.Bytes(16))}\"" : "";
        ulong value = 1 + (g.U64() / 2);
        return $$"""
            {"network_identifier":{"blockchain":"TokenLedger","network":"testnet"},
            "operations":[{"operation_identifier":{"index":0},"type":"transfer",
            "account":{"address":"{{sender}}"},"amount":{"value":"-{{value}}",
            "currency":{"symbol":"PK-BOND-30","decimals":2} } },
            {"operation_identifier":{"index":1},"related_operations":[{"index":0}],"type":"transfer",
            "account":{"address":"{{to}}"},"amount":{"value":"{{value}}",
            "currency":{"symbol":"PK-BOND-30","decimals":2} }{{tag}} }],
            "metadata":{"genesis_hash":"{{Network.GenesisHash}}","chain_id":"{{Network.Digest.ChainId}}",
            "sender":"{{sender}}","nonce":"{{g.U64()}}","valid_until_ms":{{g.Below(1_000_000)}},
            "lane":{{g.Below(64)}}{{request}} } }
            """;
    }

    private static string OptionsText(CoreGenerator g)
    {
        string endpoint = g.Coin()
            ? ",\"endpoint\":\"https://node.example:7201\",\"caFile\":\"ca.pem\",\"apiKeyFile\":\"key\""
            : g.Coin() ? ",\"endpoint\":\"http://127.0.0.1:7201\"" : "";
        return $$"""
            {"genesis":"genesis.json","genesisHash":"{{new Hash256(g.Bytes(32))}}",
            "listen":"127.0.0.1:{{1 + g.Below(65_535)}}"{{endpoint}} }
            """;
    }
}
