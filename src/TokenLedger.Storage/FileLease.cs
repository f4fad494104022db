// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage;

/// <summary>
/// One process's hold on something: a lock on a file of its own, which the system gives back however the
/// process ends.
/// </summary>
public sealed class FileLease : IDisposable
{
    private const string DataLock = "node.lock";

    private readonly FileStream _file;

    private FileLease(FileStream file) => _file = file;

    /// <summary>Takes the lease on a node's data directory, which must be there.</summary>
    /// <exception cref="StorageFault">Another process has it (Locked).</exception>
    public static FileLease OfData(string dataDirectory) => Take(
        Path.Combine(dataDirectory, DataLock),
        $"The data directory {dataDirectory} is in use by another process. Stop that node, or give this one a"
            + " data directory of its own.");

    /// <summary>Takes a lease.</summary>
    /// <param name="path">The lock's file, made when it is not there.</param>
    /// <param name="refusal">What to say when another process has it.</param>
    /// <exception cref="StorageFault">Another process has it (Locked).</exception>
    public static FileLease Take(string path, string refusal)
    {
        try
        {
            return new FileLease(OwnFile.Open(path, FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StorageFault(
                StorageFaultKind.Locked, StorageScope.Process, $"{refusal} ({e.Message})", e);
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => _file.Dispose();
}
