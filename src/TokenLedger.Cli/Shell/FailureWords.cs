// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.RegularExpressions;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Shell;

/// <summary>
/// A failure in the words of whoever typed the command: what to run next names what was typed, accounts have
/// their labels, and where atomic units stand, what a whole unit is.
/// </summary>
internal static partial class FailureWords
{
    public static CliException For(Session session, CliException failure)
    {
        string message = WithLabels(session, failure.Message);
        string why = WithLabels(session, failure.Why);
        string units = failure.Message.Contains("atomic units", StringComparison.Ordinal)
            ? session.AssetProofs.Explain(failure.Message)
            : "";
        return new CliException(
            failure.Code, failure.Exit, message, $"{why} {units}".Trim(), WithTyped(session, failure.Next));
    }

    private static string WithLabels(Session session, string text) => Addresses().Replace(text, found =>
    {
        if (found.Value.Any(char.IsAsciiLetterUpper)
            || Eip55.Parse(found.Value, out Address address) != AddressText.Unchecksummed)
        {
            // Written by this program, which has put its label beside it where it has one.
            return found.Value;
        }

        try
        {
            return session.Addresses.NameAndAddress(address);
        }
        catch (CliException)
        {
            // A context that cannot be read is a failure of its own, and not this one.
            return Eip55.Format(address);
        }
    });

    /// <summary>ID, SYMBOL and their like stand for arguments of the same name, KEY for --from.</summary>
    private static string WithTyped(Session session, string next) => Placeholders().Replace(next, found =>
    {
        Argument<string>? argument = session.Parsed.CommandResult.Command.Arguments
            .OfType<Argument<string>>()
            .FirstOrDefault(a => a.Name.Equals(found.Value, StringComparison.OrdinalIgnoreCase));
        string? typed = found.Value switch
        {
            "KEY" => session.From,
            "ID" when NumberOf(session) is { } id => id,
            _ when argument is not null => session.Parsed.GetValue(argument),
            _ => null,
        };
        return typed is not null && Plain().IsMatch(typed) ? typed : found.Value;
    });

    private static string? NumberOf(Session session) =>
        session.Parsed.CommandResult.Command.Arguments.OfType<Argument<ulong>>().FirstOrDefault() is { } id
            ? session.Parsed.GetValue(id).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex("0x[0-9a-fA-F]{40}(?![0-9a-fA-F])", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"(?<=\s)(ID|SYMBOL|ACCOUNT|FILE|KEY)(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholders();

    // What a shell takes as it is, and what is no option.
    [GeneratedRegex("^[A-Za-z0-9_./@:][A-Za-z0-9_./@:+-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
