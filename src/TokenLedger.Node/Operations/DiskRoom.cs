// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Node.Operations;

/// <summary>How much room the device under a folder has, and what a node may still do with it.</summary>
/// <param name="Free">Bytes that this user may still take.</param>
/// <param name="Total">Bytes of the device.</param>
internal readonly record struct DiskRoom(long Free, long Total)
{
    /// <summary>Bytes below which no transaction is taken.</summary>
    public long RefuseBelow => Share(
        Limits.DiskRefusePercent, Limits.DiskRefuseFloorBytes, Limits.DiskRefuseCapBytes);

    /// <summary>Bytes below which the node stops.</summary>
    public long StopBelow => Share(
        Limits.DiskStopPercent, Limits.DiskStopFloorBytes, Limits.DiskStopCapBytes);

    /// <summary>Too little to take transactions.</summary>
    public bool IsLow => Free < RefuseBelow;

    /// <summary>Too little to go on.</summary>
    public bool IsFull => Free < StopBelow;

    /// <summary>Looks at a folder's device.</summary>
    public static DiskRoom Of(string folder)
    {
        var drive = new DriveInfo(folder);
        return new DiskRoom(drive.AvailableFreeSpace, drive.TotalSize);
    }

    private long Share(int percent, long floor, long cap) => Math.Clamp(Total / 100 * percent, floor, cap);
}
