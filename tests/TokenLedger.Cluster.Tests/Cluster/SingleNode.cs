// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A network of one validator, which is its own quorum: for what happens to a node by itself.
/// </summary>
internal sealed class SingleNode : IDisposable
{
    public static TimeSpan ExitWithin { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    private readonly TestFolder _temporary;
    private readonly int _basePort;
    private NodeProcess? _process;

    public SingleNode(TestFolder temporary, string name)
    {
        _temporary = temporary;
        Folder = temporary.CreateNetwork(name, 1, out _basePort, ProcessCluster.QuickHeartbeatMs).Folder;
    }

    public string Folder { get; }

    /// <summary>Variables that the node is started with, beside those of the tests.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string NodeFolder => Path.Combine(Folder, "node-1");

    public string DataFolder => Path.Combine(NodeFolder, "data");

    public string ConfigurationPath => Path.Combine(NodeFolder, "node.json");

    /// <summary>The port of a listener: 1 peers, 2 API, 3 operations.</summary>
    public int Port(int listener) => _basePort + 100 + listener;

    /// <summary>Starts the node and waits until it has committed blocks in this run.</summary>
    /// <param name="quarantined">True: until it says that its guard is in quarantine.</param>
    /// <returns>Its height.</returns>
    public async Task<ulong> StartAsync(bool quarantined = false)
    {
        Assert.True(_process is null or { HasExited: true });
        _process?.Dispose();
        _process = NodeProcess.Start(ConfigurationPath, Environment);
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{Port(2)}"));
        ulong? first = null;
        ulong height = 0;
        string what = quarantined ? "the node is in quarantine" : "the node finalizes";
        await Deadline.UntilAsync(what, StartWithin, async () =>
        {
            Assert.False(_process.HasExited, _process.Tail());
            try
            {
                GetNodeStatusResponse status = await client.Queries.GetNodeStatusAsync(
                    new GetNodeStatusRequest());
                height = status.Height;
                first ??= height;
                return quarantined ? status.Quarantine.Length > 0 : height > first;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
            {
                return false;
            }
        }, () => _process.Tail());
        return height;
    }

    /// <summary>Starts a node whose API speaks TLS, and waits until its operations' port calls it ready.
    /// </summary>
    public async Task StartWithTlsAsync()
    {
        _process?.Dispose();
        _process = NodeProcess.Start(ConfigurationPath, Environment);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port(3)}") };
        await Deadline.UntilAsync("the node is ready", StartWithin, async () =>
        {
            try
            {
                using HttpResponseMessage ready = await http.GetAsync(
                    new Uri("/health/ready", UriKind.Relative));
                return ready.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => _process.Tail());
    }

    /// <summary>Stops the node in order.</summary>
    public async Task StopAsync()
    {
        _process!.Terminate();
        Assert.Equal(0, await _process.ExitAsync(ExitWithin));
    }

    /// <summary>Waits until the running node ends by itself, with a failure.</summary>
    public Task RequireEndsAsync(string code, int exitCode) => RequireFailureAsync(_process!, code, exitCode);

    /// <summary>Waits until the running node ends by itself, however it does.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndAsync() => _process!.ExitAsync(ExitWithin);

    /// <summary>
    /// Starts a node that must not start: one line with a code on standard error, and an exit code.
    /// </summary>
    public static async Task RequireFailsAsync(string configurationPath, string code, int exitCode)
    {
        using NodeProcess process = NodeProcess.Start(configurationPath);
        await RequireFailureAsync(process, code, exitCode);
    }

    public Task RequireFailsAsync(string code, int exitCode) =>
        RequireFailsAsync(ConfigurationPath, code, exitCode);

    /// <summary>Changes node.json.</summary>
    public void Configure(Action<JsonNode> change) => Configure(ConfigurationPath, ConfigurationPath, change);

    /// <summary>Writes a changed copy of a node.json.</summary>
    public static void Configure(string from, string to, Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(from))!;
        change(root);
        File.WriteAllText(to, root.ToJsonString());
    }

    /// <summary>Every file of the network with its content's hash.</summary>
    public IReadOnlyList<string> Content() =>
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];

    /// <summary>Puts a copy of a data folder in the place of this node's.</summary>
    public void ReplaceData(string from)
    {
        if (Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(DataFolder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>A folder for copies, beside the network.</summary>
    public string Beside(string name) => Path.Combine(_temporary.Path, name);

    /// <summary>Kills the node if it runs. It can be started again.</summary>
    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    private static async Task RequireFailureAsync(NodeProcess process, string code, int exitCode)
    {
        int actual = await process.ExitAsync(ExitWithin);
        string[] lines = process.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string told = string.Create(CultureInfo.InvariantCulture, $"exit {actual}. {process.Tail()}");
        Assert.True(lines.Length == 1, told);
        Assert.True(lines[0].StartsWith($"tokenledger-node: {code}: ", StringComparison.Ordinal), told);
        Assert.True(exitCode == actual, told);
    }
}
