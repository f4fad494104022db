// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Protocol;

/// <summary>A connection to the node on this machine, for its operator. Thread-safe.</summary>
public sealed class AdminClient : IDisposable
{
    private readonly RpcChannel _channel;

    private AdminClient(RpcChannel channel)
    {
        _channel = channel;
        Calls = new AdminService.AdminServiceClient(channel);
        Snapshots = new SnapshotService.SnapshotServiceClient(channel);
    }

    /// <summary>What can be asked.</summary>
    public AdminService.AdminServiceClient Calls { get; }

    /// <summary>What can be asked about snapshots.</summary>
    public SnapshotService.SnapshotServiceClient Snapshots { get; }

    /// <summary>Prepares a connection; it is opened by the first call.</summary>
    /// <param name="socketPath">The socket file, absolute, at most <see cref="AdminSocket.MaxPathBytes"/>
    /// bytes.</param>
    public static AdminClient Connect(string socketPath) =>
        new(RpcChannel.ForAddress(new UriBuilder("unix", "") { Path = socketPath }.Uri));

    /// <summary>Ends the connection and every call on it.</summary>
    public void Dispose() => _channel.Dispose();
}
