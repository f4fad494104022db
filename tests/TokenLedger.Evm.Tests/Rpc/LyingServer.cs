// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenLedger.Evm.Tests;

/// <summary>
/// Takes requests of HTTP on a port of this machine, and writes to the socket whatever it is told: also what
/// no server of HTTP would.
/// </summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _lie;
    private readonly Task _accepting;

    /// <summary>Starts.</summary>
    /// <param name="lie">
    /// Gets a request's body, and the stream to write to; the connection ends after it.
    /// </param>
    public LyingServer(Func<string, NetworkStream, CancellationToken, Task> lie)
    {
        _lie = lie;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new(string.Create(
        CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

    /// <summary>A server that answers with these bytes as they are.</summary>
    public static LyingServer Raw(string answer) => Raw(Encoding.Latin1.GetBytes(answer));

    public static LyingServer Raw(byte[] answer) => new((_, stream, cancel) =>
        stream.WriteAsync(answer, cancel).AsTask());

    /// <summary>A server that answers properly with this body.</summary>
    public static LyingServer Body(byte[] body, string status = "200 OK", string headers = "") =>
        Raw([
            .. Encoding.Latin1.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"),
            .. body,
        ]);

    public static LyingServer Body(string body, string status = "200 OK", string headers = "") =>
        Body(Encoding.UTF8.GetBytes(body), status, headers);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (
            e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                await _lie(await ReadAsync(stream, _end.Token), stream, _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client has had enough, or the test has.
            }
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var text = new StringBuilder();
        byte[] chunk = new byte[4096];
        while (await stream.ReadAsync(chunk, cancel) is > 0 and var count)
        {
            text.Append(Encoding.UTF8.GetString(chunk, 0, count));
            string all = text.ToString();
            int end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            const string Length = "Content-Length: ";
            int at = all.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
            if (end >= 0 && at >= 0)
            {
                string digits = all[(at + Length.Length)..all.IndexOf('\r', at)];
                if (all.Length - end - 4 >= int.Parse(digits, CultureInfo.InvariantCulture))
                {
                    return all[(end + 4)..];
                }
            }
        }

        return text.ToString();
    }
}
