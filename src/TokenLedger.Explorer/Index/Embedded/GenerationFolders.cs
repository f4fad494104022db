// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Crypto.Native;
using TokenLedger.Storage;
using TokenLedger.Storage.RocksDb;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>
/// The embedded index's generations in a data folder: index-N is one that is whole, building one that is not
/// yet, and the file live has the number of the one that is read, 1 when there is no such file.
/// </summary>
/// <param name="dataFolder">The folder.</param>
internal sealed class GenerationFolders(string dataFolder)
{
    private const string Prefix = "index-";
    private const int MaxLiveBytes = 16;

    private string LivePath => Path.Combine(dataFolder, "live");

    private string BuildingPath => Path.Combine(dataFolder, "building");

    /// <summary>The number of the generation that is read.</summary>
    /// <exception cref="StorageFault">The file that names it is damaged.</exception>
    public int Live()
    {
        string text;
        try
        {
            using FileStream stream = File.OpenRead(LivePath);
            byte[] bytes = new byte[MaxLiveBytes];
            text = System.Text.Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(
                bytes, MaxLiveBytes, throwOnEndOfStream: false)).TrimEnd('\n');
        }
        catch (FileNotFoundException)
        {
            return 1;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0
                ? number
                : throw new StorageFault(
                    StorageFaultKind.Corrupt, StorageScope.Process,
                    $"{LivePath} does not name a generation of the index. Write the number of one of the"
                        + $" folders {Prefix}N into it.");
    }

    /// <summary>The whole generations, ascending.</summary>
    public IReadOnlyList<int> All() => !Directory.Exists(dataFolder) ? [] :
    [
        .. Directory.EnumerateDirectories(dataFolder, Prefix + "*")
            .Select(static folder => int.TryParse(
                Path.GetFileName(folder.AsSpan())[Prefix.Length..], NumberStyles.None,
                CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(static number => number > 0).Order(),
    ];

    /// <summary>Opens a whole generation; the first one is made.</summary>
    public EmbeddedIndexStore Open(int number, in Hash256 genesisHash) =>
        OpenFolder(PathOf(number), genesisHash);

    /// <summary>Opens the one that is being built, begun or gone on with.</summary>
    public EmbeddedIndexStore OpenBuilding(in Hash256 genesisHash) =>
        OpenFolder(BuildingPath, genesisHash);

    /// <summary>Makes what was built a whole generation and the one that is read. It must be
    /// closed.</summary>
    /// <returns>Its number.</returns>
    public int Switch()
    {
        int number = All().Append(Live()).Max() + 1;
        Directory.Move(BuildingPath, PathOf(number));
        DirectorySync.Flush(dataFolder);
        SetLive(number);
        return number;
    }

    /// <summary>Makes a whole generation the one that is read.</summary>
    public void SetLive(int number)
    {
        string partial = LivePath + ".partial";
        using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(
                number.ToString(CultureInfo.InvariantCulture) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, LivePath, overwrite: true);
        DirectorySync.Flush(dataFolder);
    }

    /// <summary>Removes a whole generation.</summary>
    /// <exception cref="StorageFault">A process still reads it (Locked).</exception>
    public async Task RemoveAsync(int number, Hash256 genesisHash)
    {
        try
        {
            await Open(number, genesisHash).DisposeAsync().ConfigureAwait(false);
        }
        catch (StorageFault fault) when (fault.Kind is StorageFaultKind.Version or StorageFaultKind.Corrupt)
        {
            // Nobody has it open, and nobody can read it: one more reason for it to go.
        }

        Directory.Delete(PathOf(number), recursive: true);
    }

    private string PathOf(int number) =>
        Path.Combine(dataFolder, Prefix + number.ToString(CultureInfo.InvariantCulture));

    private static EmbeddedIndexStore OpenFolder(string folder, in Hash256 genesisHash) =>
        EmbeddedIndexStore.Open(
            RocksKeyValueStore.Open(folder, IndexFormat.Families, RocksOptions.Ledger), genesisHash);
}
