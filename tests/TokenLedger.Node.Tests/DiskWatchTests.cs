// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using TokenLedger.Core;
using TokenLedger.Node.Operations;
using TokenLedger.Storage;

namespace TokenLedger.Node.Tests;

/// <summary>What the node does about the room that is left.</summary>
public sealed class DiskWatchTests
{
    private const long MiB = 1024 * 1024;
    private const long GiB = 1024 * MiB;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(100 * GiB, 5 * GiB, GiB)]
    [InlineData(200 * MiB, 48 * MiB, 32 * MiB)]
    [InlineData(10_000 * GiB, 16 * GiB, 4 * GiB)]
    public void Room_OfADevice_IsFiveAndOnePercentWithinBounds(long total, long refuse, long stop)
    {
        var room = new DiskRoom(0, total);
        Assert.InRange(room.RefuseBelow, refuse - MiB, refuse);
        Assert.InRange(room.StopBelow, stop - MiB, stop);
        Assert.False(new DiskRoom(room.RefuseBelow, total).IsLow);
        Assert.True(new DiskRoom(room.RefuseBelow - 1, total).IsLow);
        Assert.False(new DiskRoom(room.StopBelow, total).IsFull);
        Assert.True(new DiskRoom(room.StopBelow - 1, total).IsFull);
    }

    [Fact]
    public async Task Watch_RoomGoesAndComes_RefusesAndTakesAgain()
    {
        using var said = new BlockingCollection<object?>();
        long free = 10 * GiB;
        await using var watch = new DiskWatch(
            "/data", _ => new DiskRoom(Volatile.Read(ref free), 100 * GiB), said.Add, said.Add,
            TimeProvider.System);

        Volatile.Write(ref free, 4 * GiB);
        var refusal = Assert.IsType<Rejection>(Take(said));
        Assert.Equal(RejectionCode.Unavailable, refusal.Code);
        Assert.Contains("4096 MiB are free", refusal.Detail, StringComparison.Ordinal);
        Volatile.Write(ref free, 10 * GiB);
        Assert.Null(Take(said));
        Volatile.Write(ref free, GiB / 2);
        Assert.Equal(StorageFaultKind.Full, Assert.IsType<StorageFault>(Take(said)).Kind);
    }

    /// <summary>A folder that cannot be looked at stops the node: a disk that nobody watches fills
    /// up.</summary>
    [Fact]
    public async Task Watch_LookFails_StopsTheNodeWithAReport()
    {
        using var said = new BlockingCollection<object?>();
        await using var watch = new DiskWatch(
            "/data", _ => throw new InvalidOperationException("no such device"), said.Add, said.Add,
            TimeProvider.System);

        var fault = Assert.IsType<StorageFault>(Take(said));
        Assert.Equal(StorageFaultKind.IO, fault.Kind);
        Assert.Contains("free space cannot be read", fault.Message, StringComparison.Ordinal);
    }

    private static object? Take(BlockingCollection<object?> said)
    {
        Assert.True(said.TryTake(out object? item, Patience));
        return item;
    }
}
