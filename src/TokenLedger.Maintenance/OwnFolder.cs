// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Maintenance;

/// <summary>Folders and files that only their owner can read: a ledger names people.</summary>
internal static class OwnFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>True when something is at the path, and it is not an empty folder.</summary>
    public static bool IsTaken(string path) => File.Exists(path)
        || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Windows has no file modes that keep others out.");
        }

        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <exception cref="IOException">It is there already, or the disk failed.</exception>
    public static FileStream NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
