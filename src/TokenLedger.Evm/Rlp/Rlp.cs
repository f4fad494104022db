// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;

namespace TokenLedger.Evm;

/// <summary>
/// Recursive length prefix (Ethereum's yellow paper, appendix B). Decoding takes only what encoding makes:
/// the shortest form of each length, and nothing after the item. Stateless.
/// </summary>
public static class Rlp
{
    private const byte ShortBytes = 0x80;
    private const byte ShortList = 0xC0;
    private const int LongestShort = 55;

    /// <summary>The bytes of an item.</summary>
    public static byte[] Encode(RlpItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var writer = new ArrayBufferWriter<byte>();
        Write(writer, item);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads one item, which takes all bytes.</summary>
    /// <exception cref="EvmFormatException">
    /// They are not the encoding of one item, or above what <see cref="EvmLimits"/> allows.
    /// </exception>
    public static RlpItem Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > EvmLimits.RlpBytes)
        {
            throw new EvmFormatException($"RLP of {bytes.Length} bytes is above {EvmLimits.RlpBytes}.");
        }

        int items = 0;
        RlpItem item = Read(ref bytes, 0, ref items);
        return bytes.IsEmpty ? item : throw new EvmFormatException("Bytes follow the item.");
    }

    private static void Write(ArrayBufferWriter<byte> writer, RlpItem item)
    {
        switch (item)
        {
            case RlpBytes { Value: [< ShortBytes] single }:
                writer.Write(single.AsSpan());
                break;
            case RlpBytes { Value: var bytes }:
                WriteHead(writer, ShortBytes, bytes.Length);
                writer.Write(bytes.AsSpan());
                break;
            case RlpList { Items: var items }:
                var content = new ArrayBufferWriter<byte>();
                foreach (RlpItem one in items)
                {
                    Write(content, one);
                }

                WriteHead(writer, ShortList, content.WrittenCount);
                writer.Write(content.WrittenSpan);
                break;
            default:
                throw new ArgumentException("An item is bytes or a list.", nameof(item));
        }
    }

    private static void WriteHead(ArrayBufferWriter<byte> writer, byte kind, int length)
    {
        if (length <= LongestShort)
        {
            writer.Write([(byte)(kind + length)]);
            return;
        }

        byte[] size = ((UInt256)(ulong)length).ToMinimalArray();
        writer.Write([(byte)(kind + LongestShort + size.Length)]);
        writer.Write(size);
    }

    private static RlpItem Read(ref ReadOnlySpan<byte> rest, int depth, ref int items)
    {
        if (++items > EvmLimits.RlpItems)
        {
            throw new EvmFormatException($"There are more than {EvmLimits.RlpItems} items.");
        }

        byte head = Take(ref rest, 1)[0];
        if (head < ShortBytes)
        {
            return new RlpBytes([head]);
        }

        if (head < ShortList)
        {
            ReadOnlySpan<byte> bytes = Take(ref rest, Length(ref rest, head - ShortBytes));
            return bytes is [< ShortBytes]
                ? throw new EvmFormatException("A single byte below 128 has a length.")
                : new RlpBytes([.. bytes]);
        }

        if (depth == EvmLimits.RlpDepth)
        {
            throw new EvmFormatException($"Lists are nested more than {EvmLimits.RlpDepth} deep.");
        }

        ReadOnlySpan<byte> content = Take(ref rest, Length(ref rest, head - ShortList));
        ImmutableArray<RlpItem>.Builder read = ImmutableArray.CreateBuilder<RlpItem>();
        while (!content.IsEmpty)
        {
            read.Add(Read(ref content, depth + 1, ref items));
        }

        return new RlpList(read.DrainToImmutable());
    }

    private static int Length(ref ReadOnlySpan<byte> rest, int told)
    {
        if (told <= LongestShort)
        {
            return told;
        }

        ReadOnlySpan<byte> size = Take(ref rest, told - LongestShort);
        if (size[0] == 0 || size.Length > sizeof(int))
        {
            throw new EvmFormatException("A length begins with a zero, or is longer than any message.");
        }

        ulong length = (ulong)new UInt256(size);
        return length is > LongestShort and <= EvmLimits.RlpBytes
            ? (int)length
            : throw new EvmFormatException(
                "A length is not in its shortest form, or longer than any message.");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        if (rest.Length < length)
        {
            throw new EvmFormatException("The bytes end within an item.");
        }

        ReadOnlySpan<byte> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
