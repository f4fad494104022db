// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using TokenLedger.Core;
using TokenLedger.Core.Json;

namespace TokenLedger.Explorer.Configuration;

/// <summary>
/// Reads explorer.json. Unknown keys are refused, with the nearest known one named; paths are relative to it.
/// </summary>
internal static class ExplorerOptionsFile
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 4 * 1024;
    private const int MaxPins = 16;

    /// <summary>Most nodes that are asked in turn: as many as a network may have validators would be slow to
    /// go through, and one that answers is enough.</summary>
    private const int MaxEndpoints = 16;

    /// <summary>Most proxies in front of one process; each is looked for on every connection.</summary>
    private const int MaxProxies = 64;

    public static ExplorerOptions Load(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return Read(File.ReadAllBytes(full), Path.GetDirectoryName(full) ?? "/");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExplorerConfigurationException(
                "CONFIGURATION_MISSING", $"{full} cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="folder">What its paths are relative to; absolute.</param>
    /// <exception cref="StrictJsonException">They are no configuration.</exception>
    public static ExplorerOptions Read(ReadOnlyMemory<byte> utf8, string folder) =>
        StrictJson.Read(utf8, MaxBytes, root => root.Object(file => Read(file, folder)));

    private static ExplorerOptions Read(StrictObject file, string folder)
    {
        ImmutableArray<Uri> endpoints = Endpoints(file);
        NodeTrust? trust = Trust(file, endpoints, folder);
        Hash256 genesisHash = file.Required("genesisHash").Hash();
        ExplorerStore store = file.Optional(
            "store", ExplorerStore.Embedded, static value => value.Name<ExplorerStore>());
        string data = store == ExplorerStore.Embedded ? PathOf(file.Required("dataFolder"), folder) : "";
        return new ExplorerOptions(endpoints, trust, genesisHash, data, Listen(file.Required("listen")))
        {
            Role = Role(file, store),
            Proxies = file.TryGet("proxies", out StrictValue proxies) ? proxies.List(MaxProxies, Proxy) : [],
            Postgres = store == ExplorerStore.Postgresql ? PostgresOptionsReader.Read(file, folder) : null,
        };
    }

    private static ExplorerRole Role(StrictObject file, ExplorerStore store)
    {
        if (!file.TryGet("role", out StrictValue value))
        {
            return ExplorerRole.Both;
        }

        ExplorerRole role = value.Name<ExplorerRole>();
        return role == ExplorerRole.Both || store == ExplorerStore.Postgresql
            ? role
            : throw value.Unexpected(
                "both, because the embedded index is of one process; store postgresql is for several");
    }

    private static ImmutableArray<Uri> Endpoints(StrictObject file)
    {
        if (!file.TryGet("endpoints", out StrictValue several))
        {
            return [Endpoint(file.Required("endpoint"))];
        }

        if (file.TryGet("endpoint", out StrictValue one))
        {
            throw one.Unexpected("one of endpoint and endpoints, not both");
        }

        ImmutableArray<Uri> endpoints = several.List(MaxEndpoints, Endpoint);
        return endpoints.IsEmpty || endpoints.Distinct().Count() < endpoints.Length
            ? throw several.Unexpected("at least one node's address, and each once")
            : endpoints;
    }

    private static Uri Endpoint(StrictValue value) =>
        Uri.TryCreate(value.Text(MaxText), UriKind.Absolute, out Uri? endpoint)
            && endpoint.Scheme is "http" or "https" && endpoint.PathAndQuery == "/"
            && endpoint.UserInfo.Length == 0
                ? endpoint
                : throw value.Unexpected("a node's address, such as https://node.example:7201");

    private static NodeTrust? Trust(
        StrictObject file, ImmutableArray<Uri> endpoints, string folder)
    {
        bool hasFile = file.TryGet("caFile", out StrictValue authorities);
        bool hasPins = file.TryGet("pins", out StrictValue pins);
        if (!hasFile && !hasPins)
        {
            return null;
        }

        if (endpoints.Any(static endpoint => endpoint.Scheme != "https"))
        {
            throw (hasFile ? authorities : pins).Unexpected(
                "every endpoint with https://, which it is about");
        }

        if (hasFile && hasPins)
        {
            throw pins.Unexpected("one of caFile and pins, not both");
        }

        if (hasFile)
        {
            return NodeTrust.OfFile(PathOf(authorities, folder));
        }

        ImmutableArray<Hash256> keys = pins.List(MaxPins, static pin => pin.Hash());
        return keys.IsEmpty ? throw pins.Unexpected("at least one key's hash") : NodeTrust.OfPins(keys);
    }

    private static IPAddress Proxy(StrictValue value) =>
        IPAddress.TryParse(value.Text(MaxText), out IPAddress? address)
            ? address
            : throw value.Unexpected("an IP address, such as 10.0.0.7");

    private static IPEndPoint Listen(StrictValue value) =>
        IPEndPoint.TryParse(value.Text(MaxText), out IPEndPoint? endpoint) && endpoint.Port > 0
            ? endpoint
            : throw value.Unexpected("an IP address and a port, such as 127.0.0.1:7401");

    internal static string PathOf(StrictValue value, string folder)
    {
        string text = value.Text(MaxText);
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text, folder)
            : throw value.Unexpected("a path");
    }
}
