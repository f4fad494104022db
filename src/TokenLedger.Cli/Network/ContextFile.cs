// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Network;

/// <summary>
/// A network as a person knows it: where its nodes are, which genesis it must have, where the keys are, what
/// accounts
/// are called. As a file it is
/// <c>{ "name", "endpoints", "caFile", "apiKeyFile", "chainId", "genesisHash", "keyDirectory",
/// "passwordFile", "production", "labels" }</c>;
/// its paths are relative to the file.
/// </summary>
internal sealed record ContextFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    public required string Name { get; init; }

    /// <summary>The file it was read from; null for one made of options.</summary>
    public string? Path { get; init; }

    public ImmutableArray<Uri> Endpoints { get; init; } = [];

    /// <summary>PEM file of the authorities that vouch for https endpoints. Absolute; null for the system's.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>File whose first line is the key that the nodes want. Absolute; null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>0 when it is not pinned.</summary>
    public ulong ChainId { get; init; }

    /// <summary>Null when it is not pinned: then nothing is signed.</summary>
    public Hash256? GenesisHash { get; init; }

    /// <summary>Absolute; null for none.</summary>
    public string? KeyDirectory { get; init; }

    /// <summary>Absolute; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>What is done here cannot be taken back: nothing is confirmed by a flag alone.</summary>
    public bool Production { get; init; }

    public ImmutableSortedDictionary<string, Address> Labels { get; init; } =
        ImmutableSortedDictionary.Create<string, Address>(StringComparer.Ordinal);

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="CliException">It is not there, or is no context.</exception>
    public static ContextFile Load(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MaxBytes)
            {
                throw Bad(path, $"It has {info.Length} bytes; a context has at most {MaxBytes}.");
            }

            return Read(path, File.ReadAllText(path, Encoding.UTF8));
        }
        catch (IOException e)
        {
            throw new CliException(
                "CONTEXT_UNKNOWN", ExitCode.NotFound, $"The context {path} cannot be read.", e.Message,
                "tl context list");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException(
                "CONTEXT_UNREADABLE", ExitCode.Auth, $"The context {path} cannot be read.", e.Message);
        }
    }

    /// <summary>Reads and checks a file's text.</summary>
    /// <param name="path">Where it stands: its paths are relative to that.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="CliException">It is no context.</exception>
    public static ContextFile Read(string path, string text)
    {
        try
        {
            return Read(path, JsonInput.Object(text));
        }
        catch (JsonException e)
        {
            throw Bad(path, "It is no JSON object: " + e.Message);
        }
        catch (InvalidOperationException e)
        {
            throw Bad(path, e.Message);
        }
    }

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        var labels = new JsonObject();
        foreach ((string label, Address address) in Labels)
        {
            labels[label] = Eip55.Format(address);
        }

        return JsonText.Indented(new JsonObject
        {
            ["name"] = Name,
            ["endpoints"] = new JsonArray([.. Endpoints.Select(e => (JsonNode)Text(e))]),
            ["caFile"] = CaFile,
            ["apiKeyFile"] = ApiKeyFile,
            ["chainId"] = ChainId,
            ["genesisHash"] = GenesisHash?.ToString(),
            ["keyDirectory"] = KeyDirectory,
            ["passwordFile"] = PasswordFile,
            ["production"] = Production,
            ["labels"] = labels,
        }) + "\n";
    }

    /// <summary>An endpoint without the slash that Uri adds.</summary>
    public static string Text(Uri endpoint) => endpoint.ToString().TrimEnd('/');

    /// <summary>Reads one endpoint.</summary>
    public static Uri Endpoint(string text) =>
        Ascii.IsValid(text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri.Scheme is "http" or "https"
            && uri.PathAndQuery == "/"
            && uri.UserInfo.Length == 0
            ? uri
            : throw CliException.Usage(
                $"'{text}' is no endpoint.", next: "Write http://host:port or https://host:port.");

    private static ContextFile Read(string path, JsonObject root)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        string? genesis = String(path, root, "genesisHash");
        Hash256 hash = default;
        if (genesis is not null && !Hash256.TryParse(genesis, out hash))
        {
            throw Bad(path, "genesisHash is not 64 hexadecimal digits.");
        }

        var endpoints = ImmutableArray.CreateBuilder<Uri>();
        foreach (JsonNode? item in root["endpoints"] as JsonArray ?? [])
        {
            endpoints.Add(
                Endpoint(item is JsonValue value && value.TryGetValue(out string? text) ? text : ""));
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, Address>(StringComparer.Ordinal);
        foreach ((string label, JsonNode? value) in root["labels"] as JsonObject ?? [])
        {
            string text = value is JsonValue v && v.TryGetValue(out string? s) ? s : "";
            labels[label] = Eip55.Parse(text, out Address address) is AddressText.Checksummed
                or AddressText.Unchecksummed
                ? address
                : throw Bad(path, $"The label {label} is no address.");
        }

        return new ContextFile
        {
            Name = String(path, root, "name") ?? System.IO.Path.GetFileNameWithoutExtension(path),
            Path = path,
            Endpoints = endpoints.ToImmutable(),
            CaFile = Absolute(path, folder, String(path, root, "caFile")),
            ApiKeyFile = Absolute(path, folder, String(path, root, "apiKeyFile")),
            ChainId = Number(path, root, "chainId"),
            GenesisHash = genesis is null ? null : hash,
            KeyDirectory = Absolute(path, folder, String(path, root, "keyDirectory")),
            PasswordFile = Absolute(path, folder, String(path, root, "passwordFile")),
            Production = root["production"] switch
            {
                null => false,
                JsonValue flag when flag.TryGetValue(out bool production) => production,
                _ => throw Bad(path, "production is neither true nor false."),
            },
            Labels = labels.ToImmutable(),
        };
    }

    private static string? Absolute(string file, string folder, string? path) =>
        path is null ? null
            : path.Contains('\0', StringComparison.Ordinal) ? throw Bad(file, "A path has a NUL in it.")
            : System.IO.Path.GetFullPath(path, folder);

    private static string? String(string path, JsonObject root, string key) => root[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text.Length == 0 ? null : text,
        _ => throw Bad(path, $"{key} is no string."),
    };

    private static ulong Number(string path, JsonObject root, string key) => root[key] switch
    {
        null => 0,
        JsonValue value when value.TryGetValue(out ulong number) => number,
        _ => throw Bad(path, $"{key} is no whole number."),
    };

    private static CliException Bad(string path, string why) =>
        new("CONTEXT_INVALID", ExitCode.Usage, $"{path} is not a context.", why, "tl context create --help");
}
