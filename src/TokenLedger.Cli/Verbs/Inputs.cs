// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;

namespace TokenLedger.Cli.Verbs;

/// <summary>Arguments and options that several verbs share, and how they are read.</summary>
internal static class Inputs
{
    public static Argument<string> Symbol() => new("symbol")
    { Description = "The asset, e.g. GOV-BOND-2031." };

    public static Argument<string> Account() => new("account")
    { Description = "An address, or a label of the context." };

    public static Option<string> Required(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help, Required = true };

    public static Option<string?> Optional(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    public static Option<bool> Atomic() => new("--atomic")
    {
        Description = "Amounts count atomic units, not whole ones.",
    };

    /// <summary>A receiver's number of 1 to 2^64 - 1; 0 when it was not typed.</summary>
    public static Option<ulong> Tag(string name, string description)
    {
        var tag = new Option<ulong>(name) { Description = description, HelpName = "N" };
        tag.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && !(ulong.TryParse(
                    result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n)
                    && n > 0))
            {
                result.AddError($"{name} is a number from 1 to {ulong.MaxValue}.");
            }
        });
        return tag;
    }

    /// <summary>Who gets units, and for whom: a tagged address, or an account and perhaps a tag.</summary>
    public static (Address Account, ulong Tag) Receiver(Session session, string text, ulong tag)
    {
        (Address account, ulong named) = session.Addresses.ResolveTagged(text);
        return named == 0 || tag == 0 || named == tag
            ? (account, Math.Max(named, tag))
            : throw CliException.Usage(
                $"The tag is said twice: {named} in the address, and --tag {tag}.", next: "Leave --tag out.");
    }

    public static AssetId Asset(string symbol) => AssetId.TryParse(symbol, out AssetId id)
        ? id
        : throw CliException.Usage(
            $"'{symbol}' is no asset symbol.", "A symbol is 2 to 16 of A-Z, 0-9 and '-', in upper case.",
            "tl asset list");

    /// <summary>An amount of an asset; its decimals are proved, and only when they are needed.</summary>
    public static async Task<Amount> AmountAsync(
        Session session, string text, AssetId asset, bool atomic, CancellationToken token)
    {
        if (atomic)
        {
            return AmountText.Parse(text, 0, atomic: true);
        }

        // What no decimals could make right is refused without a network.
        _ = AmountText.Parse(text, Limits.AssetDecimals, atomic: false, checkSize: false);
        ProvenAsset proven = await session.AssetProofs.RequireAsync(asset, token);
        return AmountText.Parse(text, proven.Decimals, atomic: false);
    }

    public static Option<string?> Genesis() => Optional(
        "--genesis", "HASH", "The network's genesis hash as published; the file must be of it.");

    public static Hash256 Hash(string text, string option) => Hash256.TryParse(text, out Hash256 hash)
        ? hash
        : throw CliException.Usage(
            $"{option} is '{text}', which is no hash.", next: "It has 64 hexadecimal digits.");

    /// <summary>The hash of a document: as given, or of a file's bytes.</summary>
    public static Hash256 DocumentHash(Session session, string? hash, string? file)
    {
        if (file is null)
        {
            return hash is null ? Hash256.Zero : Hash(hash, "--hash");
        }

        string path = session.Environment.FullPath(file);
        if (!File.Exists(path))
        {
            throw new CliException("FILE_NOT_FOUND", ExitCode.NotFound, $"There is no file {path}.",
                next: "Check the path.");
        }

        using FileStream stream = File.OpenRead(path);
        var computed = new Hash256(SHA256.HashData(stream));
        return hash is null || Hash(hash, "--hash") == computed
            ? computed
            : throw new CliException(
                "HASH_MISMATCH", ExitCode.VerificationFailed,
                $"{path} does not have the hash that --hash says.",
                $"Its SHA-256 is {computed}.");
    }

    /// <summary>A day, midnight UTC; 0 for nothing.</summary>
    public static TimestampMs Day(string? text, string option)
    {
        if (text is null)
        {
            return new TimestampMs(0);
        }

        return DateTime.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime day)
            && day >= DateTime.UnixEpoch
            ? new TimestampMs((ulong)(day - DateTime.UnixEpoch).TotalMilliseconds)
            : throw CliException.Usage(
                $"{option} is '{text}', which is no day.", next: "Write it like 2027-06-30.");
    }

    /// <summary>A value of an enumeration, written with dashes or underscores.</summary>
    public static T Choice<T>(string text, string option)
        where T : struct, Enum
    {
        string plain = text.Replace("-", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal);
        string[] names = [.. Enum.GetNames<T>().Where(n => n != "None")];
        string? name = Array.Find(names, n => n.Equals(plain, StringComparison.OrdinalIgnoreCase));
        return name is not null
            ? Enum.Parse<T>(name)
            : throw CliException.Usage(
                $"{option} is '{text}'.",
                next: "Choose one of: "
                    + string.Join(", ", names.Select(n => OperationView.Snake(n).Replace('_', '-'))));
    }

    /// <summary>Names of an enumeration's values for --help.</summary>
    public static string Choices<T>()
        where T : struct, Enum => string.Join('|', Enum.GetNames<T>()
            .Where(n => n != "None")
            .Select(n => OperationView.Snake(n).Replace('_', '-')));
}
