// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace TokenLedger.Cli.Tests.Networks;

/// <summary>Two ends of one TCP connection on the loopback address.</summary>
internal sealed class LoopbackPair : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _client = new();
    private TcpClient? _server;

    public NetworkStream Client => _client.GetStream();

    public NetworkStream Server => _server!.GetStream();

    public async Task ConnectAsync()
    {
        _listener.Start();
        Task<TcpClient> accepting = _listener.AcceptTcpClientAsync();
        await _client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        _server = await accepting;
    }

    public void Dispose()
    {
        _server?.Dispose();
        _client.Dispose();
        _listener.Dispose();
    }
}
