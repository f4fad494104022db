// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// Joins a development network to a chain: what the contracts are deployed with, then each validator's
/// configuration and the lane's terms.
/// </summary>
/// <param name="folder">The network's folder; absolute.</param>
internal sealed class BridgeSetup(string folder)
{
    /// <summary>A validator's keys, below its folder.</summary>
    public const string SignerKey = "keys/bridge-signer.json";

    /// <inheritdoc cref="SignerKey"/>
    public const string SenderKey = "keys/bridge-sender.json";

    private const string Prefix = "bridge-";
    private const uint Year2100 = 4_102_444_800;
    private const ushort AnyCountry = 586;

    private static readonly string[] Roles = ["guardian", "limiter", "registrar", "enforcer", "pauser"];

    /// <summary>Wallets abroad that the demo uses; the last one is not in the register of holders.</summary>
    private static readonly string[] Wallets = ["venue-1", "venue-2", "venue-3", "stranger"];

    private readonly GenesisDocument _genesis =
        GenesisFile.Read(File.ReadAllBytes(Path.Combine(folder, "genesis.json")));

    /// <summary>Labels of the keys that the bridge's demo needs besides the ledger's.</summary>
    public static IEnumerable<string> ClientKeys(int validators) =>
    [
        .. Roles.Select(static role => Prefix + role), .. Wallets.Select(static wallet => Prefix + wallet),
        .. Enumerable.Range(1, validators).Select(static i =>
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}cold-{i}")),
    ];

    /// <summary>True for a label of such a key.</summary>
    public static bool IsLabel(string label) => label.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What <c>src/contracts/deploy.sh</c> reads.</summary>
    public JsonObject Plan(string rpcUrl, IReadOnlyList<string> assets)
    {
        int n = _genesis.Validators.Length;
        return new JsonObject
        {
            ["rpcUrl"] = rpcUrl,
            ["ledgerId"] = "0x" + _genesis.Hash,
            ["timelockDelaySeconds"] = 172_800,
            ["hot"] = Array(Enumerable.Range(1, n)
                .Select(i => (Address: AddressOf(NodeFile(i, SignerKey)), Operator: Operator(i).Name))
                .OrderBy(static signer => signer.Address)
                .Select(static signer => new JsonObject
                {
                    ["address"] = Eip55.Format(signer.Address),
                    ["operator"] = signer.Operator,
                })),
            ["cold"] = Array(Enumerable.Range(1, n).Select(i => Client($"cold-{i}")).Order().Select(Text)),
            ["roles"] = new JsonObject(Roles.Select(role =>
                KeyValuePair.Create<string, JsonNode?>(role + "s", new JsonArray(Text(Client(role)))))),
            ["tokens"] = Array(assets.Select(symbol => Token(Find(symbol)))),
            ["holders"] = Array(Wallets[..^1].Select(wallet => new JsonObject
            {
                ["address"] = Text(Client(wallet)),
                ["class"] = 1,
                ["country"] = AnyCountry,
                ["validUntil"] = Year2100,
            })),
        };
    }

