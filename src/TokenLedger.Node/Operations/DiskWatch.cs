// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Storage;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Stops the node while there is still room to stop in order: the database library may abort the whole
/// process when the device under it has none left.
/// </summary>
internal sealed class DiskWatch : IAsyncDisposable
{
    /// <summary>Bytes that a start needs: it writes out the memory tables of both databases.</summary>
    private const long StartBytes = 96L * 1024 * 1024;

    /// <summary>Bytes below which a running node stops: several seconds of the fullest blocks.</summary>
    private const long RunBytes = 32L * 1024 * 1024;

    /// <summary>
    /// Between two looks this node alone cannot write what is left above; a look costs microseconds. Who else
    /// takes it all in that time makes the library fail a write, or abort: then nothing acknowledged is lost.
    /// </summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    /// <summary>
    /// Begins to watch a folder's device. <paramref name="onFull"/> is called at most once.
    /// </summary>
    public DiskWatch(string folder, Action<Exception> onFull, TimeProvider time) =>
        _watching = WatchAsync(folder, onFull, time, _stop.Token);

    /// <summary>Requires room for a start.</summary>
    /// <exception cref="StorageFault">Full.</exception>
    public static void RequireRoom(string folder)
    {
        if (FaultOf(folder, StartBytes) is { } fault)
        {
            throw fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async Task WatchAsync(
        string folder, Action<Exception> onFull, TimeProvider time, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                if (FaultOf(folder, RunBytes) is { } fault)
                {
                    onFull(fault);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be looked at is no place for a ledger.
            onFull(new StorageFault(
                StorageFaultKind.IO, StorageScope.Process, $"{folder}: its free space cannot be read.", e));
        }
    }

    private static StorageFault? FaultOf(string folder, long needed)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= needed
            ? null
            : new StorageFault(
                StorageFaultKind.Full,
                StorageScope.Process,
                $"{folder}: {free >> 20} MiB are free and {needed >> 20} MiB are needed. Free space on"
                + " the device, then start the node again. Nothing that was acknowledged is lost.");
    }
}
