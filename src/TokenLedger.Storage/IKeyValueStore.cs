// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage;

/// <summary>
/// An ordered key-value database with families, atomic batches and snapshots: what the typed stores need, no
/// more.
/// </summary>
/// <remarks>
/// Thread-safe. A failed write or read is fatal to the instance: nobody knows what reached the disk, so every
/// later call throws <see cref="StorageFault"/> and only a new open, which replays what is durable, tells.
/// </remarks>
public interface IKeyValueStore : IKeyValueReader, IDisposable
{
    /// <summary>Bytes on disk and in memory tables, roughly.</summary>
    long ApproximateBytes { get; }

    /// <summary>An empty batch for this store. The caller disposes it.</summary>
    IWriteBatch CreateBatch();

    /// <summary>
    /// Applies all of a batch or nothing. Batches become durable in the order of writing: when one is
    /// durable, all before it are.
    /// </summary>
    /// <param name="batch">Made by this store's <see cref="CreateBatch"/>. It is empty afterwards.</param>
    /// <param name="sync">True to return only when it would survive a loss of power; false when losing it in
    /// one is harmless. Either way it survives the end of the process.</param>
    /// <exception cref="StorageFault">The write failed; this instance is dead.</exception>
    void Write(IWriteBatch batch, bool sync);

    /// <summary>Makes all earlier writes durable.</summary>
    /// <exception cref="StorageFault">The sync failed; this instance is dead.</exception>
    void Sync();

    /// <summary>
    /// The database as it is now, unchanged by later writes. Short-lived: it keeps old versions alive.
    /// </summary>
    ISnapshot Snapshot();

    /// <summary>
    /// Writes a consistent copy that can be opened as a database of its own, cheaply (hard links where the
    /// file system allows).
    /// </summary>
    /// <param name="path">A directory that does not exist, on the same file system to be cheap.</param>
    /// <exception cref="StorageFault">The copy failed, or the path exists. Scope
    /// <see cref="StorageScope.Request"/>: this store itself is unharmed.</exception>
    void Checkpoint(string path);
}

/// <summary>Reads of one moment. Dispose it soon, and before its store.</summary>
public interface ISnapshot : IKeyValueReader, IDisposable
{
}

/// <summary>Changes that apply together, in order. Not thread-safe.</summary>
public interface IWriteBatch : IDisposable
{
    /// <summary>How many changes it holds.</summary>
    int Count { get; }

    /// <summary>Sets a key's value. Both are copied.</summary>
    void Put(Family family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes a key, which need not be there.</summary>
    void Delete(Family family, ReadOnlySpan<byte> key);

    /// <summary>Removes the keys with <paramref name="from"/> ≤ key &lt; <paramref name="to"/>.</summary>
    void DeleteRange(Family family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to);

    /// <summary>Forgets all changes, to be used again.</summary>
    void Clear();
}
