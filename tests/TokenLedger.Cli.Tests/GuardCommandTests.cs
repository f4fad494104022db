// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Cli.Tests;

public sealed class GuardCommandTests
{
    private const string Here = "node/vote.guard";
    private const string There = "other/vote.guard";

    private static readonly Hash256 Genesis = Hashing.Hash(DomainTag.Genesis, [1]);
    private static readonly Address Key = new([.. Enumerable.Repeat((byte)0x11, 20)]);

    [Fact]
    public async Task ExportAndImport_MovesTheKeyAndLeavesTheFirstInQuarantine()
    {
        await using CliHarness tl = await CliHarness.StartAsync(0);
        Put(tl, Here, 50);
        CliResult exported = await tl.RunBareAsync(
            "node", "guard", "export", Here, "--out", "g.json", "-o", "json");
        Assert.Equal(0, exported.Exit);
        Assert.Equal(50, (int)exported.Json["view"]!);
        Assert.Equal(GuardDoubt.Ordered, State(tl, Here).Doubt);

        // Into nothing, into one that is behind, and into one that is ahead: the higher figure counts.
        foreach ((ulong? before, ulong after) in new (ulong?, ulong)[] { (null, 50), (20, 50), (70, 70) })
        {
            string other = Path.Combine(tl.Folder, There);
            Directory.CreateDirectory(Path.GetDirectoryName(other)!);
            File.Delete(other);
            if (before is { } view)
            {
                Put(tl, There, view, GuardDoubt.Ordered);
            }

            Assert.Equal(0, (await tl.RunBareAsync(
                "node", "guard", "import", There, "--from", "g.json")).Exit);
            Assert.Equal(new View(after), State(tl, There).Watermark.View);
            Assert.Equal(GuardDoubt.None, State(tl, There).Doubt);
        }

        // What was left behind is no source of a second export.
        await tl.RunBareAsync("node", "guard", "export", Here, "--out", "again.json");
        CliResult second = await tl.RunBareAsync(
            "node", "guard", "import", There, "--from", "again.json", "-o", "json");
        Assert.Equal((9, "GUARD_EXPORT_INVALID"), (second.Exit, second.ErrorCode));
    }

    [Fact]
    public async Task Quarantine_ThenShow_SaysThatNothingIsSigned()
    {
        await using CliHarness tl = await CliHarness.StartAsync(0);
        Put(tl, Here, 50);
        CliResult before = await tl.RunBareAsync("node", "guard", "show", Here);
        Assert.Contains("yes", before.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await tl.RunBareAsync("node", "guard", "quarantine", Here)).Exit);
        CliResult after = await tl.RunBareAsync("node", "guard", "show", Here);
        Assert.Contains("NO: quarantine", after.Out, StringComparison.Ordinal);
        Assert.Equal(new View(50), State(tl, Here).Watermark.View);
    }

    [Theory]
    [InlineData("GUARD_MISSING", 3)]
    [InlineData("GUARD_CORRUPT", 9)]
    [InlineData("GUARD_IN_USE", 6)]
    public async Task Show_WhatCannotBeRead_HasItsExitCode(string code, int exit)
    {
        await using CliHarness tl = await CliHarness.StartAsync(0);
        string path = Path.Combine(tl.Folder, Here);
        GuardFile? holder = null;
        if (code == "GUARD_CORRUPT")
        {
            Put(tl, Here, 5);
            byte[] bytes = File.ReadAllBytes(path);
            bytes[60] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
        else if (code == "GUARD_IN_USE")
        {
            Put(tl, Here, 5);
            holder = GuardFile.Open(path);
        }

        using (holder)
        {
            CliResult result = await tl.RunBareAsync("node", "guard", "show", Here, "-o", "json");
            Assert.Equal((exit, code), (result.Exit, result.ErrorCode));
        }
    }

    [Theory]
    [InlineData("format", "other")]
    [InlineData("doubt", "Ordered")]
    [InlineData("genesisHash", "zz")]
    public async Task Import_ChangedExport_IsRefusedAndChangesNothing(string key, string value)
    {
        await using CliHarness tl = await CliHarness.StartAsync(0);
        Put(tl, Here, 50);
        Put(tl, There, 20);
        await tl.RunBareAsync("node", "guard", "export", Here, "--out", "g.json");
        string path = Path.Combine(tl.Folder, "g.json");
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        json[key] = value;
        await File.WriteAllTextAsync(path, json.ToJsonString());
        Assert.Equal(9, (await tl.RunBareAsync("node", "guard", "import", There, "--from", "g.json")).Exit);
        Assert.Equal(new View(20), State(tl, There).Watermark.View);
    }

    [Fact]
    public async Task Import_OfAnotherKey_IsRefused()
    {
        await using CliHarness tl = await CliHarness.StartAsync(0);
        Put(tl, Here, 50);
        Put(tl, There, 20, key: default(Address));
        await tl.RunBareAsync("node", "guard", "export", Here, "--out", "g.json");
        CliResult result = await tl.RunBareAsync(
            "node", "guard", "import", There, "--from", "g.json", "-o", "json");
        Assert.Equal((9, "GUARD_OF_ANOTHER_KEY"), (result.Exit, result.ErrorCode));
    }

    private static void Put(
        CliHarness tl, string file, ulong view, GuardDoubt doubt = GuardDoubt.None, Address? key = null)
    {
        string path = Path.Combine(tl.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        GuardState state = GuardState.Initial(Genesis, key ?? Key) with
        {
            Doubt = doubt,
            Watermark = GuardPosition.EndOf(new Epoch(0), new View(view)),
        };
        File.WriteAllBytes(path, GuardFile.Image(state.Encode()));
    }

    private static GuardState State(CliHarness tl, string file)
    {
        using GuardFile guard = GuardFile.Open(Path.Combine(tl.Folder, file));
        return GuardState.Decode(guard.Read());
    }
}
