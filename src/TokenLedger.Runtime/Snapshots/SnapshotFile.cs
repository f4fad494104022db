// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Snapshots;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>
/// A snapshot on disk: eight bytes "TLSNAP01"; the head and then each chunk in canonical form, each after its
/// length in four bytes, big-endian; chunks follow each other from the start of the key space to its end,
/// where the file ends. It holds nothing that is believed: the head is verified by its certificate, each
/// chunk by its proof.
/// </summary>
/// <remarks>Thread-safe for reading. Deleting the file does not disturb those who read it.</remarks>
internal sealed class SnapshotFile : IDisposable
{
    /// <summary>What the names end with.</summary>
    public const string Extension = ".snapshot";

    private static ReadOnlySpan<byte> Magic => "TLSNAP01"u8;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<Hash256, (long Offset, int Length)> _chunks;

    private SnapshotFile(
        string path, SafeFileHandle file, SnapshotHead head,
        Dictionary<Hash256, (long Offset, int Length)> chunks)
    {
        Path = path;
        _file = file;
        Head = head;
        _chunks = chunks;
    }

    public string Path { get; }

    /// <summary>What it says of itself; not verified here.</summary>
    public SnapshotHead Head { get; }

    public int ChunkCount => _chunks.Count;

    /// <summary>Writes a snapshot, synced, under a name that it has only when it is whole.</summary>
    public static void Write(string path, SnapshotHead head, IEnumerable<StateChunk> chunks)
    {
        string partial = path + ".partial";
        using (var stream = new FileStream(
            partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            stream.Write(Magic);
            Put(stream, head.Encode());
            foreach (StateChunk chunk in chunks)
            {
                Put(stream, chunk.Encode());
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Opens a snapshot and finds its chunks.</summary>
    /// <exception cref="CanonicalFormatException">It is not a whole snapshot.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SnapshotFile Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            Span<byte> magic = stackalloc byte[Magic.Length];
            if (RandomAccess.Read(file, magic, 0) != magic.Length || !magic.SequenceEqual(Magic))
            {
                throw new CanonicalFormatException("This is not a snapshot of a ledger's state.");
            }

            long offset = Magic.Length;
            SnapshotHead head = SnapshotHead.Decode(Take(file, ref offset, SnapshotHead.MaxBytes));
            return new SnapshotFile(path, file, head, Chunks(file, offset));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The canonical form of the chunk that starts there; null when none does.</summary>
    public byte[]? FindChunk(in Hash256 start)
    {
        if (!_chunks.TryGetValue(start, out (long Offset, int Length) place))
        {
            return null;
        }

        byte[] bytes = new byte[place.Length];
        return RandomAccess.Read(_file, bytes, place.Offset) == bytes.Length
            ? bytes
            : throw new CanonicalFormatException("The snapshot became shorter.");
    }

    /// <summary>The range of a chunk in canonical form, without the rest.</summary>
    public static KeyRange RangeOf(ReadOnlySpan<byte> chunk) => new(
        new Hash256(chunk[..Hash256.Size]), BinaryPrimitives.ReadUInt16BigEndian(chunk[Hash256.Size..]));

    public void Dispose() => _file.Dispose();

    private static Dictionary<Hash256, (long Offset, int Length)> Chunks(SafeFileHandle file, long offset)
    {
        const int PlaceBytes = Hash256.Size + 2;
        var chunks = new Dictionary<Hash256, (long Offset, int Length)>();
        Span<byte> place = stackalloc byte[PlaceBytes];
        Hash256? next = Hash256.Zero;
        while (next is { } start)
        {
            int length = LengthAt(file, offset, StateChunk.MaxBytes);
            if (length < PlaceBytes || RandomAccess.Read(file, place, offset + 4) != PlaceBytes)
            {
                throw new CanonicalFormatException("The snapshot ends in the middle.");
            }

            KeyRange range = RangeOf(place);
            if (range.Start != start || !range.IsAligned)
            {
                throw new CanonicalFormatException("The snapshot's chunks do not follow each other.");
            }

            chunks[start] = (offset + 4, length);
            offset += 4 + length;
            next = range.Next;
        }

        return RandomAccess.GetLength(file) == offset
            ? chunks
            : throw new CanonicalFormatException("The snapshot's length is not that of its chunks.");
    }

    private static int LengthAt(SafeFileHandle file, long offset, int most)
    {
        Span<byte> length = stackalloc byte[4];
        if (RandomAccess.Read(file, length, offset) != 4)
        {
            throw new CanonicalFormatException("The snapshot ends in the middle.");
        }

        uint found = BinaryPrimitives.ReadUInt32BigEndian(length);
        return found <= (uint)most
            ? (int)found
            : throw new CanonicalFormatException($"A part of {found} bytes is over its limit of {most}.");
    }

    private static byte[] Take(SafeFileHandle file, ref long offset, int most)
    {
        byte[] bytes = new byte[LengthAt(file, offset, most)];
        if (RandomAccess.Read(file, bytes, offset + 4) != bytes.Length)
        {
            throw new CanonicalFormatException("The snapshot ends in the middle.");
        }

        offset += 4 + bytes.Length;
        return bytes;
    }

    private static void Put(FileStream stream, byte[] part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        stream.Write(length);
        stream.Write(part);
    }
}
