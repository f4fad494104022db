// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage;

/// <summary>Files that only their owner may read.</summary>
internal static class OwnFile
{
    /// <summary>Opens a file for reading and writing.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
