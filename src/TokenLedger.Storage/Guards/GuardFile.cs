// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using TokenLedger.Core;

namespace TokenLedger.Storage.Guards;

/// <summary>
/// A guard's file: two slots that are written in turn, so that a torn write leaves the other one whole, with
/// one sync for each. While it is open no other process has it.
/// </summary>
/// <remarks>
/// The file has 8,192 bytes from its creation on; a write touches one page and never the file's length. Each
/// slot has 4,096 bytes, integers big-endian:
/// <code>
/// offset  bytes
///      0      8  sequence, one more than in the other slot when this one was written
///      8      4  length n of the content
///     12      n  content (GuardState)
///   12+n     32  SHA-256 of everything before
///   44+n         zeros
/// </code>
/// The slot whose checksum holds and whose sequence is higher is the content. A slot that rots after its
/// write was synced looks like a torn one, and the slot before it counts: <see cref="IsDamaged"/> says so,
/// and whoever compares with the consensus record sees which of the two it is. The lease is a lock on
/// FILE.lock, which the system gives back however the process ends.
/// </remarks>
public sealed class GuardFile : IGuardFile
{
    /// <summary>Bytes of a slot: a page, the most that is written.</summary>
    public const int SlotBytes = 4_096;

    private const int HeaderBytes = 12;

    private readonly string _path;
    private readonly FileLease _lease;
    private SafeFileHandle? _file;
    private ulong _sequence;
    private int _current = 1;

    private GuardFile(string path, FileLease lease)
    {
        _path = path;
        _lease = lease;
    }

    /// <summary>Takes a guard's lease. The file need not exist: then <see cref="Read"/> says so.</summary>
    /// <exception cref="StorageFault">Another process has it (Locked), or it cannot be opened (IO).
    /// </exception>
    public static GuardFile Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        var lease = FileLease.Take(
            path + ".lock",
            $"The signer guard {path} is in use by another process. One key signs in one process: stop the"
                + " other, or this one.");
        var file = new GuardFile(path, lease);
        try
        {
            file.Load();
            return file;
        }
        catch (IOException e)
        {
            file.Dispose();
            throw Failed(path, e);
        }
    }

    /// <summary>The bytes of a new file, for whoever creates one by its own means.</summary>
    public static byte[] Image(ReadOnlySpan<byte> content)
    {
        byte[] image = new byte[2 * SlotBytes];
        Fill(image.AsSpan(0, SlotBytes), 1, content);
        return image;
    }

    /// <inheritdoc/>
    public bool IsDamaged { get; private set; }

    /// <inheritdoc/>
    public byte[]? Read()
    {
        if (_file is null)
        {
            return null;
        }

        try
        {
            byte[]? content = null;
            _sequence = 0;
            IsDamaged = false;
            byte[] slot = new byte[SlotBytes];
            for (int i = 0; i < 2; i++)
            {
                Array.Clear(slot);
                _ = RandomAccess.Read(_file, slot, i * SlotBytes);
                byte[]? whole = Parse(slot, out ulong sequence);
                IsDamaged |= whole is null && slot.AsSpan().ContainsAnyExcept((byte)0);
                if (whole is not null && sequence > _sequence)
                {
                    (_sequence, _current, content) = (sequence, i, whole);
                }
            }

            return content ?? [];
        }
        catch (IOException e)
        {
            throw Failed(_path, e);
        }
    }

    /// <inheritdoc/>
    public void Replace(ReadOnlySpan<byte> content)
    {
        try
        {
            _file ??= Create();
            int next = 1 - _current;
            byte[] slot = new byte[SlotBytes];
            Fill(slot, _sequence + 1, content);
            RandomAccess.Write(_file, slot, next * SlotBytes);
            RandomAccess.FlushToDisk(_file);
            (_sequence, _current) = (_sequence + 1, next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(_path, e);
        }
    }

    /// <summary>Closes the file and gives the lease back.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _lease.Dispose();
    }

    private void Load()
    {
        if (File.Exists(_path))
        {
            _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            _ = Read();
        }
    }

    /// <summary>
    /// Makes the file, with its whole length. That its name is durable is not awaited: a power loss may take
    /// it away, and a missing file is quarantine.
    /// </summary>
    private SafeFileHandle Create()
    {
        using (FileStream file = OwnFile.Open(_path, FileMode.CreateNew, FileShare.Read))
        {
            file.SetLength(2 * SlotBytes);
        }

        return File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    private static void Fill(Span<byte> slot, ulong sequence, ReadOnlySpan<byte> content)
    {
        Invariant.Require(
            content.Length <= SlotBytes - HeaderBytes - SHA256.HashSizeInBytes, "a guard fits its slot");
        BinaryPrimitives.WriteUInt64BigEndian(slot, sequence);
        BinaryPrimitives.WriteInt32BigEndian(slot[8..], content.Length);
        content.CopyTo(slot[HeaderBytes..]);
        int covered = HeaderBytes + content.Length;
        SHA256.HashData(slot[..covered], slot[covered..]);
    }

    /// <summary>The content of a slot; null when it is not whole.</summary>
    private static byte[]? Parse(ReadOnlySpan<byte> slot, out ulong sequence)
    {
        sequence = BinaryPrimitives.ReadUInt64BigEndian(slot);
        int length = BinaryPrimitives.ReadInt32BigEndian(slot[8..]);
        if (length < 0 || length > SlotBytes - HeaderBytes - SHA256.HashSizeInBytes)
        {
            return null;
        }

        int covered = HeaderBytes + length;
        return SHA256.HashData(slot[..covered]).AsSpan().SequenceEqual(
            slot.Slice(covered, SHA256.HashSizeInBytes))
            ? slot[HeaderBytes..covered].ToArray()
            : null;
    }

    private static StorageFault Failed(string path, Exception cause) => new(
        StorageFaultKind.IO,
        StorageScope.Process,
        $"The signer guard {path} cannot be read or written ({cause.Message}) Nothing is signed without it.",
        cause);
}
