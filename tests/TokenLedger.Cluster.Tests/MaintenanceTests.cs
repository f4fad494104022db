// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests;

/// <summary>Backup, restore and verification with the programs as an operator runs them.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class MaintenanceTests : IDisposable
{
    private const int Differs = 9;
    private const int InFirstDataBlock = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Backup_OfARunningNode_IsRestoredAndGoesOnFromThere()
    {
        using var node = new SingleNode(_temporary, "one");
        string passphrase = node.Beside("passphrase");
        File.WriteAllText(passphrase, "of this test\n");
        ulong before = await node.StartAsync();

        JsonObject saved = Result(await RunAsync(
            "backup", "--config", node.ConfigurationPath, "--to", node.Beside("backup"),
            "--passphrase-file", passphrase));
        Assert.True(saved["nodeWasRunning"]!.GetValue<bool>());
        Assert.True(saved["height"]!.GetValue<ulong>() >= before);
        JsonObject verified = Result(await RunAsync("verify", "--config", node.ConfigurationPath));
        Assert.True(verified["holds"]!.GetValue<bool>());
        Assert.True(verified["height"]!.GetValue<ulong>() >= saved["height"]!.GetValue<ulong>());
        Assert.Empty(Checkpoints(node));
        using (var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{node.Port(2)}")))
        {
            ulong height = saved["height"]!.GetValue<ulong>();
            GetBlockResponse block = await client.Queries.GetBlockAsync(
                new GetBlockRequest { Height = height });
            Assert.Equal(saved["blockHash"]!.ToString(), Convert.ToHexStringLower(block.Summary.Hash.Span));
        }

        Assert.Equal("STORAGE_LOCKED", Code(await RunAsync(
            "restore", "--config", node.ConfigurationPath, "--backup", node.Beside("backup"),
            "--passphrase-file", passphrase)));
        await node.StopAsync();
        Assert.Equal("RESTORE_TARGET", Code(await RunAsync(
            "restore", "--config", node.ConfigurationPath, "--backup", node.Beside("backup"),
            "--passphrase-file", passphrase)));

        // The ledger is lost; the record of votes beside it is not, and stays where it is.
        Directory.Delete(Path.Combine(node.DataFolder, "ledger"), recursive: true);
        JsonObject restored = Result(await RunAsync(
            "restore", "--config", node.ConfigurationPath, "--backup", node.Beside("backup"),
            "--passphrase-file", passphrase));
        Assert.Equal(saved["blockHash"]!.ToString(), restored["blockHash"]!.ToString());
        await RequireHoldsAsync(node);
    }

    /// <summary>A ledger from a backup is no leave to vote: what this validator signed since is not in
    /// it.</summary>
    [Fact]
    public async Task Restore_OfAValidatorWithoutItsGuard_ServesAndSignsNothing()
    {
        using var node = new SingleNode(_temporary, "one");
        await node.StartAsync();
        JsonObject saved = Result(await RunAsync(
            "backup", "--config", node.ConfigurationPath, "--to", node.Beside("backup")));
        await node.StopAsync();
        Directory.Delete(node.DataFolder, recursive: true);
        Directory.Delete(Path.Combine(node.NodeFolder, "guard"), recursive: true);

        Result(await RunAsync(
            "restore", "--config", node.ConfigurationPath, "--backup", node.Beside("backup")));

        await node.StartAsync(quarantined: true);
        using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{node.Port(2)}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port(3)}") };
        await Deadline.UntilAsync("the guard refuses a vote", Patience, async () =>
            (await http.GetStringAsync("/metrics")).Split('\n').Any(line =>
                line.StartsWith("tokenledger_votes_refused_total ", StringComparison.Ordinal)
                    && !line.EndsWith(" 0", StringComparison.Ordinal)));
        GetNodeStatusResponse status = await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest());
        Assert.Contains("missing", status.Quarantine, StringComparison.Ordinal);
        Assert.Equal(saved["height"]!.GetValue<ulong>(), status.Height);
        await node.StopAsync();
    }

    [Fact]
    public async Task Verify_ByteOfABlockChanged_IsFoundWithItsHeight()
    {
        using var node = new SingleNode(_temporary, "one");
        await node.StartAsync();
        await node.StopAsync();
        await RequireHoldsAsync(node);
        string backup = node.Beside("backup");
        Result(await RunAsync("backup", "--config", node.ConfigurationPath, "--to", backup));

        string[] tables = Tables(node.DataFolder);
        Assert.NotEmpty(tables);
        foreach (string table in tables)
        {
            byte[] right = File.ReadAllBytes(table);
            byte[] flipped = [.. right];
            flipped[InFirstDataBlock] ^= 0x10;
            File.WriteAllBytes(table, flipped);
            (int exit, string output, string error) =
                await RunAsync("verify", "--config", node.ConfigurationPath);
            File.WriteAllBytes(table, right);

            // The walk reads every data block of every table, or the database does not even open.
            Assert.True(exit is Differs or 1 or 5, $"{table}: {exit} {output} {error}");
            if (exit == Differs)
            {
                Assert.NotNull(Result((0, output, error))["firstDifference"]);
            }
        }

        await RequireHoldsAsync(node);
        await RequireHoldsAsync(node, "--backup", backup);
    }

    private static async Task RequireHoldsAsync(SingleNode node, params string[] more)
    {
        JsonObject report = Result(await RunAsync(["verify", "--config", node.ConfigurationPath, .. more]));
        Assert.True(report["holds"]!.GetValue<bool>());
        Assert.Null(report["firstDifference"]);
    }

    private static string[] Tables(string data) =>
        Directory.GetFiles(Path.Combine(data, "ledger"), "*.sst");

    private static IEnumerable<string> Checkpoints(SingleNode node) =>
        Directory.EnumerateFileSystemEntries(Path.Combine(node.DataFolder, "checkpoints"));

    private static JsonObject Result((int Exit, string Output, string Error) run)
    {
        Assert.True(run.Exit == 0, $"exit {run.Exit}. {run.Error}\n{run.Output}");
        string last = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonNode.Parse(last)!["result"]!.AsObject();
    }

    private static string Code((int Exit, string Output, string Error) run)
    {
        Assert.NotEqual(0, run.Exit);
        return run.Error.Split(": ")[1];
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(NodeProcess.Assembly);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
