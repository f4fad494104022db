// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Cluster.Tests;

/// <summary>A full disk stops a node in order, loses nothing, and is over once there is room.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class FullDiskTests : IDisposable
{
    private const int Storage = 5;

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Run_DiskBecomesFull_StopsWithItsCodeAndGoesOnOnceThereIsRoom()
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
            ulong height = await node.StartAsync();
            string filler = Path.Combine(node.DataFolder, "filler");
            Fill(filler, leave: 16 * 1024 * 1024);
            await node.RequireEndsAsync("STORAGE_FULL", Storage);
            Fill(filler, leave: 0);
            await node.RequireFailsAsync("STORAGE_FULL", Storage);

            File.Delete(filler);
            Assert.True(await node.StartAsync() > height);
            await node.StopAsync();
        }
        finally
        {
            node.Dispose();
            Assert.True(Run("umount", node.DataFolder));
        }
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
