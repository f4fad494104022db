// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Cli.Commands;

/// <summary>tl key: keystores of Web3 Secret Storage v3. Secrets are never arguments.</summary>
internal static class KeyCommand
{
    public const string Name = "key";
    public const string About = "Keys that sign: create, import, export, list. Secrets are never arguments.";

    private const int MaxSecretChars = 256;

    public static TlCommand Build() => new(Name, About, "tl key create", "tl key list")
    {
        Create(), Import(), Export(), List(), Show(),
    };

    private static Option<string?> Folder() => new("--directory")
    {
        Description = "Folder of keystores (default: the context's key directory).",
        HelpName = "DIR",
    };

    private static Option<bool> Light() => new("--development")
    {
        Description = "Cheap encryption, for keys of test networks only.",
    };

    private static TlCommand Create()
    {
        Option<string?> folder = Folder();
        Option<bool> light = Light();
        return new TlCommand(
            "create", "Makes a new key and keeps it in a keystore (scrypt).",
            "tl key create", "tl key create --directory keys --password-file pw.txt -o json")
            { folder, light }
            .Does(async (session, _) =>
            {
                using PrivateKey key = PrivateKey.Generate();
                await SaveAsync(session, key, FolderOf(session, folder), session.Value(light));
            });
    }

    private static TlCommand Import()
    {
        var file = new Argument<string?>("file")
        {
            Description = "File with the secret in hexadecimal, or a keystore; '-' or nothing for stdin.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> folder = Folder();
        Option<bool> light = Light();
        return new TlCommand(
            "import", "Takes a secret from a file or stdin into a keystore.",
            "tl key import secret.hex --directory keys", "cat secret.hex | tl key import -")
            { file, folder, light }
            .Does(async (session, _) =>
            {
                using PrivateKey key = ReadSecret(session, session.Value(file));
                await SaveAsync(session, key, FolderOf(session, folder), session.Value(light));
            });
    }

    private static TlCommand Export()
    {
        var which = new Argument<string>("key") { Description = "Keystore file, label or address." };
        return new TlCommand(
            "export", "Prints a key's secret, after a typed confirmation. Whoever sees it can sign as you.",
            "tl key export treasury-maker-1 > secret.hex") { which }
            .Does((session, _) =>
            {
                using PrivateKey key = Signer.Open(session, session.Value(which));
                string address = Eip55.Format(key.Address);
                if (!session.Environment.Terminal.Input)
                {
                    throw new CliException(
                        "NOT_CONFIRMED", ExitCode.NotConfirmed,
                        "A secret is exported only for a person who confirms it.");
                }

                session.Talk.Insist(
                    $"The secret of {address} will be printed. Whoever sees it can sign as this key.");
                session.Environment.Error.Write($"Type \"{address}\" to confirm: ");
                session.Environment.Error.Flush();
                if (session.Environment.In.ReadLine()?.Trim() != address)
                {
                    throw new CliException(
                        "NOT_CONFIRMED", ExitCode.NotConfirmed, "Not confirmed; nothing was printed.");
                }

                Span<byte> secret = stackalloc byte[PrivateKey.Size];
                key.ExportTo(secret);
                session.Output.Raw(Convert.ToHexStringLower(secret) + "\n");
                CryptographicOperations.ZeroMemory(secret);
                return Task.CompletedTask;
            });
    }

    private static TlCommand List()
    {
        Option<string?> folder = Folder();
        return new TlCommand(
            "list", "Lists the keystores of a folder.", "tl key list", "tl key list -o json") { folder }
            .Does((session, _) =>
            {
                string directory = FolderOf(session, folder);
                (string Path, Address? Claimed)[] keys = Directory.Exists(directory)
                    ? [.. Signer.Keystores(directory)] : [];
                session.Output.List(
                    keys,
                    key => Json(key.Path, key.Claimed, session),
                    new Column<(string Path, Address? Claimed)>(
                        "address", k => k.Claimed is { } a ? Eip55.Format(a) : "-"),
                    new Column<(string Path, Address? Claimed)>(
                        "label", k => Label(session, k.Claimed) ?? ""));
                return Task.CompletedTask;
            });
    }

    private static TlCommand Show()
    {
        var which = new Argument<string>("key") { Description = "Keystore file, label or address." };
        return new TlCommand(
            "show", "Shows a key's address, label and file. Needs no password.",
            "tl key show treasury-maker-1") { which }
            .Does((session, _) =>
            {
                string named = session.Value(which);
                Address address = Signer.AddressOf(session, named);
                string path = session.Environment.FullPath(named);
                path = File.Exists(path) ? path : Signer.FileOf(session, address, named);
                session.Output.Detail(
                    Json(path, address, session),
                    ("address", Eip55.Format(address)),
                    ("label", Label(session, address) ?? "(none)"),
                    ("file", path));
                return Task.CompletedTask;
            });
    }

    private static async Task SaveAsync(Session session, PrivateKey key, string folder, bool light)
    {
        if (light && (session.Context?.Production ?? false))
        {
            throw CliException.Usage("--development is refused on a production network.");
        }

        byte[] password = Signer.Password(session, "New password: ", confirm: true);
        try
        {
            ScryptCost cost = light ? ScryptCost.Development : ScryptCost.Standard;
            string path = await Progress.WhileAsync(
                session, "Encrypting", () => Task.Run(() => KeystoreFolder.Save(
                    folder, key, password, cost, session.Environment.Time)));
            session.Output.Detail(
                Json(path, key.Address, session), ("address", Eip55.Format(key.Address)), ("file", path));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static PrivateKey ReadSecret(Session session, string? file)
    {
        bool fromInput = file is null or "-";
        string path = fromInput ? "stdin" : session.Environment.FullPath(file!);
        if (!fromInput && !File.Exists(path) && LooksSecret(file!))
        {
            throw CliException.Usage(
                "A secret must not stand on a command line.",
                "Other programs of this machine can read it there.",
                "Put it in a file, or pipe it: tl key import -");
        }

        string text = fromInput ? ReadBounded(session.Environment.In) : ReadFile(path);
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return fromInput
                ? throw CliException.Usage(
                    "A keystore is imported from its file.", next: "tl key import FILE")
                : Signer.Open(session, path);
        }

        byte[] secret = new byte[PrivateKey.Size];
        try
        {
            return Hex.TryParse(text.AsSpan().Trim(), secret)
                && PrivateKey.TryImport(secret, out PrivateKey? key)
                ? key
                : throw new CliException(
                    "KEY_INVALID", ExitCode.Usage, $"{path} holds no secret key.",
                    "It is neither 64 hexadecimal digits of a secp256k1 key nor a keystore.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static bool LooksSecret(string text) =>
        text.Length is 64 or 66 && Hex.TryParse(text, new byte[PrivateKey.Size]);

    private static string ReadBounded(TextReader reader)
    {
        char[] buffer = new char[MaxSecretChars];
        int length = reader.ReadBlock(buffer, 0, buffer.Length);
        return new string(buffer, 0, length);
    }

    private static string ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new CliException("FILE_NOT_FOUND", ExitCode.NotFound, $"There is no file {path}.");
        }

        using var reader = new StreamReader(path, Encoding.UTF8);
        return ReadBounded(reader);
    }

    private static string FolderOf(Session session, Option<string?> option) =>
        session.Value(option) is { } folder ? session.Environment.FullPath(folder)
        : session.Context?.KeyDirectory ?? throw CliException.Usage(
            "Nothing says which folder holds the keys.", next: "Pass --directory DIR.");

    private static string? Label(Session session, Address? address) =>
        address is { } a && session.Addresses.Name(a) is var name && name != Eip55.Format(a) ? name : null;

    private static JsonObject Json(string path, Address? address, Session session) => new()
    {
        ["address"] = address is { } a ? Eip55.Format(a) : null,
        ["label"] = Label(session, address),
        ["file"] = path,
    };
}
