// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Storage;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Has the node take no transactions while the device under its data is nearly full, and stop while there is
/// still room to stop in order: the database library may abort the whole process when the device has none
/// left.
/// </summary>
internal sealed class DiskWatch : IAsyncDisposable
{
    /// <summary>
    /// Between two looks this node alone cannot write what is left above; a look costs microseconds. Who else
    /// takes it all in that time makes the library fail a write, or abort: then nothing acknowledged is lost.
    /// </summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    /// <summary>Begins to watch a folder's device.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="look">Looks at its device.</param>
    /// <param name="onLow">Told why no transactions can be taken, and null when they can again.</param>
    /// <param name="onFull">Called at most once: full, or nobody knows.</param>
    /// <param name="time">Says when to look.</param>
    public DiskWatch(
        string folder,
        Func<string, DiskRoom> look,
        Action<Rejection?> onLow,
        Action<Exception> onFull,
        TimeProvider time) =>
        _watching = WatchAsync(folder, look, onLow, onFull, time, _stop.Token);

    /// <summary>Requires room for a start.</summary>
    /// <exception cref="StorageFault">Full.</exception>
    public static void RequireRoom(string folder)
    {
        DiskRoom room = DiskRoom.Of(folder);
        if (room.Free < Math.Max(Limits.DiskStartBytes, room.StopBelow))
        {
            throw Full(folder, room, Math.Max(Limits.DiskStartBytes, room.StopBelow));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async Task WatchAsync(
        string folder,
        Func<string, DiskRoom> look,
        Action<Rejection?> onLow,
        Action<Exception> onFull,
        TimeProvider time,
        CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        bool low = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                DiskRoom room = look(folder);
                if (room.IsFull)
                {
                    onFull(Full(folder, room, room.StopBelow));
                    return;
                }

                if (room.IsLow != low)
                {
                    low = room.IsLow;
                    onLow(low ? Low(room) : null);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
#pragma warning disable CA1031 // Nobody awaits this task: a disk that is not watched must stop the node.
        catch (Exception e)
#pragma warning restore CA1031
        {
            onFull(new StorageFault(
                StorageFaultKind.IO, StorageScope.Process, $"{folder}: its free space cannot be read.", e));
        }
    }

    private static Rejection Low(DiskRoom room) => new(
        RejectionCode.Unavailable,
        $"This node's disk is nearly full: {room.Free >> 20} MiB are free, and below"
            + $" {room.RefuseBelow >> 20} MiB it takes no transactions. Another node may.");

    private static StorageFault Full(string folder, DiskRoom room, long needed) => new(
        StorageFaultKind.Full,
        StorageScope.Process,
        $"{folder}: {room.Free >> 20} MiB are free and {needed >> 20} MiB are needed. Free space on"
            + " the device, then start the node again. Nothing that was acknowledged is lost.");
}
