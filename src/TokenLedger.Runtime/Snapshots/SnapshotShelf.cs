// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Snapshots;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>
/// Makes snapshots on a thread of its own and keeps the newest for nodes that fetch them. Thread-safe.
/// </summary>
internal sealed class SnapshotShelf : ISnapshotTaker, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SnapshotOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<Exception> _fatal;
    private readonly CancellationTokenSource _stop = new();
    private ImmutableList<SnapshotFile> _files = [];
    private TaskCompletionSource<string>? _asked;

    /// <summary>Opens what an earlier process left, and removes what it did not finish.</summary>
    /// <param name="options">Where and when.</param>
    /// <param name="fatal">Gets a broken invariant.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="log">Tells of what was made, and of what could not be.</param>
    public SnapshotShelf(
        SnapshotOptions options, Action<Exception> fatal, TimeProvider time, ILogger log)
    {
        _options = options;
        _fatal = fatal;
        _time = time;
        _log = log;
        Directory.CreateDirectory(options.Folder);
        foreach (string path in Directory.EnumerateFiles(options.Folder))
        {
            if (!path.EndsWith(SnapshotFile.Extension, StringComparison.Ordinal))
            {
                File.Delete(path);
            }
        }

        foreach (string path in Directory.EnumerateFiles(options.Folder))
        {
            Keep(path);
        }
    }

    /// <summary>The snapshot under way, or the last one.</summary>
    public Task Making { get; private set; } = Task.CompletedTask;

    /// <summary>What is offered, the newest first.</summary>
    public ImmutableArray<SnapshotHead> Heads
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Select(file => file.Head)];
            }
        }
    }

    /// <summary>
    /// The chunk of a snapshot that starts there; null when it is not here, or rotted on the disk: whoever
    /// asked would hold this node for a liar.
    /// </summary>
    public byte[]? FindChunk(in Hash256 blockHash, in Hash256 start)
    {
        Hash256 hash = blockHash;
        SnapshotFile? found;
        lock (_gate)
        {
            found = _files.Find(file => file.Head.Header.Hash == hash);
        }

        try
        {
            // Not under the lock: the chain's thread takes it too, and must not wait for a disk.
            return found?.FindChunk(start) is { } chunk
                && StateChunk.Decode(chunk).Verify(found.Head.Header.StateRoot) ? chunk : null;
        }
        catch (CanonicalFormatException)
        {
            return null;
        }
        catch (ObjectDisposedException)
        {
            // A newer snapshot took its place just now.
            return null;
        }
    }

    /// <summary>Makes a snapshot of the next final block.</summary>
    /// <returns>The file, which is whole and stays until newer ones take its place.</returns>
    public Task<string> TakeNextAsync()
    {
        lock (_gate)
        {
            _asked ??= new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    public bool Wants(ulong heightBefore, ulong height)
    {
        ulong every = _options.EveryBlocks;
        lock (_gate)
        {
            bool due = every > 0 && heightBefore / every != height / every;
            return (due || _asked is not null) && Making.IsCompleted && !_stop.IsCancellationRequested;
        }
    }

    public void Take(SnapshotSource source)
    {
        lock (_gate)
        {
            TaskCompletionSource<string>? asked = _asked;
            _asked = null;
            Making = Task.Factory.StartNew(
                () => Make(source, asked), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    /// <summary>Ends what is under way. After it nothing here reads the ledger.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Making.Wait();
        lock (_gate)
        {
            _asked?.TrySetCanceled();
            _files.ForEach(static file => file.Dispose());
            _files = [];
        }

        _stop.Dispose();
    }

    private void Make(SnapshotSource source, TaskCompletionSource<string>? asked)
    {
        ulong height = source.Ledger.Head.Height.Value;
        long started = _time.GetTimestamp();
        try
        {
            using (source.Ledger)
            {
                RequireRoom(source.Tree.Count);
                string path = Path.Combine(_options.Folder, Name(height));
                SnapshotFile.Write(path, source.Head, SnapshotChunks.Of(
                    source.Ledger.StateEntries(), source.Tree, Scratch, _stop.Token));
                Keep(path);
                RuntimeLog.SnapshotMade(
                    _log, height, source.Tree.Count, _time.GetElapsedTime(started).TotalSeconds);
                asked?.TrySetResult(path);
            }
        }
        catch (OperationCanceledException)
        {
            asked?.TrySetCanceled();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room for a snapshot is no reason to stop: the ledger's writes tell when the disk is full.
            RuntimeLog.SnapshotFailed(_log, height, e.Message);
            asked?.TrySetException(e);
        }
#pragma warning disable CA1031 // Nobody awaits this: a state that is not its tree's must stop the node.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fatal(e);
            asked?.TrySetException(e);
        }
    }

    /// <summary>The ledger's own room is not for snapshots: a full disk stops the node.</summary>
    private void RequireRoom(int entries)
    {
        // Scratch and file: twice the state, of which an entry is about a hundred bytes.
        const long BytesPerEntry = 512;
        const long Spared = 256L * 1024 * 1024;
        if (new DriveInfo(_options.Folder).AvailableFreeSpace < Spared + (entries * BytesPerEntry))
        {
            throw new IOException("the disk has too little room for one");
        }
    }

    private static string Name(ulong height) =>
        height.ToString("D12", CultureInfo.InvariantCulture) + SnapshotFile.Extension;

    private FileStream Scratch() => new(
        Path.Combine(_options.Folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite,
        FileShare.None, 16 * 1024, FileOptions.DeleteOnClose);

    private void Keep(string path)
    {
        SnapshotFile file;
        try
        {
            file = SnapshotFile.Open(path);
        }
        catch (Exception e) when (e is IOException or CanonicalFormatException)
        {
            RuntimeLog.SnapshotUnreadable(_log, path, e.Message);
            File.Delete(path);
            return;
        }

        lock (_gate)
        {
            SnapshotFile[] all = [.. _files.Where(other => other.Path != path).Append(file)
                .OrderByDescending(f => f.Head.Header.Height.Value)];
            foreach (SnapshotFile old in _files.Where(other => other.Path == path)
                .Concat(all.Skip(Limits.SnapshotsKept)))
            {
                old.Dispose();
            }

            foreach (SnapshotFile old in all.Skip(Limits.SnapshotsKept))
            {
                File.Delete(old.Path);
            }

            _files = [.. all.Take(Limits.SnapshotsKept)];
        }
    }
}