    /// <summary>Writes each validator's part in the bridge, and the lane's terms.</summary>
    /// <param name="deployment">What deploy.sh wrote.</param>
    /// <param name="endpoint">Where the chain answers.</param>
    /// <param name="origin">Hash of its first block.</param>
    /// <returns>The lane's terms, as <c>tl bridge open</c> reads them.</returns>
    public JsonObject Attach(JsonObject deployment, string endpoint, Hash256 origin)
    {
        JsonObject bridge = deployment["bridge"]!.AsObject();
        JsonObject signers = deployment["validatorSet"]!.AsObject();
        ulong chainId = deployment["chainId"]!.GetValue<ulong>();
        for (int i = 1; i <= _genesis.Validators.Length; i++)
        {
            string path = NodeFile(i, "node.json");
            JsonObject node = JsonInput.Object(File.ReadAllText(path));
            node["bridge"] = new JsonObject
            {
                ["signerKey"] = Key(SignerKey),
                ["senderKey"] = Key(SenderKey),
                ["lanes"] = new JsonArray(new JsonObject
                {
                    ["chainId"] = chainId,
                    ["endpoints"] = new JsonArray(endpoint),
                    ["required"] = 1,
                    ["codeHash"] = Bare(bridge["codeHash"]!),
                    ["signerCodeHash"] = Bare(signers["codeHash"]!),

                    // A chain of one machine has a block each second.
                    ["fewEndpoints"] = true,
                    ["pollMs"] = 700,
                    ["turnMs"] = 5_000,
                    ["replaceMs"] = 5_000,
                }),
            };
            Replace(path, node);
        }

        string context = Path.Combine(folder, "client", "context.json");
        JsonObject client = JsonInput.Object(File.ReadAllText(context));
        client["abroad"] = new JsonObject
        {
            [chainId.ToString(CultureInfo.InvariantCulture)] = endpoint,
        };
        Replace(context, client);
        return new JsonObject
        {
            ["chainId"] = chainId,
            ["bridge"] = Plain(bridge["address"]!),
            ["validatorSet"] = Plain(signers["address"]!),
            ["remoteGenesis"] = origin.ToString(),
            ["startBlock"] = deployment["deployBlock"]!.GetValue<ulong>(),
            ["lockLifetimeMs"] = 45_000,
            ["gatherMs"] = 500,
            ["signers"] = Array(Enumerable.Range(1, _genesis.Validators.Length).Select(i => new JsonObject
            {
                ["key"] = AddressOf(NodeFile(i, SignerKey)).ToString(),
                ["institution"] = Operator(i).Id.ToString(),
            })),
        };
    }

    /// <summary>Institutions take turns, so that none has more than f signers.</summary>
    private GenesisInstitution Operator(int validator) =>
        _genesis.Institutions[(validator - 1) % _genesis.Institutions.Length];

    private AssetDefinition Find(string symbol) =>
        _genesis.Assets.FirstOrDefault(asset => asset.Definition.Id.ToString() == symbol)?.Definition
        ?? throw new NetworkCreationException($"There is no asset {symbol} in this network's genesis.");

    private static JsonObject Token(AssetDefinition asset)
    {
        string cap = asset.Cap.ToString();
        return new JsonObject
        {
            ["symbol"] = asset.Id.ToString(),

            // Permits name the token, and what they name has room for 31 bytes.
            ["name"] = Encoding.UTF8.GetByteCount(asset.Name) <= 31 ? asset.Name : asset.Id.ToString(),
            ["decimals"] = asset.Decimals,
            ["policy"] = "ALLOWLIST",
            ["limits"] = new JsonObject
            {
                ["ceiling"] = cap,
                ["perItem"] = cap,
                ["mintCapacity"] = cap,
                ["mintWindowSeconds"] = 86_400,
                ["burnCapacity"] = cap,
                ["burnWindowSeconds"] = 86_400,
            },
        };
    }

    private Address Client(string name) =>
        AddressOf(Path.Combine(folder, "client", "keys", $"{Prefix}{name}.json"));

    private string NodeFile(int validator, string name) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"node-{validator}"), name);

    private static Address AddressOf(string keystore)
    {
        JsonObject json = JsonInput.Object(File.ReadAllText(keystore));
        return new Address(Convert.FromHexString(json["address"]!.GetValue<string>()));
    }

    private static JsonNode Text(Address address) => Eip55.Format(address);

    private static JsonObject Key(string keystore) => new()
    {
        ["keystore"] = keystore,
        ["passwordFile"] = "keys/password",
    };

    /// <summary>An address as this ledger's files write it: in lower case.</summary>
    private static string Plain(JsonNode address) =>
        new Address(Convert.FromHexString(Bare(address))).ToString();

    /// <summary>A hash as this ledger's files write it: without 0x.</summary>
    private static string Bare(JsonNode hash)
    {
        string text = hash.GetValue<string>();
        return text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
    }

    private static JsonArray Array(IEnumerable<JsonNode> items) => [.. items];

    private static void Replace(string path, JsonObject json)
    {
        string next = path + ".new";
        File.WriteAllText(next, JsonText.Indented(json) + "\n");
        File.Move(next, path, overwrite: true);
    }
}
