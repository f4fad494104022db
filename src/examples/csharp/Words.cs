// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;

namespace TokenLedger.Examples;

/// <summary>The words are wrong: nothing was done.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What somebody showed does not hold.</summary>
internal sealed class NotProvedException(string message) : Exception(message);

/// <summary>
/// A program's --name VALUE pairs. A name that it does not know, one that comes twice, one that is missing
/// and a value that is not well formed are refused before anything is done: a mistyped --tag is no payment
/// without a tag.
/// </summary>
internal sealed partial class Words
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <param name="args">The pairs.</param>
    /// <param name="required">Names that must be given.</param>
    /// <param name="optional">Names that may be left out.</param>
    public Words(string[] args, string[] required, string[] optional)
    {
        string[] known = [.. required, .. optional];
        for (int i = 0; i < args.Length; i += 2)
        {
            string name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!known.Contains(name))
            {
                throw new UsageException(
                    $"'{args[i]}' is none of: {string.Join(' ', known.Select(static each => "--" + each))}");
            }

            if (i + 1 == args.Length || !_given.TryAdd(name, args[i + 1]))
            {
                throw new UsageException($"--{name} stands once, with one value.");
            }
        }

        if (required.FirstOrDefault(name => !_given.ContainsKey(name)) is { } missing)
        {
            throw new UsageException($"--{missing} is missing.");
        }
    }

    public string this[string name] => _given[name];

    public bool Has(string name) => _given.ContainsKey(name);

    public string Or(string name, string otherwise) => _given.GetValueOrDefault(name, otherwise);

    /// <summary>Decimal digits, without a sign and without zeros before them.</summary>
    public ulong Number(string name, ulong otherwise, ulong most = ulong.MaxValue) =>
        !_given.TryGetValue(name, out string? text) ? otherwise
            : Digits().IsMatch(text)
                && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                && number <= most ? number
            : throw new UsageException($"--{name} is no number from 0 to {most}.");

    public Amount Amount(string name) => Core.Amount.TryParse(this[name], out Amount amount)
        ? amount
        : throw new UsageException($"--{name} is no number of atomic units below 2^128.");

    public AssetId Asset(string name) => AssetId.TryParse(this[name], out AssetId asset)
        ? asset
        : throw new UsageException($"--{name} is no asset's symbol.");

    /// <summary>0x and 40 digits, all in lower case or in the case that EIP-55 asks for.</summary>
    public Address Address(string name) =>
        Eip55.Parse(this[name], out Address address) is AddressText.Checksummed or AddressText.Unchecksummed
            ? address
            : throw new UsageException($"--{name} is no address, or its checksum is wrong.");

    public Hash256 Hash(string name) => HashDigits().IsMatch(this[name])
        && Hash256.TryParse(this[name], out Hash256 hash)
            ? hash
            : throw new UsageException($"--{name} is no hash of 64 hexadecimal digits.");

    public RequestId RequestId(string name) => RequestIdOf(this[name])
        ?? throw new UsageException($"--{name} is no UUID.");

    /// <summary>The 16 bytes of a UUID, however it is spelled: in either case, with its hyphens or without
    /// any. Null for any other text.</summary>
    public static RequestId? RequestIdOf(string text) => Uuid().IsMatch(text)
        ? new RequestId(UInt128.Parse(
            text.Replace("-", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^[0-9a-fA-F]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HashDigits();

    [GeneratedRegex(
        @"^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();
}
