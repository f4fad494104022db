// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// Writes what the processes of a development network read: node.json and the client's context.json.
/// </summary>
internal static class NetworkConfiguration
{
    /// <summary>The name of validator i, counted from 1.</summary>
    public static string ValidatorName(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"validator-{index}");

    /// <summary>Writes one validator's configuration. Paths are relative to the file.</summary>
    public static void WriteNode(NewFolder folder, NetworkOptions options, int index, bool sandbox) =>
        folder.WriteJson($"node-{index}/node.json", json =>
        {
            json.WriteString("name", ValidatorName(index));
            json.WriteString("genesis", "../genesis.json");
            json.WriteString("dataDirectory", "data");
            json.WriteStartObject("voteKey");
            json.WriteString("keystore", "keys/vote.json");
            json.WriteString("passwordFile", "keys/password");
            json.WriteString("guard", "guard/vote.guard");
            json.WriteEndObject();
            json.WriteStartObject("tls");
            json.WriteString("certificate", "tls/cert.pem");
            json.WriteString("key", "tls/key.pem");
            json.WriteEndObject();
            json.WriteStartObject("peers");
            json.WriteString("listen", Loopback(options.PeerPort(index)));
            json.WriteStartObject("addresses");
            for (int peer = 1; peer <= options.Validators; peer++)
            {
                if (peer != index)
                {
                    json.WriteString(ValidatorName(peer), Loopback(options.PeerPort(peer)));
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("api");
            json.WriteString("listen", Loopback(options.ApiPort(index)));

            // One machine is every client of such a network, and its load generator too.
            json.WriteStartObject("quota");
            json.WriteNumber("connections", Limits.ApiConnections);
            json.WriteNumber("callsPerSecond", 1_000_000);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("operations");
            json.WriteString("listen", Loopback(options.OperationsPort(index)));
            json.WriteEndObject();
            if (sandbox)
            {
                json.WriteStartObject("sandbox");
                json.WriteBoolean("faults", true);
                json.WriteEndObject();
            }
        });

    /// <summary>Writes the client's context: where the network is, which it is, and who is who.</summary>
    public static void WriteContext(
        NewFolder folder,
        NetworkOptions options,
        GenesisDocument genesis,
        IEnumerable<KeyValuePair<string, Address>> labels) =>
        folder.WriteJson("client/context.json", json =>
        {
            json.WriteString("name", "devnet");
            json.WriteStartArray("endpoints");
            for (int i = 1; i <= options.Validators; i++)
            {
                json.WriteStringValue("http://" + Loopback(options.ApiPort(i)));
            }

            json.WriteEndArray();
            json.WriteNumber("chainId", genesis.ChainId);
            json.WriteString("genesisHash", genesis.Hash.ToString());
            json.WriteString("keyDirectory", "keys");
            json.WriteString("passwordFile", "password");
            json.WriteBoolean("production", false);
            json.WriteStartObject("labels");
            foreach ((string label, Address address) in labels)
            {
                json.WriteString(label, address.ToString());
            }

            json.WriteEndObject();
        });

    private static string Loopback(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
