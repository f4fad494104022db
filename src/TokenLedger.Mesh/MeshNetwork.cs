// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh;

/// <summary>The one network that the adapter serves. Immutable and thread-safe.</summary>
internal sealed class MeshNetwork
{
    /// <summary>What the API calls the kind of ledger.</summary>
    public const string Blockchain = "TokenLedger";

    private const int MaxText = 1_024;

    public MeshNetwork(GenesisDocument genesis)
    {
        Genesis = genesis;
        GenesisHash = genesis.Hash;
        Digest = new TransactionDigest(genesis.ChainId, GenesisHash);
        var writer = new CanonicalWriter(16 * 1024);
        genesis.Write(writer);
        GenesisBytes = writer.Written.ToArray();
    }

    /// <summary>What the network began with.</summary>
    public GenesisDocument Genesis { get; }

    /// <summary>Its canonical form.</summary>
    public ReadOnlyMemory<byte> GenesisBytes { get; }

    /// <summary>The network's identity.</summary>
    public Hash256 GenesisHash { get; }

    /// <summary>What its transactions are signed over.</summary>
    public TransactionDigest Digest { get; }

    /// <summary>Reads the genesis file of the configuration.</summary>
    /// <exception cref="MeshConfigurationException">GENESIS_MISSING, GENESIS_INVALID or GENESIS_MISMATCH.
    /// </exception>
    public static MeshNetwork Open(MeshOptions options)
    {
        try
        {
            var info = new FileInfo(options.GenesisFile);
            if (info.Exists && info.Length > GenesisFile.MaxBytes)
            {
                throw new MeshConfigurationException(
                    "GENESIS_INVALID", $"{options.GenesisFile} is over {GenesisFile.MaxBytes} bytes.");
            }

            var network = new MeshNetwork(GenesisFile.Read(File.ReadAllBytes(options.GenesisFile)));
            return network.GenesisHash == options.GenesisHash
                ? network
                : throw new MeshConfigurationException(
                    "GENESIS_MISMATCH",
                    $"{options.GenesisFile} is of network {network.GenesisHash}, not of "
                        + $"{options.GenesisHash}.");
        }
        catch (Exception e) when (e is StrictJsonException or ArgumentException)
        {
            throw new MeshConfigurationException("GENESIS_INVALID", $"{options.GenesisFile}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshConfigurationException("GENESIS_MISSING", e.Message);
        }
    }

    /// <summary>The identifier that each request names.</summary>
    public JsonObject Identifier() =>
        new() { ["blockchain"] = Blockchain, ["network"] = Genesis.NetworkName };

    /// <summary>Requires that a request is about this network.</summary>
    public void Require(StrictObject request)
    {
        StrictValue value = request.Required("network_identifier");
        (string blockchain, string network) = value.Object(static id =>
        {
            if (id.TryGet("sub_network_identifier", out StrictValue sub))
            {
                throw new MeshException(
                    MeshError.NetworkUnknown, $"{sub.Path}: the network has no parts.");
            }

            return (id.Required("blockchain").Text(MaxText), id.Required("network").Text(MaxText));
        });
        if (blockchain != Blockchain || network != Genesis.NetworkName)
        {
            throw new MeshException(
                MeshError.NetworkUnknown, $"This is {Blockchain}, network {Genesis.NetworkName}.");
        }
    }
}
