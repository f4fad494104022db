// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TokenLedger.Chaos;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A validator comes back from a backup, without its signer guard, or twice: its key signs nothing twice.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class GuardTests(ProcessCluster cluster)
{
    private const int Node = 2;
    private const int Storage = 5;
    private const int Duplicate = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Restore_DataOfAnOlderBackup_CatchesUpSignsOnAndNeverTwice()
    {
        await cluster.EnsureWholeAsync();
        Assert.Equal(0, await cluster.TerminateAsync(Node, Patience));
        using var backup = new TestFolder();
        string data = Path.Combine(cluster.NodeFolder(Node), "data");
        Copy(data, backup.Path);
        cluster.Start(Node);
        await cluster.EnsureWholeAsync();
        ulong height = (await cluster.StatusAsync(0)).Height;
        await cluster.ReachAsync(height + 15, Patience, [.. ProcessCluster.All]);

        cluster.Kill(Node);
        Directory.Delete(data, recursive: true);
        Copy(backup.Path, data);
        cluster.Start(Node);
        await cluster.ReachAsync(height + 15, Patience, Node);
        await RequireSignsAsync(0);
    }

    /// <summary>
    /// With the guard in the image too nothing on this machine knows better: its peers' certificates, which
    /// have votes of this key that this guard never released, stop it; it may have signed before.
    /// Without the guard's part in the test above, this is what would happen there.
    /// </summary>
    [Fact]
    public async Task Restore_GuardOfTheOlderImageToo_IsStoppedByItsPeersCertificates()
    {
        await cluster.EnsureWholeAsync();
        Assert.Equal(0, await cluster.TerminateAsync(Node, Patience));
        using var image = new TestFolder();
        string node = cluster.NodeFolder(Node);
        string[] parts = ["data", "guard"];
        foreach (string part in parts)
        {
            Copy(Path.Combine(node, part), Path.Combine(image.Path, part));
        }

        cluster.Start(Node);
        await cluster.EnsureWholeAsync();

        // With one of the others gone, every certificate of these blocks holds this node's vote.
        cluster.Kill(0);
        ulong height = (await cluster.StatusAsync(1)).Height;
        await cluster.ReachAsync(height + 5, Patience, [.. ProcessCluster.All.Where(index => index != 0)]);
        cluster.Kill(Node);
        cluster.Start(0);
        foreach (string part in parts)
        {
            Directory.Delete(Path.Combine(node, part), recursive: true);
            Copy(Path.Combine(image.Path, part), Path.Combine(node, part));
        }

        cluster.Start(Node);
        Assert.Equal(Duplicate, await cluster.EndAsync(Node, Patience));

        // As its message advises: with a guard in doubt it asks how far its key has signed. The others begin
        // anew, and with them their counts of what it may have signed.
        foreach (int other in ProcessCluster.All.Where(index => index != Node))
        {
            cluster.Kill(other);
        }

        File.Delete(GuardOf(Node));
        await cluster.EnsureWholeAsync();
        await RequireSignsAsync(0);
    }

    [Fact]
    public async Task Start_WithoutItsGuard_SignsNothingUntilAllOthersToldHowFarItSigned()
    {
        await cluster.EnsureWholeAsync();
        cluster.Kill(Node);
        cluster.Kill(0);
        File.Delete(GuardOf(Node));
        cluster.Start(Node);
        await Deadline.UntilAsync("the node says that it is in quarantine", Patience, async () =>
            (await cluster.TryStatusAsync(Node))?.Quarantine.Contains("missing", StringComparison.Ordinal)
                == true);
        Assert.Equal(1, await MetricAsync(Node, "tokenledger_quarantined"));
        using (var http = new HttpClient { BaseAddress = cluster.Operations(Node) })
        {
            using HttpResponseMessage ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            Assert.Contains("quarantine", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(GuardOf(Node)));
        cluster.Start(0);
        await Deadline.UntilAsync("the node leaves its quarantine", Patience, async () =>
            (await cluster.TryStatusAsync(Node))?.Quarantine.Length == 0);
        Assert.True(File.Exists(GuardOf(Node)));
        await RequireSignsAsync(1);
    }

    [Fact]
    public async Task Start_SecondProcessOfOneValidator_StopsAndTheFirstGoesOn()
    {
        await cluster.EnsureWholeAsync();
        using var twin = new TestFolder();
        string node = cluster.NodeFolder(Node);
        string configuration = Path.Combine(node, "twin.json");
        int[] ports = FreePorts();
        SingleNode.Configure(Path.Combine(node, "node.json"), configuration, root =>
        {
            root["dataDirectory"] = Path.Combine(twin.Path, "data");
            root["peers"]!["listen"] = $"127.0.0.1:{ports[0]}";
            root["api"]!["listen"] = $"127.0.0.1:{ports[1]}";
            root["operations"]!["listen"] = $"127.0.0.1:{ports[2]}";
        });

        // With the same guard it does not even begin; with a copy, as on another machine, its peers stop it.
        await SingleNode.RequireFailsAsync(configuration, "STORAGE_LOCKED", Storage);
        SingleNode.Configure(configuration, configuration, root =>
        {
            string copy = Path.Combine(twin.Path, "vote.guard");
            File.Copy(GuardOf(Node), copy);
            root["voteKey"]!["guard"] = copy;
        });
        await SingleNode.RequireFailsAsync(configuration, "DUPLICATE_VALIDATOR", Duplicate);
        File.Delete(configuration);
        await cluster.EnsureWholeAsync();
        await RequireSignsAsync(0);
    }

    /// <summary>With another one gone a quorum needs it: finality goes on, with no evidence.</summary>
    private async Task RequireSignsAsync(int without)
    {
        // After a quarantine it signs from two views ahead of its peers on: until then they do without it.
        ulong now = (await cluster.StatusAsync(Node)).Height;
        await cluster.ReachAsync(now + 5, Patience, Node);
        cluster.Kill(without);
        int[] rest = [.. ProcessCluster.All.Where(i => i != without)];
        ulong height = (await cluster.StatusAsync(Node)).Height;
        await cluster.ReachAsync(height + 8, Patience, rest);
        foreach (int i in rest)
        {
            Assert.Equal(0, await MetricAsync(i, "tokenledger_equivocations_total"));
        }

        await cluster.EnsureWholeAsync();
    }

    private async Task<double> MetricAsync(int node, string name)
    {
        using var http = new HttpClient { BaseAddress = cluster.Operations(node) };
        string page = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        string line = page.Split('\n').Single(
            line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private string GuardOf(int node) => Path.Combine(cluster.NodeFolder(node), "guard", "vote.guard");

    private static int[] FreePorts()
    {
        TcpListener[] listeners =
            [.. Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, static listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
