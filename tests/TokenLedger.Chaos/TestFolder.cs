// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Networks;
using TokenLedger.Core;
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>A temporary folder with fresh networks in it.</summary>
internal sealed class TestFolder : IDisposable
{
    // Below the ports that the system gives to outgoing connections.
    private const int LowestBase = 12_000;
    private const int HighestBase = 31_000;

    private static readonly Lock Gate = new();
    private static readonly List<(TestFolder To, int First, int End)> Given = [];

    /// <summary>An officer of the template who, unlike in the demo network, both makes and checks.</summary>
    public const string MakerAndChecker = "ministry-maker-2";

    public TestFolder() => Path = Directory.CreateTempSubdirectory("tokenledger-cluster-").FullName;

    public string Path { get; }

    /// <summary>Creates a network from the demo network's template.</summary>
    /// <param name="name">Its folder in this one.</param>
    /// <param name="validators">How many.</param>
    /// <param name="basePort">What its ports are counted from.</param>
    /// <param name="heartbeatMs">How long an idle leader waits; null as in the demo network.</param>
    /// <returns>The network.</returns>
    public CreatedNetwork CreateNetwork(
        string name, int validators, out int basePort, int? heartbeatMs = null)
    {
        string template = System.IO.Path.Combine(Path, name + "-template");
        CopyTemplate(template, heartbeatMs);
        basePort = FreeBasePort(validators);
        return new NetworkBuilder(TimeProvider.System).Create(
            new NetworkOptions(template, System.IO.Path.Combine(Path, name), validators, basePort));
    }

    public void Dispose()
    {
        lock (Gate)
        {
            Given.RemoveAll(given => given.To == this);
        }

        Directory.Delete(Path, recursive: true);
    }

    private static void CopyTemplate(string to, int? heartbeatMs)
    {
        string from = Repository.PathOf("genesis", "devnet");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string network = System.IO.Path.Combine(to, "network.json");
        JsonNode root = JsonNode.Parse(File.ReadAllText(network))!;
        JsonNode officer = root["institutions"]!.AsArray()
            .SelectMany(static institution => institution!["officers"]!.AsArray())
            .Single(static officer => officer!["label"]!.GetValue<string>() == MakerAndChecker)!;
        officer["duties"] = new JsonArray("maker", "checker");
        if (heartbeatMs is { } heartbeat)
        {
            root["consensus"]!["heartbeatMs"] = heartbeat;
        }

        File.WriteAllText(network, root.ToJsonString());
    }

    /// <summary>A range that nobody listens in, and that no other network of this process has.</summary>
    private int FreeBasePort(int validators)
    {
        int size = (100 * validators) + 4;
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Select(static (IPEndPoint endpoint) => endpoint.Port)];
        lock (Gate)
        {
            for (int attempt = 0; attempt < 1_000; attempt++)
            {
                int first = RandomNumberGenerator.GetInt32(LowestBase, HighestBase);
                if (Enumerable.Range(first, size).All(port => !taken.Contains(port))
                    && Given.All(given => first + size <= given.First || first >= given.End))
                {
                    Given.Add((this, first, first + size));
                    return first;
                }
            }
        }

        throw new InvariantException("a loopback with no room for a network");
    }
}
