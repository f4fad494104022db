// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Rpc.Tests;

/// <summary>A server of interop.proto in some language, with a port in clear text and one with TLS.</summary>
public abstract class InteropServer : IAsyncLifetime
{
    private protected TestCertificates Certificates { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("rpc-interop-").FullName;

    private protected abstract Task<(Uri Plain, Uri Tls)> StartAsync();

    private protected abstract ValueTask StopAsync();

    private (Uri Plain, Uri Tls) _addresses;

    public async Task InitializeAsync()
    {
        Certificates.WritePem(Folder);
        _addresses = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Certificates.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    internal RpcChannel OpenChannel(bool tls, RpcChannelOptions? options = null) =>
        RpcChannel.ForAddress(
            tls ? _addresses.Tls : _addresses.Plain,
            (options ?? new RpcChannelOptions()) with
            {
                SslOptions = new()
                {
                    RemoteCertificateValidationCallback = (_, server, _, _) => Certificates.Accepts(
                        server as System.Security.Cryptography.X509Certificates.X509Certificate2),
                },
            });
}

public sealed class CSharpServer : InteropServer
{
    private TestServer? _server;

    private protected override async Task<(Uri Plain, Uri Tls)> StartAsync()
    {
        _server = await TestServer.StartAsync(
            new RpcServerOptions { CompressResponses = true }, null, false, Certificates);
        return (_server.PlainAddress, _server.TlsAddress);
    }

    private protected override ValueTask StopAsync() => _server!.DisposeAsync();
}

public abstract class ForeignServer : InteropServer
{
    private ForeignProcess? _process;

    private protected abstract ForeignProcess StartProcess();

    private protected override async Task<(Uri Plain, Uri Tls)> StartAsync()
    {
        _process = StartProcess();
        var (port, tlsPort) = await _process.WaitUntilReadyAsync();
        return (new Uri($"http://127.0.0.1:{port}"), new Uri($"https://localhost:{tlsPort}"));
    }

    private protected override ValueTask StopAsync()
    {
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PythonServer : ForeignServer
{
    private protected override ForeignProcess StartProcess() =>
        ForeignProcess.StartPython("server.py", Folder);
}

public sealed class NodeServer : ForeignServer
{
    private protected override ForeignProcess StartProcess() =>
        ForeignProcess.StartNode("server.js", ForeignProcess.Proto, Folder);
}
