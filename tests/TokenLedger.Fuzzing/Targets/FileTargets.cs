// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Maintenance.Backups;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Configuration;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>JSON files that people write, keep and hand on.</summary>
internal static class FileTargets
{
    private const string Folder = "/srv/tokenledger";

    private static readonly ProvenChain Chain = new();

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        Json(
            "file.Genesis", "GenesisFile.Read",
            g => GenesisFile.Write(Genesis(g)),
            bytes => GenesisFile.Read(bytes),
            value => GenesisFile.Write((GenesisDocument)value),
            typeof(StrictJsonException)),
        Json(
            "file.NodeOptions", "NodeOptionsFile.Read",
            g => Encoding.UTF8.GetBytes(NodeOptionsText(g)),
            bytes => NodeOptionsFile.Read(bytes, Folder),
            null,
            typeof(StrictJsonException)),
        Json(
            "file.Principals", "Principals.Read",
            g => Encoding.UTF8.GetBytes(PrincipalsText(g)),
            bytes => Principals.Read(bytes),
            null,
            typeof(StrictJsonException)),
        Json(
            "file.Keystore", "KeystoreJson.Read",
            g => Encoding.UTF8.GetBytes(KeystoreText(g)),
            bytes => KeystoreJson.Read(bytes),
            value => value is KeystoreFile { Kdf: ScryptKdf } file
                ? Encoding.UTF8.GetBytes(KeystoreJson.Write(file))
                : Encoding.UTF8.GetBytes(Pbkdf2Text((KeystoreFile)value)),
            typeof(KeystoreException)),
        Json(
            "file.Context", "ContextFile.Read",
            g => Encoding.UTF8.GetBytes(ContextText(g)),
            bytes => RpcTargets.OfText(bytes, text => ContextFile.Read(Folder + "/context.json", text)),
            value => Encoding.UTF8.GetBytes(((ContextFile)value).ToJson()),
            typeof(CliException)),
        Json(
            "file.ProofBundle", "ProofBundle.Read",
            g => Bundle(g).Write(),
            bytes => ProofBundle.Read(bytes),
            value => ((ProofBundle)value).Write(),
            typeof(StrictJsonException)) with { Covers = ["ProofBundle.Read", "BalanceProofJson.Read"] },
        Json(
            "file.OfflineDocument", "OfflineDocument.Read",
            g => Encoding.UTF8.GetBytes(Offline(g).ToJson().ToJsonString()),
            bytes => RpcTargets.OfText(bytes, OfflineDocument.Read),
            value => Encoding.UTF8.GetBytes(((OfflineDocument)value).ToJson().ToJsonString()),
            typeof(CliException)) with { AllocatedBytes = 256 * 1024 },
        Json(
            "file.ActionDocument", "ActionDocument.Read",
            g => Encoding.UTF8.GetBytes(Action(g).ToJson().ToJsonString()),
            bytes => ActionDocument.Read(bytes, "action.json"),
            value => Encoding.UTF8.GetBytes(((ActionDocument)value).ToJson().ToJsonString()),
            typeof(CliException)) with
        {
            AllocatedBytes = 1024 * 1024,
            Covers = ["ActionDocument.Read", "OfficerAction.Read"],
        },
        Json(
            "file.Deployment", "DeploymentFile.Read",
            g => Encoding.UTF8.GetBytes(DeploymentText(g)),
            bytes => DeploymentFile.Read(bytes, "deployment.json"),
            null,
            typeof(CliException)),
        Json(
            "file.BackupManifest", "BackupManifest.Read",
            g => Encoding.UTF8.GetBytes(Manifest(g).ToJson()),
            bytes => BackupManifest.Read(bytes),
            value => Encoding.UTF8.GetBytes(((BackupManifest)value).ToJson()),
            typeof(StrictJsonException)),
    ];

    private static FuzzTarget Json(
        string name, string covers, Func<CoreGenerator, byte[]> sample, Func<byte[], object?> decode,
        Func<object, byte[]>? encode, Type declared) => new()
        {
            Name = name,
            Shape = JsonShape.Instance,
            Sample = sample,
            Decode = decode,
            Encode = encode,
            Spelling = encode is null ? Spelling.None : Spelling.Normal,
            Declared = [declared],
            AllocatedBytes = 64 * 1024,
            AllocatedPerByte = 128,
            Covers = [covers],
        };

    /// <summary>A genesis that files can say: its times are days and moments from 1970 on.</summary>
    private static GenesisDocument Genesis(CoreGenerator g)
    {
        GenesisDocument genesis = TestNetwork.Genesis();
        return genesis with
        {
            NetworkName = g.Text(Limits.NameBytes),
            ChainId = 1 + (g.U64() % Limits.ChainIdMax),
            Institutions = genesis.Institutions[..g.Below(3)],
            Accounts = genesis.Accounts[..g.Below(3)],
            Assets = genesis.Assets[..g.Below(2)],
            Policies = genesis.Policies[..g.Below(2)],
        };
    }

    private static string NodeOptionsText(CoreGenerator g)
    {
        string voteKey = g.Coin()
            ? "\"voteKey\":{\"keystore\":\"keys/v.json\",\"passwordFile\":\"/etc/p\",\"guard\":\"guard/v\"},"
            : "";
        string tls = g.Coin() ? ",\"tls\":{\"certificate\":\"c\",\"key\":\"k\"}" : "";
        string principals = g.Coin() ? ",\"principals\":\"principals.json\"" : "";
        string quota = g.Coin()
            ? $",\"quota\":{{\"connections\":{1 + g.Below(99)},\"callsPerSecond\":50}}"
            : "";
        string sync = g.Coin()
            ? $"\"sync\":{{\"snapshotEveryBlocks\":{g.Below(99)},\"stateSyncBehindBlocks\":0,"
                + $"\"checkpoint\":{{\"height\":{1 + g.Below(99)},"
                + $"\"hash\":\"{new Hash256(g.Bytes(32))}\"}}}},"
            : "";
        string bridge = g.Coin() ? BridgeText(g) : "";
        return $$"""
            {"name":"validator-{{g.Below(9)}}","genesis":"../genesis.json","dataDirectory":"data",{{voteKey}}
            "tls":{"certificate":"tls/cert.pem","key":"tls/key.pem"},
            "peers":{"listen":"127.0.0.1:{{1 + g.Below(65_535)}}",
            "addresses":{"validator-2":"node.example:{{1 + g.Below(65_535)}}","validator-3":"[::1]:7103"},
            "observers":["{{new Hash256(g.Bytes(32))}}"]},
            "api":{"listen":"[::1]:7201"{{tls}}{{quota}}{{principals}} },{{sync}}{{bridge}}
            "operations":{"listen":"127.0.0.1:7301"} }
            """;
    }

    private static string PrincipalsText(CoreGenerator g)
    {
        string limits = g.Coin()
            ? $",\"callsPerSecond\":{5 + g.Below(99)},\"openCalls\":{1 + g.Below(99)}"
            : "";
        string until = g.Coin() ? ",\"notAfter\":\"2027-12-31\"" : "";
        string anonymous = g.Coin() ? "\"anonymous\":{\"scopes\":[\"read\",\"stream\"]}," : "";
        return $$"""
            { {{anonymous}}"principals":[ {"name":"exchange-{{g.Below(9)}}",
            "scopes":["read","submit"]{{limits}},"keys":[ {"hash":"{{new Hash256(g.Bytes(32))}}"{{until}} }],
            "certificates":["{{new Hash256(g.Bytes(32))}}"] }] }
            """;
    }

    private static string BridgeText(CoreGenerator g)
    {
        const string Key = "{\"keystore\":\"keys/b.json\",\"passwordFile\":\"/etc/b\"}";
        string fees = g.Coin()
            ? $",\"priorityFeeGwei\":{g.Below(9)},\"feeCapGwei\":{9 + g.Below(99)}"
            : "";
        string times = g.Coin() ? $",\"pollMs\":{100 + g.Below(9_000)},\"turnMs\":60000" : "";
        return $$"""
            "bridge":{"signerKey":{{Key}},"senderKey":{{Key}},"lanes":[{"chainId":{{1 + g.Below(99)}},
            "endpoints":["http://127.0.0.1:8545","https://eth.example/{{g.Below(9)}}"],"required":2,
            "codeHash":"{{new Hash256(g.Bytes(32))}}","signerCodeHash":"{{new Hash256(g.Bytes(32))}}"
            {{fees}}{{times}} }]},
            """;
    }

    private static string KeystoreText(CoreGenerator g)
    {
        var file = new KeystoreFile
        {
            Address = g.Coin() ? new Address(g.Bytes(Address.Size)) : null,
            Id = g.Coin() ? new Guid(g.Bytes(16)) : Guid.Empty,
            Kdf = g.Coin()
                ? new ScryptKdf(g.Bytes(32), new ScryptCost(1 << (12 + g.Below(7)), 8, 1 + g.Below(2)))
                : new Pbkdf2Kdf(g.Bytes(32), 1 + g.Below(1000)),
            Iv = g.Bytes(16),
            Ciphertext = g.Bytes(32),
            Mac = new Hash256(g.Bytes(32)),
        };
        return file.Kdf is ScryptKdf ? KeystoreJson.Write(file) : Pbkdf2Text(file);
    }

    /// <summary>We read this older form and never write it.</summary>
    private static string Pbkdf2Text(KeystoreFile file)
    {
        var kdf = (Pbkdf2Kdf)file.Kdf;
        string address = file.Address is { } known ? $"\"address\":\"{known.ToString()[2..]}\"," : "";
        return $$"""
            {"version":3,"id":"{{file.Id}}",{{address}}
            "crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"{{Convert.ToHexStringLower(file.Iv)}}"},
            "ciphertext":"{{Convert.ToHexStringLower(file.Ciphertext)}}","kdf":"pbkdf2",
            "kdfparams":{"dklen":32,"c":{{kdf.Iterations}},"prf":"hmac-sha256",
            "salt":"{{Convert.ToHexStringLower(kdf.Salt)}}"},"mac":"{{file.Mac}}"} }
            """;
    }

    private static string ContextText(CoreGenerator g) => $$"""
        {"name":"devnet-{{g.Below(9)}}",
        "fewEndpoints":true,"endpoints":["http://127.0.0.1:{{1 + g.Below(65_535)}}","https://a.example"],
        "caFile":null,"chainId":{{g.U64()}},"genesisHash":"{{new Hash256(g.Bytes(32))}}",
        "keyDirectory":"keys","passwordFile":"/etc/p","production":{{(g.Coin() ? "true" : "false")}},
        "labels":{"citizen-1":"{{new Address(g.Bytes(20))}}","treasury":"{{new Address(g.Bytes(20))}}"} }
        """;

    /// <summary>The file's form is tried here; what it proves is the matter of proof.Balance and
    /// others.</summary>
    private static ProofBundle Bundle(CoreGenerator g)
    {
        var genesis = ByteString.CopyFrom(g.Bytes(g.Below(60)));
        BalanceProof balance = Chain.Prove(new Address(g.Bytes(Address.Size)), TestNetwork.Bond, 0);
        switch (g.Below(3))
        {
            case 0:
                balance.Genesis = genesis;
                return ProofBundle.Of(balance);
            case 1:
                return ProofBundle.Of(new SupplyProof
                {
                    Genesis = genesis,
                    Header = balance.Header,
                    Certificate = balance.Certificate,
                    Asset = balance.Asset,
                    Amount = new Amount(g.U64()).ToString(),
                    StateProof = balance.StateProof,
                    AssetState = balance.AssetState,
                    AssetProof = balance.AssetProof,
                });
            default:
                var proof = new EventProof
                {
                    Genesis = genesis,
                    Header = balance.Header,
                    Certificate = balance.Certificate,
                    Index = (uint)g.Below(100),
                    Count = (uint)g.Below(100),
                    Event = ByteString.CopyFrom(g.Bytes(g.Below(60))),
                };
                proof.Descendants.AddRange(
                    Enumerable.Range(0, g.Below(3)).Select(_ => balance.Header));
                proof.Path.AddRange(
                    Enumerable.Range(0, g.Below(5)).Select(_ => ByteString.CopyFrom(g.Bytes(32))));
                return ProofBundle.Of(proof);
        }
    }

    private static BackupManifest Manifest(CoreGenerator g) => new(
        1 + (ulong)g.Below(100_000), new Hash256(g.Bytes(32)), new Height((ulong)g.Below(100_000)),
        new Hash256(g.Bytes(32)), new Hash256(g.Bytes(32)),
        DateTimeOffset.UnixEpoch.AddSeconds(g.Below(2_000_000_000)),
        g.Coin() ? new BackupEncryption(new ScryptCost(1 << 15, 8, 1), [.. g.Bytes(32)]) : null,
        [.. Enumerable.Range(0, g.Below(4)).Select(
            i => new BackupFile($"{i:D6}.sst", g.Below(1_000), new Hash256(g.Bytes(32))))]);

    private static ActionDocument Action(CoreGenerator g)
    {
        OfficerAction action = g.Below(4) switch
        {
            0 => new UnpauseAction(g.Coin(), g.Coin()),
            1 => new RecoverAction(Ascending(g)),
            2 => new ProposeAction(new Address(g.Bytes(Address.Size)), [.. g.Bytes(g.Below(200))]),
            _ => new CancelAction(new Hash256(g.Bytes(32))),
        };
        return new ActionDocument
        {
            Action = action,
            Place = new ActionPlace(
                1 + (ulong)g.Below(100_000), new Hash256(g.Bytes(32)),
                new OfficerContracts(
                    new Address(g.Bytes(Address.Size)), new Address(g.Bytes(Address.Size)),
                    new Address(g.Bytes(Address.Size))),
                action.IsCold ? 0 : 1 + (ulong)g.Below(9),
                action is CancelAction ? 0 : 1 + (ulong)g.Below(9), (ulong)g.Below(100_000)),
            Members = Ascending(g),
        };
    }

    private static ImmutableArray<Address> Ascending(CoreGenerator g) =>
        [.. Enumerable.Range(0, 1 + g.Below(7)).Select(_ => new Address(g.Bytes(Address.Size))).Order()];

    private static string DeploymentText(CoreGenerator g)
    {
        string Contract() => $"{{\"address\":\"{new Address(g.Bytes(Address.Size))}\","
            + $"\"codeHash\":\"0x{new Hash256(g.Bytes(32))}\"}}";
        string tokens = string.Join(
            ',', Enumerable.Range(0, g.Below(4)).Select(i => $"\"TOKEN-{i}\":{Contract()}"));
        return $"{{\"chainId\":{1 + g.Below(100_000)},\"ledgerId\":\"0x{new Hash256(g.Bytes(32))}\","
            + $"\"bridge\":{Contract()},\"validatorSet\":{Contract()},\"governor\":{Contract()},"
            + $"\"tokens\":{{{tokens}}}}}";
    }

    private static OfflineDocument Offline(CoreGenerator g) => OfflineDocument.Of(
        new NetworkIdentity("testnet", 1 + (ulong)g.Below(100_000), new Hash256(g.Bytes(32))),
        g.Transaction(2),
        []) with
    { Signature = g.Coin() ? g.Bytes(Limits.SignatureBytes) : null };
}
