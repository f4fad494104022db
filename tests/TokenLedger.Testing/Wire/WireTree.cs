// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.Reflection;

namespace TokenLedger.Testing.Wire;

/// <summary>One field as it stands in the bytes, with the liberties that an encoder could take.</summary>
public sealed class WireField
{
    public int Number { get; set; }

    /// <summary>0 for a varint, 2 for bytes, text and messages.</summary>
    public int WireType { get; set; }

    public ulong Varint { get; set; }

    public byte[] Bytes { get; set; } = [];

    /// <summary>The embedded message; null for bytes and text.</summary>
    public WireMessage? Message { get; set; }

    /// <summary>What the schema says of it; null for an unknown field.</summary>
    public FieldDescriptor? Descriptor { get; set; }

    /// <summary>Bytes without meaning that lengthen the tag.</summary>
    public int TagPadding { get; set; }

    /// <summary>Bytes without meaning that lengthen the varint, or the length.</summary>
    public int ValuePadding { get; set; }
}

/// <summary>
/// A protobuf message taken apart into its fields, so that a test can change one thing and put it together
/// again.
/// </summary>
public sealed class WireMessage(MessageDescriptor descriptor)
{
    public MessageDescriptor Descriptor { get; } = descriptor;

    public List<WireField> Fields { get; } = [];

    public static WireMessage Parse(MessageDescriptor descriptor, ReadOnlySpan<byte> bytes)
    {
        var message = new WireMessage(descriptor);
        while (!bytes.IsEmpty)
        {
            ulong tag = ReadVarint(ref bytes);
            var field = new WireField { Number = (int)(tag >> 3), WireType = (int)(tag & 7) };
            field.Descriptor = descriptor.FindFieldByNumber(field.Number);
            field.Varint = ReadVarint(ref bytes);
            if (field.WireType == 2)
            {
                field.Bytes = bytes[..(int)field.Varint].ToArray();
                bytes = bytes[(int)field.Varint..];
                field.Message = field.Descriptor is { FieldType: FieldType.Message } known
                    ? Parse(known.MessageType, field.Bytes)
                    : null;
            }

            message.Fields.Add(field);
        }

        return message;
    }

    /// <summary>This message and all in it, each with the path that a failure shows.</summary>
    public IEnumerable<(string Path, WireMessage Message)> All(string path = "Transaction")
    {
        yield return (path, this);
        foreach (WireField field in Fields)
        {
            if (field.Message is not null)
            {
                foreach ((string, WireMessage) inner in field.Message.All($"{path}.{field.Descriptor!.Name}"))
                {
                    yield return inner;
                }
            }
        }
    }

    public byte[] Encode()
    {
        var bytes = new List<byte>();
        foreach (WireField field in Fields)
        {
            WriteVarint(bytes, ((ulong)field.Number << 3) | (uint)field.WireType, field.TagPadding);
            if (field.WireType == 2)
            {
                byte[] content = field.Message?.Encode() ?? field.Bytes;
                WriteVarint(bytes, (ulong)content.Length, field.ValuePadding);
                bytes.AddRange(content);
            }
            else
            {
                WriteVarint(bytes, field.Varint, field.ValuePadding);
            }
        }

        return [.. bytes];
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void WriteVarint(List<byte> bytes, ulong value, int padding)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)((value & 0x7F) | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)(value | (padding > 0 ? 0x80u : 0)));
        for (; padding > 0; padding--)
        {
            bytes.Add((byte)(padding > 1 ? 0x80 : 0));
        }
    }
}
