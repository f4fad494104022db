// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Network;

/// <summary>Addresses as people name them: labels of the context, or 0x and 40 digits with a right
/// checksum.</summary>
internal sealed class AddressBook
{
    private readonly ContextFile? _context;
    private readonly Dictionary<Address, string> _labels = [];

    public AddressBook(ContextFile? context)
    {
        _context = context;
        if (context is not null)
        {
            foreach ((string label, Address address) in context.Labels)
            {
                _labels.TryAdd(address, label);
            }
        }
    }

    /// <summary>The address that a text names.</summary>
    /// <exception cref="CliException">It names none.</exception>
    public Address Resolve(string text)
    {
        if (_context is not null && _context.Labels.TryGetValue(text, out Address labelled))
        {
            return labelled;
        }

        if (Tagged(text) is { } tagged)
        {
            throw new CliException(
                "ADDRESS_TAGGED", ExitCode.Usage,
                $"'{text}' is an account and a tag, and a tag has no place here.",
                $"The account is {NameAndAddress(tagged.Account)}, the tag {tagged.Tag}.",
                "Name the account alone, if that is what you mean.");
        }

        switch (Eip55.Parse(text, out Address address))
        {
            case AddressText.Checksummed or AddressText.Unchecksummed:
                return address;
            case AddressText.WrongChecksum:
                throw new CliException(
                    "ADDRESS_CHECKSUM", ExitCode.Usage, $"'{text}' has a wrong checksum.",
                    "A letter's case or a digit was changed; this may be another account than you mean.",
                    "Copy the address again from its source.");
            default:
                throw new CliException(
                    "ADDRESS_UNKNOWN", ExitCode.NotFound, $"'{text}' is neither an address nor a label.",
                    _context is null ? "There is no context, so there are no labels."
                        : $"Context {_context.Name} has no such label.",
                    "tl context show");
        }
    }

    /// <summary>The account that a text names, and the tag when it is a tagged address; else 0.</summary>
    /// <exception cref="CliException">It names none.</exception>
    public (Address Account, ulong Tag) ResolveTagged(string text) =>
        Tagged(text) is { } tagged ? (tagged.Account, tagged.Tag) : (Resolve(text), 0);

    /// <summary>The label, or the address in checksummed form. For people.</summary>
    public string Name(in Address address) =>
        _labels.TryGetValue(address, out string? label) ? label : Eip55.Format(address);

    /// <summary>The label and the address. For people who decide.</summary>
    public string NameAndAddress(in Address address) => _labels.TryGetValue(address, out string? label)
        ? $"{label} ({Eip55.Format(address)})"
        : Eip55.Format(address);

    public string Name(ByteString bytes) =>
        bytes.Length == Address.Size ? Name(new Address(bytes.Span)) : "-";

    public string NameAndAddress(ByteString bytes) =>
        bytes.Length == Address.Size ? NameAndAddress(new Address(bytes.Span)) : "-";

    /// <exception cref="CliException">It begins as a tagged address and is none.</exception>
    private TaggedAddress? Tagged(string text)
    {
        if (_context is not null && _context.Labels.ContainsKey(text))
        {
            return null;
        }

        return TaggedAddress.TryParse(text, out TaggedAddress address) switch
        {
            TaggedText.Other => null,
            TaggedText.Valid => address,
            TaggedText.WrongChecksum => throw new CliException(
                "ADDRESS_CHECKSUM", ExitCode.Usage, $"'{text}' has a wrong checksum.",
                "A character was changed; what it stands for cannot be told.",
                "Copy the address again from its source."),
            TaggedText.Malformed => throw new CliException(
                "ADDRESS_CHECKSUM", ExitCode.Usage, $"'{text}' is no whole tagged address.",
                $"One has {TaggedAddress.TextLength} characters, all in lower or all in upper case; this has "
                    + $"{text.Length}.",
                "Copy the address again from its source."),
            _ => throw new CliException(
                "ADDRESS_UNKNOWN", ExitCode.Usage, $"'{text}' is of a kind that is not known here.",
                "Its checksum is right, so it was copied as it is.", "Use a newer program."),
        };
    }

    /// <summary>The checksummed form; null for a field that is empty. For programs.</summary>
    public static string? Text(ByteString bytes) =>
        bytes.Length == Address.Size ? Eip55.Format(new Address(bytes.Span)) : null;
}
