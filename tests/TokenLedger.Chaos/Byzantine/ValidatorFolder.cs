// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Chaos;

/// <summary>A validator's folder, with its keys opened.</summary>
internal sealed class ValidatorFolder : IDisposable
{
    private ValidatorFolder(int index, GenesisDocument genesis, PrivateKey voteKey, PeerPins tls)
    {
        Index = index;
        Genesis = genesis;
        VoteKey = voteKey;
        Tls = tls;
    }

    public int Index { get; }

    public GenesisDocument Genesis { get; }

    public PrivateKey VoteKey { get; }

    public PeerPins Tls { get; }

    /// <summary>Its guard's file.</summary>
    public required string Guard { get; init; }

    /// <summary>Where peers connect to.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where the peers are, by index.</summary>
    public required IReadOnlyDictionary<int, Uri> Peers { get; init; }

    public static ValidatorFolder Read(string networkFolder, int index)
    {
        string folder = Path.Combine(networkFolder, $"node-{index + 1}");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "node.json")));
        JsonElement root = file.RootElement;
        string PathOf(JsonElement from, string name) =>
            Path.Combine(folder, from.GetProperty(name).GetString()!);
        GenesisDocument genesis = GenesisFile.Read(File.ReadAllBytes(PathOf(root, "genesis")));
        JsonElement key = root.GetProperty("voteKey");
        byte[] password = File.ReadAllBytes(PathOf(key, "passwordFile"));
        PrivateKey voteKey = KeystoreFolder.Load(
            PathOf(key, "keystore"), password.AsSpan().TrimEnd("\r\n"u8));
        JsonElement tls = root.GetProperty("tls");
        JsonElement peers = root.GetProperty("peers");
        var addresses = new Dictionary<int, Uri>();
        for (int peer = 0; peer < genesis.Validators.Length; peer++)
        {
            if (peers.GetProperty("addresses").TryGetProperty(
                genesis.Validators[peer].Name, out JsonElement address))
            {
                addresses[peer] = new Uri($"https://{address.GetString()}");
            }
        }

        return new ValidatorFolder(
            index, genesis, voteKey,
            new PeerPins(PathOf(tls, "certificate"), PathOf(tls, "key"), genesis.ValidatorSet))
        {
            Guard = PathOf(key, "guard"),
            Listen = IPEndPoint.Parse(peers.GetProperty("listen").GetString()!),
            Peers = addresses,
        };
    }

    public void Dispose()
    {
        VoteKey.Dispose();
        Tls.Dispose();
    }
}
