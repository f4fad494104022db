// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace TokenLedger.Maintenance;

/// <summary>
/// A place for one checkpoint in a node's data directory, where hard links make it cheap. It is deleted with
/// this object; what a killed process left is deleted by the next one. Whoever holds the lock beside it is
/// alive.
/// </summary>
public sealed class CheckpointFolder : IDisposable
{
    private const string Parent = "checkpoints";
    private const string LockSuffix = ".lock";

    private readonly FileStream _lock;

    private CheckpointFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Where the checkpoint goes: a directory that does not exist.</summary>
    public string Path { get; }

    /// <summary>Makes a place, and removes those that nobody holds any more.</summary>
    public static CheckpointFolder Create(string dataDirectory)
    {
        string parent = System.IO.Path.Combine(dataDirectory, Parent);
        OwnFolder.Create(parent);
        RemoveAbandoned(parent);
        string path = System.IO.Path.Combine(parent, RandomNumberGenerator.GetHexString(32, lowercase: true));
        return new CheckpointFolder(
            path, new FileStream(path + LockSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None));
    }

    /// <summary>Deletes the checkpoint.</summary>
    public void Dispose()
    {
        Delete(Path);
        File.Delete(Path + LockSuffix);
        _lock.Dispose();
    }

    private static void RemoveAbandoned(string parent)
    {
        foreach (string file in Directory.EnumerateFiles(parent, "*" + LockSuffix))
        {
            try
            {
                using var held = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None);
                Delete(file[..^LockSuffix.Length]);
                File.Delete(file);
            }
            catch (IOException)
            {
                // Somebody holds it.
            }
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
