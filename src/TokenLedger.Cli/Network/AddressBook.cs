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

    /// <summary>The checksummed form; null for a field that is empty. For programs.</summary>
    public static string? Text(ByteString bytes) =>
        bytes.Length == Address.Size ? Eip55.Format(new Address(bytes.Span)) : null;
}
