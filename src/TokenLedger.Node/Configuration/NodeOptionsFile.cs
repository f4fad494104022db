// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Snapshots;
using TokenLedger.Node.Bridging;
using TokenLedger.Protocol;
using TokenLedger.Runtime.Snapshots;

namespace TokenLedger.Node.Configuration;

/// <summary>
/// Reads node.json. Unknown keys are refused, with the nearest known one named; paths are relative to it.
/// </summary>
internal static class NodeOptionsFile
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 4 * 1024;
    private const ulong ScrubHours = 7 * 24;
    private const ulong MaxScrubHours = 90 * 24;

    /// <summary>A number that JSON's readers agree on.</summary>
    private const ulong MaxBlocks = 1UL << 53;

    public static NodeOptions Load(string path)
    {
        string full = Path.GetFullPath(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(full);
        }
        catch (IOException e)
        {
            throw new NodeConfigurationException(
                "CONFIGURATION_MISSING", $"{full} cannot be read: {e.Message}");
        }

        return Read(bytes, Path.GetDirectoryName(full) ?? "/");
    }

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="folder">What its paths are relative to; absolute.</param>
    /// <exception cref="StrictJsonException">They are no configuration.</exception>
    public static NodeOptions Read(ReadOnlyMemory<byte> utf8, string folder) =>
        StrictJson.Read(utf8, MaxBytes, root => root.Object(file => Read(file, folder)));

    private static NodeOptions Read(StrictObject file, string folder) =>
        Read(file, folder, PathOf(file.Required("dataDirectory"), folder));

    private static NodeOptions Read(StrictObject file, string folder, string data) => new(
        file.Required("name").Text(MaxText),
        PathOf(file.Required("genesis"), folder),
        data,
        file.Optional<KeyFile?>("voteKey", null, value => value.Object(key => new KeyFile(
            PathOf(key.Required("keystore"), folder),
            PathOf(key.Required("passwordFile"), folder),
            Outside(key.Required("guard"), folder, data)))),
        file.Required("tls").Object(tls => Tls(tls, folder)),
        file.Required("peers").Object(peers => new PeerOptions(
            Listen(peers.Required("listen")),
            peers.Required("addresses").Object(Addresses),
            peers.Optional<ImmutableArray<Hash256>>(
                "observers", [], list => list.List(Limits.Observers, pin => pin.Hash())))),
        file.Required("api").Object(api => Api(api, folder)),
        file.Required("operations").Object(operations => Listen(operations.Required("listen"))),
        file.Optional("sync", DefaultSync, sync => sync.Object(Sync)),
        file.Optional("admin", AdminSocket.DefaultOf(data), admin => admin.Object(
            local => PathOf(local.Required("socket"), folder))),
        TimeSpan.FromHours(file.Optional(
            "scrub", ScrubHours, scrub => scrub.Object(
                given => given.Required("hours").Number(1, MaxScrubHours)))),
        file.Optional<BridgeOptions?>("bridge", null, bridge => bridge.Object(
            given => BridgeOptionsReader.Read(given, value => PathOf(value, folder)))),
        file.Optional("sandbox", false, static sandbox => sandbox.Object(
            static given => given.Required("faults").Flag())));

    private static SyncSettings DefaultSync { get; } = new(
        SnapshotOptions.DefaultEveryBlocks, StateSyncOptions.DefaultBehindBlocks, null);

    private static SyncSettings Sync(StrictObject sync) => new(
        sync.Optional("snapshotEveryBlocks", DefaultSync.SnapshotEveryBlocks, Blocks),
        sync.Optional("stateSyncBehindBlocks", DefaultSync.StateSyncBehindBlocks, Blocks),
        sync.Optional<Checkpoint?>("checkpoint", null, pinned => pinned.Object(block => new Checkpoint(
            new Height(block.Required("height").Number(1, MaxBlocks)), block.Required("hash").Hash()))));

    private static ulong Blocks(StrictValue value) => value.Number(0, MaxBlocks);

    /// <summary>Keys in cleartext are anybody's: they are taken over TLS, or from this machine.</summary>
    private static ApiOptions Api(StrictObject api, string folder)
    {
        StrictValue listen = api.Required("listen");
        var options = new ApiOptions(
            Listen(listen),
            api.Optional<TlsFiles?>("tls", null, tls => tls.Object(files => Tls(files, folder))),
            api.Optional("quota", ClientQuota.Default, static quota => quota.Object(Quota)),
            api.Optional<string?>("principals", null, value => PathOf(value, folder)));
        return options.Principals is null || options.Tls is not null
            || IPAddress.IsLoopback(options.Listen.Address)
            ? options
            : throw listen.Unexpected("a loopback address, or api.tls: principals' keys need it");
    }

    private static ClientQuota Quota(StrictObject quota) => new(
        (int)quota.Required("connections").Number(1, Limits.ApiConnections),
        (int)quota.Required("callsPerSecond").Number(Limits.ApiCostlyCall, 1_000_000));

    private static TlsFiles Tls(StrictObject tls, string folder) =>
        new(PathOf(tls.Required("certificate"), folder), PathOf(tls.Required("key"), folder));

    private static ImmutableSortedDictionary<string, DnsEndPoint> Addresses(StrictObject addresses)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, DnsEndPoint>(StringComparer.Ordinal);
        foreach (string name in addresses.Keys.ToArray())
        {
            StrictValue value = addresses.Required(name);
            string text = value.Text(MaxText);
            int colon = text.LastIndexOf(':');
            if (colon <= 0 || !TryPort(text[(colon + 1)..], out int port))
            {
                throw value.Unexpected("host:port");
            }

            found[name] = new DnsEndPoint(text[..colon], port);
        }

        return found.ToImmutable();
    }

    private static IPEndPoint Listen(StrictValue value) =>
        IPEndPoint.TryParse(value.Text(MaxText), out IPEndPoint? endpoint) && endpoint.Port > 0
            ? endpoint
            : throw value.Unexpected("an IP address and a port, such as 127.0.0.1:7101");

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= 65_535;

    /// <summary>A guard within the data folder would come back with it from a backup, and guard nothing.
    /// </summary>
    private static string Outside(StrictValue value, string folder, string data)
    {
        string path = PathOf(value, folder);
        return path.StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? throw value.Unexpected("a path outside dataDirectory, whose backups must not have the guard")
            : path;
    }

    private static string PathOf(StrictValue value, string folder)
    {
        string text = value.Text(MaxText);
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? Path.GetFullPath(text, folder)
            : throw value.Unexpected("a path");
    }
}
