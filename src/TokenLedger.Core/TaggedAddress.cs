// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace TokenLedger.Core;

/// <summary>
/// An account and whom it keeps units for, in one text that cannot be copied in part: bech32m with the
/// prefix <c>pk</c>, over the version 0 and 28 bytes, the account's 20 and the tag's 8, big-endian. Any four
/// changed characters are found, and any change at all but for one in 2^30.
/// </summary>
/// <param name="Account">The receiving account; not zero.</param>
/// <param name="Tag">The receiver's own number; not 0, which is no tag.</param>
public readonly record struct TaggedAddress(Address Account, ulong Tag)
{
    /// <summary>Characters of the text.</summary>
    public const int TextLength = 3 + DataGroups + ChecksumGroups;

    private const string Prefix = "pk1";
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int PayloadBytes = Address.Size + 8;

    // The version, and the bytes' 224 bits with one of padding.
    private const int DataGroups = 1 + (((8 * PayloadBytes) + 4) / 5);
    private const int ChecksumGroups = 6;
    private const byte Version = 0;

    // What the checksum's polynomial leaves of a right text: bech32m's constant.
    private const uint Residue = 0x2bc830a3;

    private static ReadOnlySpan<uint> Generator =>
        [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>The one text in lower case; a code for scanners may hold it in upper case.</summary>
    public override string ToString()
    {
        Span<byte> groups = stackalloc byte[DataGroups + ChecksumGroups];
        Span<byte> payload = stackalloc byte[PayloadBytes];
        Account.CopyTo(payload);
        BinaryPrimitives.WriteUInt64BigEndian(payload[Address.Size..], Tag);
        groups[0] = Version;
        Spread(payload, groups[1..DataGroups]);
        uint checksum = Checksum(groups) ^ Residue;
        for (int i = 0; i < ChecksumGroups; i++)
        {
            groups[DataGroups + i] = (byte)((checksum >> (5 * (ChecksumGroups - 1 - i))) & 31);
        }

        Span<char> text = stackalloc char[TextLength];
        Prefix.CopyTo(text);
        for (int i = 0; i < groups.Length; i++)
        {
            text[Prefix.Length + i] = Alphabet[groups[i]];
        }

        return new string(text);
    }

    /// <summary>
    /// Reads the text, all in lower or all in upper case. Something comes out only for
    /// <see cref="TaggedText.Valid"/>. Pure and thread-safe.
    /// </summary>
    public static TaggedText TryParse(ReadOnlySpan<char> text, out TaggedAddress address)
    {
        address = default;
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return TaggedText.Other;
        }

        bool upper = text.ContainsAnyInRange('A', 'Z');
        if (text.Length != TextLength || (upper && text.ContainsAnyInRange('a', 'z')))
        {
            return TaggedText.Malformed;
        }

        Span<byte> groups = stackalloc byte[DataGroups + ChecksumGroups];
        for (int i = 0; i < groups.Length; i++)
        {
            char c = text[Prefix.Length + i];
            int group = Alphabet.IndexOf(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
            if (group < 0)
            {
                return TaggedText.Malformed;
            }

            groups[i] = (byte)group;
        }

        if (Checksum(groups) != Residue)
        {
            return TaggedText.WrongChecksum;
        }

        Span<byte> payload = stackalloc byte[PayloadBytes];
        if (groups[0] != Version || !TryGather(groups[1..DataGroups], payload))
        {
            return TaggedText.Unknown;
        }

        var read = new TaggedAddress(
            new Address(payload[..Address.Size]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[Address.Size..]));
        if (read.Account.IsZero || read.Tag == 0)
        {
            return TaggedText.Unknown;
        }

        address = read;
        return TaggedText.Valid;
    }

    /// <summary>Bytes as groups of five bits, the most significant first; zeros fill the last.</summary>
    private static void Spread(ReadOnlySpan<byte> bytes, Span<byte> groups)
    {
        uint held = 0;
        int bits = 0;
        int at = 0;
        foreach (byte b in bytes)
        {
            held = (held << 8 | b) & 0xFFF;
            for (bits += 8; bits >= 5; at++)
            {
                bits -= 5;
                groups[at] = (byte)((held >> bits) & 31);
            }
        }

        groups[at] = (byte)((held << (5 - bits)) & 31);
    }

    /// <returns>False when the padding is not zero.</returns>
    private static bool TryGather(ReadOnlySpan<byte> groups, Span<byte> bytes)
    {
        uint held = 0;
        int bits = 0;
        int at = 0;
        foreach (byte group in groups)
        {
            held = (held << 5 | group) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(held >> bits & 0xFF);
            }
        }

        return (held & ((1u << bits) - 1)) == 0;
    }

    /// <summary>The polynomial's value over the prefix and the groups, whose last six may be zero.</summary>
    private static uint Checksum(ReadOnlySpan<byte> groups)
    {
        uint value = 1;
        foreach (char c in "pk")
        {
            value = Step(value, (uint)c >> 5);
        }

        value = Step(value, 0);
        foreach (char c in "pk")
        {
            value = Step(value, (uint)c & 31);
        }

        foreach (byte group in groups)
        {
            value = Step(value, group);
        }

        return value;
    }

    private static uint Step(uint value, uint group)
    {
        uint top = value >> 25;
        value = ((value & 0x1ffffff) << 5) ^ group;
        for (int i = 0; i < Generator.Length; i++)
        {
            value ^= (top >> i & 1) == 0 ? 0 : Generator[i];
        }

        return value;
    }
}
