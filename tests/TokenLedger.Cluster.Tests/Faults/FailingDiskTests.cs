// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Chaos;
using TokenLedger.Testing;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A disk that fails a call under a running node, once and for all: the process stops, and says so. It does
/// not try again, for nobody knows what a failed sync left behind.
/// </summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class FailingDiskTests : IDisposable
{
    private const int Storage = 5;

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("sync", "/data/consensus/")]
    [InlineData("sync", "/data/ledger/")]
    [InlineData("write", "/data/consensus/")]
    [InlineData("write", "/data/ledger/")]
    public async Task Run_CallFails_StopsTheProcessAndLosesNothing(string call, string path)
    {
        string library = Repository.PathOf(".artifacts", "native", "failing_disk.so");
        Assert.True(File.Exists(library), "Run tests/TokenLedger.Cluster.Tests/Faults/prepare.sh first.");
        using var node = new SingleNode(_temporary, "one");
        string trigger = node.Beside("trigger");
        node.Environment["LD_PRELOAD"] = library;
        node.Environment["TL_FAULT_TRIGGER"] = trigger;
        node.Environment["TL_FAULT_CALL"] = call;
        node.Environment["TL_FAULT_PATH"] = path;
        ulong height = await node.StartAsync();

        File.WriteAllText(trigger, "");
        await node.RequireEndsAsync("STORAGE_IO", Storage);

        File.Delete(trigger);
        Assert.True(await node.StartAsync() > height);
        await node.StopAsync();
    }
}
