// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Cli.Tests;

/// <summary>What one run of `tl` did.</summary>
internal sealed record CliResult(int Exit, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    /// <summary>The code of the error object, which is the last that is said.</summary>
    public string ErrorCode =>
        (string)JsonNode.Parse(Error[Error.LastIndexOf("{\"error\"", StringComparison.Ordinal)..])!
        ["error"]!["code"]!;

    /// <summary>What was put out, whatever the line breaks.</summary>
    public string FlatOut =>
        string.Join(' ', Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A person with a folder, keys, a context, and nodes to talk to.</summary>
internal sealed class CliHarness : IAsyncDisposable
{
    private const string Password = "correct horse";
    private readonly List<FakeNode> _nodes = [];
    private readonly Dictionary<string, Address> _labels = new(StringComparer.Ordinal);

    public string Folder { get; } = Directory.CreateTempSubdirectory("tl-tests-").FullName;

    public FakeLedger Ledger { get; } = new();

    public IReadOnlyList<FakeNode> Nodes => _nodes;

    public bool Production { get; set; }

    public bool Terminal { get; set; }

    public int Width { get; set; } = 80;

    public string Input { get; set; } = "";

    public Queue<string> Secrets { get; } = new();

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public Hash256? PinnedGenesis { get; set; }

    public string ContextPath => Path.Combine(Folder, "context.json");

    /// <summary>A network of some nodes, with PIB-27 (2 decimals), and the keys treasury, maker and
    /// checker.</summary>
    public static async Task<CliHarness> StartAsync(int nodes = 1)
    {
        var harness = new CliHarness();
        harness.Ledger.AddAsset("PIB-27", 2, "5000000000");
        for (int i = 1; i <= nodes; i++)
        {
            harness._nodes.Add(await FakeNode.StartAsync(harness.Ledger, $"validator-{i}"));
        }

        foreach (string label in (string[])["treasury", "maker", "checker"])
        {
            harness.AddKey(label);
        }

        harness.Label("exchange-1", new Address([.. Enumerable.Repeat((byte)0x11, 20)]));
        harness.Ledger.Give(harness["treasury"], "PIB-27", 1_000_000);
        return harness;
    }

    public Address this[string label] => _labels[label];

    public void Label(string label, Address address) => _labels[label] = address;

    public Address AddKey(string label)
    {
        using PrivateKey key =
            PrivateKey.Import(Hashing.Hash(DomainTag.Header, Encoding.UTF8.GetBytes(label)).ToArray());
        File.WriteAllText(Path.Combine(Folder, "password"), Password + "\n");
        KeystoreFolder.Save(
            Path.Combine(Folder, "keys"), key, Encoding.UTF8.GetBytes(Password), ScryptCost.Development,
            TimeProvider.System);
        _labels[label] = key.Address;
        return key.Address;
    }

    /// <summary>Stops a node for good; its address stays in the context.</summary>
    public async Task KillAsync(int index) => await _nodes[index].DisposeAsync();

    public void WriteContext(params Uri[] endpoints)
    {
        var context = new ContextFile
        {
            Name = "test",
            Endpoints = endpoints.Length > 0 ? [.. endpoints] : [.. _nodes.Select(n => n.Address)],
            ChainId = FakeLedger.ChainId,
            GenesisHash = PinnedGenesis ?? Ledger.GenesisHash,
            KeyDirectory = "keys",
            PasswordFile = "password",
            Production = Production,
            Labels = _labels.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        File.WriteAllText(ContextPath, context.ToJson());
    }

    /// <summary>Runs with the context.</summary>
    public Task<CliResult> RunAsync(params string[] args)
    {
        if (!File.Exists(ContextPath))
        {
            WriteContext();
        }

        return RunBareAsync([.. args, "--context", ContextPath]);
    }

    /// <summary>Runs without a context.</summary>
    public async Task<CliResult> RunBareAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var variables = new Dictionary<string, string>(Variables, StringComparer.Ordinal)
        { ["HOME"] = Folder };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = new StringReader(Input),
            Time = TimeProvider.System,
            Variables = variables,
            Terminal = new TerminalFacts(Terminal, Terminal, Terminal, Width, Color: false),
            WorkingDirectory = Folder,
            ProgressDelay = TimeSpan.FromMilliseconds(10),
            ReadSecret = () => Secrets.TryDequeue(out string? secret) ? secret : null,
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int exit = await CommandLine.RunAsync(args, environment, limit.Token);
        return new CliResult(exit, output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FakeNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
