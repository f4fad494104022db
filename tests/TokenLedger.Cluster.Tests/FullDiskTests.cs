// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>A full disk stops a node in order, loses nothing, and is over once there is room.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class FullDiskTests(ITestOutputHelper output) : IDisposable
{
    private const int Storage = 5;

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public Task Run_DiskBecomesFull_StopsWithItsCodeAndGoesOnOnceThereIsRoom() => OnSmallDiskAsync(
        async (node, filler) =>
        {
            ulong height = await node.StartAsync();
            Fill(filler, leave: 16 * 1024 * 1024);
            await node.RequireEndsAsync("STORAGE_FULL", Storage);
            Fill(filler, leave: 0);
            await node.RequireFailsAsync("STORAGE_FULL", Storage);

            File.Delete(filler);
            Assert.True(await node.StartAsync() > height);
            await node.StopAsync();
        });

    [Fact]
    public Task Run_DiskIsNearlyFull_RefusesTransactionsAndGoesOn() => OnSmallDiskAsync(
        async (node, filler) =>
        {
            await node.StartAsync();
            using var client = LedgerClient.Connect(new Uri($"http://127.0.0.1:{node.Port(2)}"));
            Assert.NotEqual("UNAVAILABLE", await SubmitAsync(client));

            Fill(filler, leave: 40 * 1024 * 1024);
            await Deadline.UntilAsync(
                "it refuses", SingleNode.ExitWithin, async () => await SubmitAsync(client) == "UNAVAILABLE");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Port(3)}") };
            string ready = await http.GetStringAsync("/health/ready");
            Assert.Contains("nearly full", ready, StringComparison.Ordinal);
            string metrics = await http.GetStringAsync("/metrics");
            Assert.Contains("\ntokenledger_taking_transactions 0\n", metrics, StringComparison.Ordinal);
            ulong height = (await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest())).Height;
            await Deadline.UntilAsync("it still finalizes", SingleNode.ExitWithin, async () =>
                (await client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest())).Height > height);

            File.Delete(filler);
            await Deadline.UntilAsync(
                "it takes them again", SingleNode.ExitWithin,
                async () => await SubmitAsync(client) != "UNAVAILABLE");
            await node.StopAsync();
        });

    /// <summary>Another process takes all that is left before the node can look: its next write finds none,
    /// and the library may then abort the process. Nothing final may be lost by that.</summary>
    [Fact]
    public Task Run_DiskIsFullAtOnce_EndsAndGoesOnOnceThereIsRoom() => OnSmallDiskAsync(
        async (node, filler) =>
        {
            const int Times = 3;
            for (int i = 0; i < Times; i++)
            {
                ulong height = await node.StartAsync();
                Fill(filler, leave: 0);
                int code = await node.EndAsync();
                output.WriteLine($"exit {code} at height {height} or above");
                Assert.NotEqual(0, code);
                File.Delete(filler);
                Assert.True(await node.StartAsync() > height);
                await node.StopAsync();
            }
        });

    private async Task OnSmallDiskAsync(Func<SingleNode, string, Task> run)
    {
        using var node = new SingleNode(_temporary, "one");
        Directory.CreateDirectory(node.DataFolder);
        if (!Run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", node.DataFolder))
        {
            // Only root may mount a small device; the mapping of the status is tested with the storage then.
            Assert.NotEqual("root", Environment.UserName);
            return;
        }

        try
        {
            await run(node, Path.Combine(node.DataFolder, "filler"));
        }
        finally
        {
            node.Dispose();
            Assert.True(Run("umount", node.DataFolder));
        }
    }

    /// <summary>Why a transaction that can never be valid is refused: not looked at, or not
    /// canonical.</summary>
    private static async Task<string?> SubmitAsync(LedgerClient client)
    {
        var request = new SubmitTransactionRequest
        {
            Transaction = new SignedTransaction
            {
                Body = ByteString.CopyFrom(0xff),
                Signature = ByteString.CopyFrom(new byte[65]),
            },
        };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await client.Transactions.SubmitTransactionAsync(request));
        return ErrorModel.Read(refused)?.Reason;
    }

    /// <summary>Takes the room that is left, but for some bytes.</summary>
    private static void Fill(string path, long leave)
    {
        byte[] page = new byte[4096];
        var device = new DriveInfo(Path.GetDirectoryName(path)!);
        using var file = new FileStream(
            path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (device.AvailableFreeSpace > leave)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
