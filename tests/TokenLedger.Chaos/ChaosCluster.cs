// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Chaos;

/// <summary>
/// Four validators of a fresh network as real processes. Nodes are counted from 0, validators' names from
/// 1, as in genesis.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const int Size = 4;

    /// <summary>How many may fail: everything is promised with so many.</summary>
    public const int Tolerated = 1;

    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly TestFolder _temporary = new();
    private readonly NodeProcess?[] _processes = new NodeProcess?[Size];
    private readonly int _basePort;

    /// <param name="links">Whether validators reach each other through <see cref="Links"/>.</param>
    public ChaosCluster(bool links)
    {
        _temporary.CreateNetwork("network", Size, out _basePort);
        Client = new DevnetClient(Folder);
        AppDomain.CurrentDomain.ProcessExit += Vanish;
        if (links)
        {
            Links = new PeerLinks(Size, PeerPort);
            foreach (int node in All)
            {
                LeadThroughLinks(node);
            }
        }
    }

    public static IReadOnlyList<int> All { get; } = [.. Enumerable.Range(0, Size)];

    public string Folder => Path.Combine(_temporary.Path, "network");

    public DevnetClient Client { get; }

    /// <summary>The network between validators; null when they reach each other directly.</summary>
    public PeerLinks? Links { get; }

    public IEnumerable<int> Running => All.Where(node => _processes[node] is { HasExited: false });

    public LedgerClient Node(int index) => Client.Nodes[index];

    public string NodeFolder(int index) => Path.Combine(Folder, $"node-{index + 1}");

    public int PeerPort(int index) => _basePort + (100 * (index + 1)) + 1;

    public NodeProcess Process(int index) => _processes[index]!;

    /// <summary>Starts a validator that is not running. Does not wait.</summary>
    public void Start(int index, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (_processes[index] is { HasExited: false })
        {
            throw new InvalidOperationException($"node {index} runs already");
        }

        _processes[index]?.Dispose();
        _processes[index] = NodeProcess.Start(Path.Combine(NodeFolder(index), "node.json"), environment);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill(int index) => _processes[index]!.Kill();

    /// <summary>A node's status; null while it does not answer.</summary>
    /// <exception cref="ViolationException">It ended by itself.</exception>
    public async Task<GetNodeStatusResponse?> TryStatusAsync(int index)
    {
        RequireNotEnded(index);
        try
        {
            return await Node(index).Queries.GetNodeStatusAsync(
                new GetNodeStatusRequest(), deadline: Deadline.In(CallWithin));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            RequireNotEnded(index);
            return null;
        }
    }

    /// <summary>All four run, finalize, and hear each other.</summary>
    public async Task EnsureWholeAsync()
    {
        foreach (int node in All.Except(Running).ToArray())
        {
            Start(node);
        }

        await Deadline.UntilAsync("all four finalize together", StartWithin, async () =>
        {
            GetNodeStatusResponse?[] all = await Task.WhenAll(All.Select(TryStatusAsync));
            return all.All(static status => status is { Finalizing: true, Height: > 0 })
                && all.Max(static status => status!.Height) - all.Min(static status => status!.Height) <= 2
                && all.All(static status => status!.Validators.All(static other => other.Reachable));
        }, Tails);
    }

    /// <summary>Waits until nodes have a height.</summary>
    public Task<TimeSpan> ReachAsync(ulong height, TimeSpan within, IEnumerable<int> nodes) =>
        Deadline.UntilAsync(
            string.Create(CultureInfo.InvariantCulture, $"height {height} on {string.Join(", ", nodes)}"),
            within,
            async () =>
                (await Task.WhenAll(nodes.Select(TryStatusAsync))).All(status => status?.Height >= height),
            Tails);

    /// <summary>The page of a node's metrics, by name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(int index)
    {
        using var http = new HttpClient { Timeout = CallWithin };
        string page = await http.GetStringAsync(
            new Uri($"http://127.0.0.1:{_basePort + (100 * (index + 1)) + 3}/metrics"));
        return page.Split('\n')
            .Where(static line =>
                line.Length > 0 && line[0] != '#' && !line.Contains('{', StringComparison.Ordinal))
            .Select(static line => line.Split(' '))
            .ToDictionary(
                static parts => parts[0],
                static parts => double.Parse(parts[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
    }

    /// <summary>The end of every node's log.</summary>
    public string Tails() =>
        string.Join('\n', All.Select(node => $"node {node}: {_processes[node]?.Tail() ?? "never started"}"));

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Vanish;
        Vanish(null, EventArgs.Empty);
        if (Links is not null)
        {
            await Links.DisposeAsync();
        }

        Client.Dispose();
    }

    /// <summary>Nothing survives this process, also when somebody ends it.</summary>
    private void Vanish(object? sender, EventArgs e)
    {
        foreach (NodeProcess? process in _processes)
        {
            process?.Dispose();
        }

        _temporary.Dispose();
    }

    private void RequireNotEnded(int index)
    {
        if (_processes[index] is not { HasExited: false })
        {
            throw new ViolationException(
                "no node stops itself", $"node {index} ended: {_processes[index]?.Tail()}");
        }
    }

    private void LeadThroughLinks(int node)
    {
        string path = Path.Combine(NodeFolder(node), "node.json");
        JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
        JsonNode addresses = root["peers"]!["addresses"]!;
        foreach (int other in All.Where(other => other != node))
        {
            addresses[$"validator-{other + 1}"] =
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Links!.Port(node, other)}");
        }

        File.WriteAllText(path, root.ToJsonString());
    }
}
