// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;

namespace TokenLedger.Storage.RocksDb;

/// <summary>Finds the system's librocksdb.</summary>
internal static class RocksLibrary
{
    /// <summary>The name that <see cref="Native"/> imports from.</summary>
    public const string Name = "rocksdb";

    // The C API used here is the same in all of them. 7.8 is Debian 12's and the one that tests run against.
    private static readonly string[] Files =
    [
        "librocksdb.so.7.8", "librocksdb.so.7.9", "librocksdb.so.7.10",
        .. Enumerable.Range(0, 12).Select(minor => $"librocksdb.so.8.{minor}"),
        .. Enumerable.Range(0, 12).Select(minor => $"librocksdb.so.9.{minor}"),
        .. Enumerable.Range(0, 12).Select(minor => $"librocksdb.so.10.{minor}"),
        "librocksdb.so.10", "librocksdb.so",
    ];

    static RocksLibrary() => NativeLibrary.SetDllImportResolver(typeof(RocksLibrary).Assembly, Resolve);

    /// <summary>Requires that the library can be loaded. Called before anything native.</summary>
    /// <exception cref="StorageFault">It is not installed.</exception>
    public static void Require()
    {
        if (Load(Files) == 0)
        {
            throw NotFound();
        }
    }

    /// <summary>The first of the files that loads; 0 when none does.</summary>
    public static nint Load(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }

    public static StorageFault NotFound() => new(
        StorageFaultKind.Library,
        StorageScope.Process,
        "librocksdb is not installed. Run: apt-get install librocksdb7.8 (Debian 12), or install your"
            + " distribution's librocksdb, version 7.8 or later.");

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Name ? Load(Files) : 0;
}
