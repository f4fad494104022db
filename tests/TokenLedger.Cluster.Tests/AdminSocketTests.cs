// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Grpc.Core;
using TokenLedger.Chaos;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Admin.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Cluster.Tests;

/// <summary>The socket file that a node's operator speaks to.</summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
[SupportedOSPlatform("linux")]
public sealed class AdminSocketTests : IDisposable
{
    private const int Configuration = 3;
    private const int Network = 4;

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Socket_RunningNode_IsItsOwnersAloneAndServesNothingElse()
    {
        using var node = new SingleNode(_temporary, "one");
        ulong height = await node.StartAsync();
        string socket = AdminSocket.DefaultOf(node.DataFolder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(socket)!));
        using (var admin = AdminClient.Connect(socket))
        {
            GetNodeStateResponse state = await admin.Calls.GetNodeStateAsync(new GetNodeStateRequest());
            Assert.Equal("validator-1", state.Name);
            Assert.True(state.Validator);
            Assert.True(state.Height >= height);
            Assert.Equal(node.DataFolder, state.DataDirectory);
            Assert.InRange(state.DiskFreeBytes, 1UL, state.DiskTotalBytes);
        }

        using var local = RpcChannel.ForAddress("unix://" + socket);
        await RequireUnknownAsync(async () => await new QueryService.QueryServiceClient(local)
            .GetNodeStatusAsync(new GetNodeStatusRequest()));
        using var api = RpcChannel.ForAddress($"http://127.0.0.1:{node.Port(2)}");
        await RequireUnknownAsync(async () => await new AdminService.AdminServiceClient(api)
            .GetNodeStateAsync(new GetNodeStateRequest()));

        await node.StopAsync();
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task Start_SocketOfAKilledNode_IsReplaced()
    {
        using var node = new SingleNode(_temporary, "one");
        await node.StartAsync();
        node.Dispose();
        Assert.True(File.Exists(AdminSocket.DefaultOf(node.DataFolder)));

        await node.StartAsync();

        using var admin = AdminClient.Connect(AdminSocket.DefaultOf(node.DataFolder));
        Assert.Equal(
            "validator-1", (await admin.Calls.GetNodeStateAsync(new GetNodeStateRequest())).Name);
    }

    [Fact]
    public async Task Start_SocketThatCannotBeUsed_SaysWhyAndLeavesIt()
    {
        using var node = new SingleNode(_temporary, "one");
        string open = node.Beside("open");
        Directory.CreateDirectory(open);
        File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.GroupExecute);
        string plain = Path.Combine(node.Beside("closed"), "plain");
        Directory.CreateDirectory(
            node.Beside("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(plain, "not a socket");

        await RequireRefusedAsync(node, Path.Combine(open, "admin.sock"), "ADMIN_SOCKET", Configuration);
        await RequireRefusedAsync(node, plain, "ADMIN_SOCKET", Configuration);
        await RequireRefusedAsync(
            node, Path.Combine(node.Beside(new string('x', 108)), "s"), "ADMIN_SOCKET", Configuration);
        Assert.Equal("not a socket", File.ReadAllText(plain));

        string taken = Path.Combine(node.Beside("closed"), "taken.sock");
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(taken));
        other.Listen();
        await RequireRefusedAsync(node, taken, "ADMIN_SOCKET_OCCUPIED", Network);
        Assert.True(File.Exists(taken));
    }

    private static Task RequireRefusedAsync(SingleNode node, string socket, string code, int exitCode)
    {
        node.Configure(root => root["admin"] = new JsonObject { ["socket"] = socket });
        return node.RequireFailsAsync(code, exitCode);
    }

    private static async Task RequireUnknownAsync(Func<Task> call) =>
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
}
