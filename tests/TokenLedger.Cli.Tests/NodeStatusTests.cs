// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Tests;

public sealed class NodeStatusTests
{
    [Fact]
    public async Task Status_AllWell_IsGoldenJson()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal(0, result.Exit);
        JsonObject json = result.Json.AsObject();
        Assert.Equal(["validators", "quorum", "finalizing"], json.Select(m => m.Key).Take(3));
        JsonArray validators = json["validators"]!.AsArray();
        Assert.Equal(4, validators.Count);
        Assert.Equal(
            ["name", "reachable", "height", "stateRoot", "lag"], validators[0]!.AsObject().Select(m => m.Key)
                .Take(5));
        Assert.Equal(new string('a', 64), (string)validators[0]!["stateRoot"]!);
        Assert.Equal(0, (int)validators[0]!["lag"]!);
        Assert.Equal(3, (int)validators[3]!["lag"]!);
        Assert.Equal(3, (int)json["quorum"]!);
        Assert.True((bool)json["finalizing"]!);
        Assert.Equal(1, (int)json["margin"]!);
    }

    [Fact]
    public async Task Status_Table_FitsEightyColumns()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);

        CliResult result = await tl.RunAsync("node", "status");

        Assert.Equal(0, result.Exit);
        Assert.Contains("3 of 4; margin 1", result.Out, StringComparison.Ordinal);
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Status_OneDown_IsStillExit0AndWarns()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);
        tl.WriteContext();
        await tl.KillAsync(1);

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");
        CliResult table = await tl.RunAsync("node", "status");

        Assert.Equal(0, result.Exit);
        Assert.Equal(
            [true, false, true, true], result.Json["validators"]!.AsArray()
                .Select(v => (bool)v!["reachable"]!));
        Assert.Contains("warning", table.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_TwoJustDown_SaysThatTooFewAnswer()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);
        tl.WriteContext();
        await tl.KillAsync(0);
        await tl.KillAsync(1);

        CliResult result = await tl.RunAsync("node", "status");

        Assert.Contains("margin -1", result.Out, StringComparison.Ordinal);
        Assert.Contains("fewer validators answer than a quorum", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NothingFinal_IsExit1AndSaysStale()
    {
        await using CliHarness tl = await StartAsync(finalizing: false);
        tl.WriteContext();
        await tl.KillAsync(0);
        await tl.KillAsync(1);

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal(1, result.Exit);
        Assert.False((bool)result.Json["finalizing"]!);
        Assert.Equal("NOT_FINALIZING", result.ErrorCode);
        Assert.Contains("stale", result.Error, StringComparison.Ordinal);
        Assert.Contains("Start validator-1, validator-2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AllAnswerAndNothingFinal_PointsToTheLeader()
    {
        await using CliHarness tl = await StartAsync(finalizing: false);

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal((1, "NOT_FINALIZING"), (result.Exit, result.ErrorCode));
        Assert.Contains("the log of validator-2", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NobodyAnswers_ListsTheEndpoints()
    {
        await using CliHarness tl = await CliHarness.StartAsync(nodes: 0);
        tl.WriteContext(new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal(1, result.Exit);
        Assert.Equal(2, result.Json["validators"]!.AsArray().Count);
        Assert.Null(result.Json["validators"]![0]!["height"]);
        Assert.Contains("No validator answers.", result.Error, StringComparison.Ordinal);
        Assert.Contains("tl context show", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("needed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AskedWithTlsWhereThereIsNone_SaysWhyItDoesNotAnswer()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);
        string node = $"https://127.0.0.1:{tl.Nodes[0].Address.Port}";

        CliResult result = await tl.RunAsync("node", "status", "--endpoint", node);

        Assert.Equal(1, result.Exit);
        string said = string.Join(
            ' ', result.Error.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        string why = said[said.IndexOf("why:", StringComparison.Ordinal)..];
        Assert.Contains("No validator answers.", why, StringComparison.Ordinal);
        Assert.Contains(node, why, StringComparison.Ordinal);
        Assert.Contains("does not speak TLS", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_RootsDiffer_IsExit9()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);
        tl.Nodes[1].Status!.StateRoot = Root(0xbb);

        CliResult result = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal(9, result.Exit);
        Assert.Equal("STATE_DIVERGED", result.ErrorCode);
    }

    [Fact]
    public async Task Status_OneEndpoint_TakesItsWordForTheOthers()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);

        CliResult result = await tl.RunAsync(
            "node", "status", "-o", "json", "--endpoint", tl.Nodes[2].Address.ToString());

        Assert.Equal(0, result.Exit);
        Assert.All(result.Json["validators"]!.AsArray(), v => Assert.True((bool)v!["reachable"]!));
    }

    [Fact]
    public async Task Status_OneInQuarantine_SaysSoAndWhy()
    {
        await using CliHarness tl = await StartAsync(finalizing: true);
        tl.Nodes[3].Status!.Quarantine = "This validator is in quarantine: its signer guard is missing.";

        CliResult table = await tl.RunAsync("node", "status");
        CliResult json = await tl.RunAsync("node", "status", "-o", "json");

        Assert.Equal(0, table.Exit);
        Assert.Contains("guard is missing", table.Error, StringComparison.Ordinal);
        Assert.Null(json.Json["validators"]![0]!["quarantine"]);
        Assert.Contains(
            "guard is missing", (string)json.Json["validators"]![3]!["quarantine"]!,
            StringComparison.Ordinal);
    }

    private static async Task<CliHarness> StartAsync(bool finalizing)
    {
        CliHarness tl = await CliHarness.StartAsync(nodes: 4);
        ulong[] heights = [100, 100, 100, 97];
        for (int i = 0; i < 4; i++)
        {
            var status = new GetNodeStatusResponse
            {
                Name = tl.Nodes[i].Name,
                Height = heights[i],
                StateRoot = Root((byte)(heights[i] == 100 ? 0xaa : 0xcc)),
                View = 120,
                Quorum = 3,
                Finalizing = finalizing,
                Leader = "validator-2",
            };
            status.Validators.AddRange(
                tl.Nodes.Select(n => new ValidatorStatus { Name = n.Name, Reachable = true }));
            tl.Nodes[i].Status = status;
        }

        return tl;
    }

    private static ByteString Root(byte value) => ByteString.CopyFrom([.. Enumerable.Repeat(value, 32)]);
}
