// SPDX-License-Identifier: Apache-2.0
using System.Net;
using TokenLedger.Core.Json;

namespace TokenLedger.Mesh.Configuration;

/// <summary>
/// Reads mesh.json. Unknown keys are refused, with the nearest known one named; paths are relative to it.
/// </summary>
internal static class MeshOptionsFile
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 4 * 1024;

    /// <summary>Reads the file and what it names.</summary>
    /// <exception cref="MeshConfigurationException">A file is missing, or is not what it should be.
    /// </exception>
    public static MeshOptions Load(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            MeshOptions options = Read(File.ReadAllBytes(full), Path.GetDirectoryName(full) ?? "/");
            return options with
            {
                Tls = options.CaFile is { } authorities ? NodeAccess.Tls(authorities) : null,
                ApiKeyHeader = options.ApiKeyFile is { } file ? NodeAccess.ApiKeyHeader(file) : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshConfigurationException(
                "CONFIGURATION_MISSING", $"{full}, or a file that it names, cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads the file's bytes, and nothing that it names.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="folder">What its paths are relative to; absolute.</param>
    /// <exception cref="StrictJsonException">They are no configuration.</exception>
    public static MeshOptions Read(ReadOnlyMemory<byte> utf8, string folder) =>
        StrictJson.Read(utf8, MaxBytes, root => root.Object(file => Options(file, folder)));

    private static MeshOptions Options(StrictObject file, string folder)
    {
        Uri? endpoint = file.TryGet("endpoint", out StrictValue node) ? Endpoint(node) : null;
        return new MeshOptions(
            PathOf(file.Required("genesis"), folder), file.Required("genesisHash").Hash(),
            Listen(file.Required("listen")))
        {
            Endpoint = endpoint,
            CaFile = file.TryGet("caFile", out StrictValue authorities)
                ? endpoint?.Scheme == "https"
                    ? PathOf(authorities, folder)
                    : throw authorities.Unexpected("an endpoint with https://, which it is about")
                : null,
            ApiKeyFile = file.TryGet("apiKeyFile", out StrictValue key)
                ? endpoint is not null && (endpoint.Scheme == "https" || endpoint.IsLoopback)
                    ? PathOf(key, folder)
                    : throw key.Unexpected("an endpoint with https://, so that nobody else reads the key")
                : null,
        };
    }

    private static Uri Endpoint(StrictValue value) =>
        Uri.TryCreate(value.Text(MaxText), UriKind.Absolute, out Uri? endpoint)
            && endpoint.Scheme is "http" or "https" && endpoint.PathAndQuery == "/"
            && endpoint.UserInfo.Length == 0
                ? endpoint
                : throw value.Unexpected("a node's address, such as https://node.example:7201");

    private static IPEndPoint Listen(StrictValue value) =>
        IPEndPoint.TryParse(value.Text(MaxText), out IPEndPoint? endpoint) && endpoint.Port > 0
            ? endpoint
            : throw value.Unexpected("an IP address and a port, such as 127.0.0.1:7501");

    private static string PathOf(StrictValue value, string folder)
    {
        string text = value.Text(MaxText);
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text, folder)
            : throw value.Unexpected("a path");
    }
}
