// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Admin.V1;

namespace TokenLedger.Cli.Network;

/// <summary>How an operator names the node on this machine: its node.json, or its socket file.</summary>
internal sealed class LocalNodeOptions
{
    public Option<string?> Config { get; } = Inputs.Optional(
        "--node-config", "FILE", "The node on this machine: its node.json.");

    public Option<string?> Socket { get; } = Inputs.Optional(
        "--socket", "FILE", "The node on this machine: the socket file of its admin.socket.");
}

/// <summary>The connection to the node on this machine, over a socket file that only its owner
/// opens.</summary>
internal sealed class LocalNode : IDisposable
{
    private readonly AdminClient _client;
    private readonly string _socket;

    private LocalNode(string socket)
    {
        _socket = socket;
        _client = AdminClient.Connect(socket);
    }

    public AdminService.AdminServiceClient Calls => _client.Calls;

    public SnapshotService.SnapshotServiceClient Snapshots => _client.Snapshots;

    /// <summary>Finds the node; nothing is sent yet.</summary>
    /// <exception cref="CliException">It was not named, or node.json is none.</exception>
    public static LocalNode Open(Session session, LocalNodeOptions options)
    {
        if (session.Value(options.Socket) is { } socket)
        {
            return OfSocket(session.Environment.FullPath(socket));
        }

        return session.Value(options.Config) is { } config
            ? OfSocket(SocketOf(session.Environment.FullPath(config)))
            : throw CliException.Usage(
                "Nothing says which node of this machine is meant.",
                next: "Pass --node-config node.json, or --socket FILE.");
    }

    /// <summary>What a failed call means to its operator.</summary>
    public CliException Explain(RpcException failure) => RpcFailure.IsOfTransport(failure)
        ? new CliException(
            "NODE_UNREACHABLE", ExitCode.Failed, $"No node answers at {_socket}.", failure.Status.Detail,
            "Is it running, and do you run this as the node's user?")
        : RpcFailure.ToCli(failure, new Uri("unix://" + _socket));

    public void Dispose() => _client.Dispose();

    private static LocalNode OfSocket(string path) =>
        System.Text.Encoding.UTF8.GetByteCount(path) <= AdminSocket.MaxPathBytes
            ? new LocalNode(path)
            : throw CliException.Usage(
                $"{path} is longer than the {AdminSocket.MaxPathBytes} bytes that a socket's path may have.");

    private static string SocketOf(string config)
    {
        try
        {
            string folder = Path.GetDirectoryName(config)!;
            JsonNode? root = JsonNode.Parse(File.ReadAllText(config));
            if (Text(root?["admin"]?["socket"]) is { } socket)
            {
                return Path.GetFullPath(socket, folder);
            }

            return Text(root?["dataDirectory"]) is { } data
                ? AdminSocket.DefaultOf(Path.GetFullPath(data, folder))
                : throw Bad(config, "It has no dataDirectory.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Bad(config, e.Message);
        }
        catch (IOException e)
        {
            throw new CliException(
                "NODE_CONFIG_UNKNOWN", ExitCode.NotFound, $"{config} cannot be read.", e.Message,
                "Pass the node.json that the node was started with.");
        }
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static CliException Bad(string config, string why) => new(
        "NODE_CONFIG_INVALID", ExitCode.Usage, $"{config} is no configuration of a node.", why,
        "Pass the node.json that the node was started with.");
}
