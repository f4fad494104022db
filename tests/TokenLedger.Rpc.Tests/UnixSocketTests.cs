// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>Channels to a socket file.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger rpc ü ").FullName;

    private string SocketPath => Path.Combine(_folder, "a socket");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Call_ServerAtASocketFile_IsAnsweredAndAgainAfterARestart()
    {
        using var channel = RpcChannel.ForAddress(new UriBuilder("unix", "") { Path = SocketPath }.Uri);
        var client = new Interop.InteropClient(channel);
        for (int run = 0; run < 2; run++)
        {
            await using WebApplication app = await ServeAsync();
            Assert.Equal(7, (await EchoAsync(client)).Number);
            await app.StopAsync();
        }

        RpcException gone = await Assert.ThrowsAsync<RpcException>(
            async () => await client.EchoAsync(new Payload()));
        Assert.Equal(StatusCode.Unavailable, gone.StatusCode);
    }

    [Theory]
    [InlineData("unix://host/path")]
    [InlineData("unix:///")]
    [InlineData("unix:///path?query")]
    [InlineData("http://host/path")]
    [InlineData("ftp://host/")]
    public void ForAddress_AddressThatIsNone_IsRefused(string address) =>
        Assert.ThrowsAny<ArgumentException>(() => RpcChannel.ForAddress(address));

    [Fact]
    public void ForAddress_PathLongerThanTheSystemTakes_IsRefused() => Assert.ThrowsAny<ArgumentException>(
        () => RpcChannel.ForAddress("unix:///" + new string('x', 200)));

    /// <summary>A call that meets the end of the old server's connection is refused once, as one over TCP
    /// would be; the next one opens a connection of its own.</summary>
    private static async Task<Payload> EchoAsync(Interop.InteropClient client)
    {
        try
        {
            return await client.EchoAsync(new Payload { Number = 7 });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return await client.EchoAsync(new Payload { Number = 7 });
        }
    }

    private async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ListenUnixSocket(SocketPath, listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.MapRpcService(new InteropService());
        await app.StartAsync();
        return app;
    }
}
