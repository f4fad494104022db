// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Maintenance.Backups;

/// <summary>
/// What a backup is of, and which files it has: <c>manifest.json</c>, written last, so that a folder without
/// one is no backup. <c>FORMAT.md</c> beside this project describes it.
/// </summary>
/// <param name="ChainId">The network.</param>
/// <param name="GenesisHash">The network.</param>
/// <param name="Height">The newest block in it.</param>
/// <param name="BlockHash">That block's hash.</param>
/// <param name="StateRoot">That block's state root.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Encryption">How to get the key; null when the files are in clear.</param>
/// <param name="Files">All files, by name.</param>
public sealed record BackupManifest(
    ulong ChainId,
    Hash256 GenesisHash,
    Height Height,
    Hash256 BlockHash,
    Hash256 StateRoot,
    DateTimeOffset Created,
    BackupEncryption? Encryption,
    ImmutableArray<BackupFile> Files)
{
    /// <summary>The manifest's name in the folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Files that a backup may have: a ledger of 64 MiB tables has fewer up to some
    /// terabytes.</summary>
    public const int MaxFiles = 100_000;

    private const int MaxBytes = 32 * 1024 * 1024;
    private const int MaxText = 255;
    private const string Kind = "tokenledger-backup";
    private const string Cipher = "AES-256-GCM";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Bytes of all files as they are stored.</summary>
    public long TotalBytes => Files.Sum(file => file.Bytes);

    /// <summary>Reads the manifest of a backup's folder.</summary>
    /// <exception cref="MaintenanceException">BACKUP_INVALID: there is none, or it is not one.</exception>
    public static BackupManifest Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or StrictJsonException)
        {
            throw Invalid($"{path} is not the manifest of a backup: {e.Message}");
        }
    }

    /// <summary>Reads a manifest's bytes.</summary>
    /// <exception cref="StrictJsonException">They are none.</exception>
    public static BackupManifest Read(byte[] bytes) =>
        StrictJson.Read(bytes, MaxBytes, root => root.Object(Read));

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        var root = new JsonObject
        {
            ["kind"] = Kind,
            ["format"] = 1,
            ["chainId"] = ChainId,
            ["genesisHash"] = GenesisHash.ToString(),
            ["height"] = Height.Value,
            ["blockHash"] = BlockHash.ToString(),
            ["stateRoot"] = StateRoot.ToString(),
            ["created"] = Created.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        };
        if (Encryption is { } encryption)
        {
            root["encryption"] = new JsonObject
            {
                ["cipher"] = Cipher,
                ["kdf"] = "scrypt",
                ["n"] = encryption.Cost.N,
                ["r"] = encryption.Cost.R,
                ["p"] = encryption.Cost.P,
                ["salt"] = Convert.ToHexStringLower(encryption.Salt.AsSpan()),
            };
        }

        root["files"] = new JsonArray([.. Files.Select(file => (JsonNode)new JsonObject
        {
            ["name"] = file.Name,
            ["bytes"] = file.Bytes,
            ["sha256"] = file.Sha256.ToString(),
        })]);
        return root.ToJsonString(Indented) + "\n";
    }

    internal static MaintenanceException Invalid(string message) => new("BACKUP_INVALID", message);

    private static BackupManifest Read(StrictObject root)
    {
        Require(root.Required("kind"), Kind);
        root.Required("format").Number(1, 1);
        var manifest = new BackupManifest(
            root.Required("chainId").Number(1, Limits.ChainIdMax),
            root.Required("genesisHash").Hash(),
            new Height(root.Required("height").Number(0, long.MaxValue)),
            root.Required("blockHash").Hash(),
            root.Required("stateRoot").Hash(),
            Time(root.Required("created")),
            root.Optional<BackupEncryption?>("encryption", null, value => value.Object(ReadEncryption)),
            root.Required("files").List(MaxFiles, file => file.Object(ReadFile)));
        for (int i = 1; i < manifest.Files.Length; i++)
        {
            if (string.CompareOrdinal(manifest.Files[i - 1].Name, manifest.Files[i].Name) >= 0)
            {
                throw root.Required("files").Unexpected("files in the order of their names, each once");
            }
        }

        return manifest;
    }

    private static BackupEncryption ReadEncryption(StrictObject encryption)
    {
        Require(encryption.Required("cipher"), Cipher);
        Require(encryption.Required("kdf"), "scrypt");
        int n = (int)encryption.Required("n").Number(2, int.MaxValue);
        int r = (int)encryption.Required("r").Number(1, 64);
        int p = (int)encryption.Required("p").Number(1, 64);
        StrictValue salt = encryption.Required("salt");
        string hex = salt.Text(2 * PassphraseKey.SaltSize);
        return ScryptCost.IsAffordable(n, r, p)
            && hex.Length == 2 * PassphraseKey.SaltSize && hex.All(char.IsAsciiHexDigitLower)
                ? new BackupEncryption(new ScryptCost(n, r, p), [.. Convert.FromHexString(hex)])
                : throw salt.Unexpected("64 hexadecimal digits, and costs that can be paid");
    }

    /// <summary>A name is one folder's entry and nothing else: a backup must not write where it
    /// likes.</summary>
    private static BackupFile ReadFile(StrictObject file)
    {
        StrictValue name = file.Required("name");
        string text = name.Text(MaxText);
        bool plain = text.Length > 0 && text[0] != '.'
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        return plain && text != FileName
            ? new BackupFile(
                text, (long)file.Required("bytes").Number(0, long.MaxValue), file.Required("sha256").Hash())
            : throw name.Unexpected("a file's name of letters, digits, '.', '-' and '_'");
    }

    private static DateTimeOffset Time(StrictValue value) => DateTimeOffset.TryParseExact(
        value.Text(MaxText), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
        out DateTimeOffset time)
            ? time
            : throw value.Unexpected("a time such as 2026-01-31T23:59:59Z");

    private static void Require(StrictValue value, string expected)
    {
        if (value.Text(MaxText) != expected)
        {
            throw value.Unexpected($"\"{expected}\"");
        }
    }
}

/// <summary>One file of a backup.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Bytes">Its bytes as they are stored.</param>
/// <param name="Sha256">SHA-256 over them.</param>
public sealed record BackupFile(string Name, long Bytes, Hash256 Sha256);

/// <summary>How a backup's key comes from its passphrase.</summary>
/// <param name="Cost">What one guess costs.</param>
/// <param name="Salt">32 bytes.</param>
public sealed record BackupEncryption(ScryptCost Cost, ImmutableArray<byte> Salt);
