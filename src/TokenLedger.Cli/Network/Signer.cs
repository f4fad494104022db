// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Cli.Network;

/// <summary>Finds keys and opens them. Passwords come from a prompt or a file, never from arguments or
/// variables.</summary>
internal static class Signer
{
    private const int MaxPasswordBytes = 1024;

    /// <summary>The address that --from names, without opening the key.</summary>
    public static Address AddressOf(Session session, string? from)
    {
        string named = Named(from);
        string path = session.Environment.FullPath(named);
        if (!File.Exists(path))
        {
            return session.Addresses.Resolve(named);
        }

        return Guard(path, () => KeystoreFolder.ClaimedAddress(path)) ?? throw new CliException(
            "KEY_WITHOUT_ADDRESS", ExitCode.Usage, $"{path} does not say whose key it holds.",
            next: "Name the address or a label in --from, and keep the file in the key directory.");
    }

    /// <summary>Opens the key that --from names.</summary>
    /// <exception cref="CliException">There is no such key, or the password is wrong.</exception>
    public static PrivateKey Open(Session session, string? from)
    {
        string path = Locate(session, from);
        byte[] password = Password(session, $"Password of {Path.GetFileName(path)}: ", confirm: false);
        try
        {
            return Guard(path, () => KeystoreFolder.Load(path, password));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    /// <summary>The keystore that --from names, without opening it.</summary>
    /// <exception cref="CliException">There is no such key.</exception>
    public static string Locate(Session session, string? from)
    {
        string named = Named(from);
        string path = session.Environment.FullPath(named);
        return File.Exists(path) ? path : FileOf(session, session.Addresses.Resolve(named), named);
    }

    /// <summary>The keystore of an address in the context's key directory.</summary>
    public static string FileOf(Session session, in Address address, string named)
    {
        string? folder = session.Context?.KeyDirectory;
        if (folder is not null && Directory.Exists(folder))
        {
            string suffix = address.ToString()[2..];
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (file.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                    || file.EndsWith(suffix + ".json", StringComparison.OrdinalIgnoreCase))
                {
                    return file;
                }
            }

            // Files of other tools are named as they like.
            foreach ((string file, Address? claimed) in Keystores(folder))
            {
                if (claimed == address)
                {
                    return file;
                }
            }
        }

        throw new CliException(
            "KEY_NOT_FOUND", ExitCode.Auth, $"There is no key of {named}.",
            folder is null ? "The context has no key directory."
                : $"No keystore in {folder} holds {Eip55.Format(address)}.",
            "tl key list");
    }

    /// <summary>The keystores of a folder with the address that each claims, in order of name.</summary>
    public static IEnumerable<(string Path, Address? Claimed)> Keystores(string folder)
    {
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            Address? claimed;
            try
            {
                claimed = KeystoreFolder.ClaimedAddress(file);
            }
            catch (Exception e) when (e is KeystoreException or IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return (file, claimed);
        }
    }

    /// <summary>The password, as UTF-8 that the caller zeroes: from --password-file, the context's file, or a
    /// prompt.</summary>
    public static byte[] Password(Session session, string prompt, bool confirm)
    {
        if (session.PasswordFile is { } file)
        {
            return FirstLine(session.Environment.FullPath(file));
        }

        if (session.Context?.PasswordFile is { } contextFile)
        {
            return FirstLine(contextFile);
        }

        if (!session.Environment.Terminal.Input)
        {
            throw new CliException(
                "PASSWORD_REQUIRED", ExitCode.Auth, "The key's password is needed, and nobody can type it.",
                next: "Pass --password-file FILE.");
        }

        string password = Ask(session, prompt);
        if (confirm && Ask(session, "The same again: ") != password)
        {
            throw new CliException("PASSWORDS_DIFFER", ExitCode.NotConfirmed, "The two passwords differ.");
        }

        return Encoding.UTF8.GetBytes(password);
    }

    private static string Ask(Session session, string prompt)
    {
        session.Environment.Error.Write(prompt);
        session.Environment.Error.Flush();
        return session.Environment.ReadSecret() is { Length: > 0 } password
            ? password
            : throw new CliException("PASSWORD_REQUIRED", ExitCode.NotConfirmed, "No password was typed.");
    }

    private static byte[] FirstLine(string path) => Guard(path, () =>
    {
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[MaxPasswordBytes + 2];
        int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> content = buffer.AsSpan(0, length);
        int end = content.IndexOfAny((byte)'\n', (byte)'\r');
        byte[] line = content[..(end < 0 ? length : end)].ToArray();
        CryptographicOperations.ZeroMemory(buffer);
        return line.Length is > 0 and <= MaxPasswordBytes
            ? line
            : throw new CliException(
                "PASSWORD_FILE", ExitCode.Auth, $"The first line of {path} is no password.",
                $"It must have 1 to {MaxPasswordBytes} bytes.");
    });

    private static string Named(string? from) => from ?? throw CliException.Usage(
        "Nothing says who signs.",
        next: "Pass --from with a keystore file, a label or an address; tl key list");

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KeystoreException e)
        {
            string code = e.Error == KeystoreError.WrongPassword ? "WRONG_PASSWORD" : "KEYSTORE_"
                + e.Error.ToString().ToUpperInvariant();
            throw new CliException(code, ExitCode.Auth, e.Message, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException("FILE_UNREADABLE", ExitCode.Auth, $"{path} cannot be read.", e.Message);
        }
    }
}
