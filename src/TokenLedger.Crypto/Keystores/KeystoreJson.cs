// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Keystores;

/// <summary>A keystore's content.</summary>
internal sealed record KeystoreFile
{
    public required Address? Address { get; init; }

    public required Guid Id { get; init; }

    public required Kdf Kdf { get; init; }

    public required byte[] Iv { get; init; }

    public required byte[] Ciphertext { get; init; }

    public required Hash256 Mac { get; init; }
}

/// <summary>
/// The JSON of Web3 Secret Storage, version 3. Reading is bounded in size and depth, and refuses key
/// derivations that cost too much before anything is derived.
/// </summary>
internal static class KeystoreJson
{
    public const int MaxBytes = 16 * 1024;

    private const int MaxSaltSize = 128;
    private const int Version = 3;
    private const string Cipher = "aes-128-ctr";
    private const string Prf = "hmac-sha256";

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = 8,
        AllowDuplicateProperties = false,
    };

    public static KeystoreFile Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            throw Corrupt($"A keystore is no longer than {MaxBytes} bytes.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), Options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is a key with half a surrogate pair, which is met while keys are compared.
            throw Corrupt("The file is not JSON.");
        }
    }

    public static string Write(KeystoreFile file)
    {
        Invariant.Require(file.Kdf is ScryptKdf, "keystores are written with scrypt");
        var kdf = (ScryptKdf)file.Kdf;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "version": {{Version}},
              "id": "{{file.Id}}",
              {{(file.Address is { } address ? $"\"address\": \"{address.ToString()[2..]}\"," : "")}}
              "crypto": {
                "cipher": "{{Cipher}}",
                "cipherparams": { "iv": "{{Convert.ToHexStringLower(file.Iv)}}" },
                "ciphertext": "{{Convert.ToHexStringLower(file.Ciphertext)}}",
                "kdf": "scrypt",
                "kdfparams": {
                  "dklen": {{Kdf.DerivedSize}},
                  "n": {{kdf.Cost.N}},
                  "r": {{kdf.Cost.R}},
                  "p": {{kdf.Cost.P}},
                  "salt": "{{Convert.ToHexStringLower(kdf.Salt)}}"
                },
                "mac": "{{file.Mac}}"
              }
            }

            """);
    }

    private static KeystoreFile Read(JsonElement root)
    {
        long version = Number(root, "version");
        if (version != Version)
        {
            throw Unsupported($"Keystores of version {version} are not read; version {Version} is.");
        }

        // Some early wallets wrote a capital.
        JsonElement crypto = Member(root, "crypto", "Crypto");
        string cipher = Text(crypto, "cipher");
        if (cipher != Cipher)
        {
            throw Unsupported($"The cipher is not {Cipher}.");
        }

        return new KeystoreFile
        {
            Address = ReadAddress(root),
            Id = root.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
                && Guid.TryParseExact(StringOf(id), "D", out Guid guid) ? guid : Guid.Empty,
            Iv = Bytes(Member(crypto, "cipherparams"), "iv", AesCtr.BlockSize, AesCtr.BlockSize),
            Ciphertext = Bytes(crypto, "ciphertext", PrivateKey.Size, PrivateKey.Size),
            Mac = new Hash256(Bytes(crypto, "mac", Hash256.Size, Hash256.Size)),
            Kdf = ReadKdf(Text(crypto, "kdf"), Member(crypto, "kdfparams")),
        };
    }

    private static Kdf ReadKdf(string name, JsonElement parameters)
    {
        if (name is not ("scrypt" or "pbkdf2"))
        {
            throw Unsupported("The key derivation is neither scrypt nor pbkdf2.");
        }

        if (Number(parameters, "dklen") != Kdf.DerivedSize)
        {
            throw Unsupported($"The derived key is not {Kdf.DerivedSize} bytes long.");
        }

        byte[] salt = Bytes(parameters, "salt", 0, MaxSaltSize);
        if (name == "scrypt")
        {
            long n = Number(parameters, "n");
            long r = Number(parameters, "r");
            long p = Number(parameters, "p");
            return ScryptCost.IsAffordable(n, r, p)
                ? new ScryptKdf(salt, new ScryptCost((int)n, (int)r, (int)p))
                : throw TooCostly($"scrypt with n {n}, r {r}, p {p} is malformed or costs too much.");
        }

        if (Text(parameters, "prf") != Prf)
        {
            throw Unsupported($"pbkdf2 is read with {Prf} only.");
        }

        long iterations = Number(parameters, "c");
        return iterations is >= 1 and <= Pbkdf2Kdf.MaxIterations
            ? new Pbkdf2Kdf(salt, (int)iterations)
            : throw TooCostly($"pbkdf2 with {iterations} iterations is malformed or costs too much.");
    }

    private static Address? ReadAddress(JsonElement root)
    {
        if (!root.TryGetProperty("address", out JsonElement element)
            || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Address.Size];
        return element.ValueKind == JsonValueKind.String && Hex.TryParse(StringOf(element), bytes)
            ? new Address(bytes)
            : throw Corrupt("\"address\" is not 40 hexadecimal digits.");
    }

    private static JsonElement Member(JsonElement parent, string name, string? otherName = null)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw Corrupt($"\"{name}\" is looked for in something that is no object.");
        }

        bool found = parent.TryGetProperty(name, out JsonElement element)
            || (otherName is not null && parent.TryGetProperty(otherName, out element));
        return found ? element : throw Corrupt($"\"{name}\" is missing.");
    }

    private static long Number(JsonElement parent, string name)
    {
        JsonElement element = Member(parent, name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value)
            ? value
            : throw Corrupt($"\"{name}\" is not a whole number.");
    }

    private static string Text(JsonElement parent, string name)
    {
        JsonElement element = Member(parent, name);
        return element.ValueKind == JsonValueKind.String
            ? StringOf(element)
            : throw Corrupt($"\"{name}\" is not text.");
    }

    private static byte[] Bytes(JsonElement parent, string name, int min, int max)
    {
        string text = Text(parent, name);
        byte[] bytes = new byte[text.Length / 2];
        return bytes.Length >= min && bytes.Length <= max && Hex.TryParse(text, bytes)
            ? bytes
            : throw Corrupt($"\"{name}\" is not hexadecimal of the right length.");
    }

    private static string StringOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A \u escape of half a surrogate pair.
            throw Corrupt("A text is not valid Unicode.");
        }
    }

    private static KeystoreException Corrupt(string what) => new(KeystoreError.Corrupt, what);

    private static KeystoreException Unsupported(string what) => new(KeystoreError.Unsupported, what);

    private static KeystoreException TooCostly(string what) => new(KeystoreError.TooCostly, what);
}
