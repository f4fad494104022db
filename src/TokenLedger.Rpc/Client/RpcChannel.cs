// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net.Sockets;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// A channel over one HTTP/2 connection, which comes up with the first call and again after a failure.
/// Thread-safe. A server lets some 100 calls through a connection at a time and the others wait; so
/// long-lived streams and bulk belong on a channel of their own.
/// </summary>
public sealed class RpcChannel : ChannelBase, IDisposable
{
    private const string UnixScheme = "unix";

    /// <summary>What a server behind a socket file is told it was called.</summary>
    private static readonly Uri LocalHost = new("http://localhost/");

    private readonly ConcurrentDictionary<string, Uri> _methodUris = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private int _closed;

    private RpcChannel(Uri address, RpcChannelOptions options)
        : base(address.ToString())
    {
        bool local = address.Scheme == UnixScheme;
        _address = local ? LocalHost : address;
        Options = options;
        Shutdown = _shutdown.Token;
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseCookies = false,
            UseProxy = false,
        };
        if (options.SslOptions is { } ssl)
        {
            handler.SslOptions = ssl;
        }

        if (local)
        {
            var socket = new UnixDomainSocketEndPoint(Uri.UnescapeDataString(address.AbsolutePath));
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken);
        }

        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    internal RpcChannelOptions Options { get; }

    /// <summary>Ends every open call; disposing the HTTP handler alone would leave streams open.</summary>
    internal CancellationToken Shutdown { get; }

    /// <summary>Creates a channel; nothing is sent yet.</summary>
    /// <param name="address">
    /// <c>http://host:port</c> (HTTP/2 in clear text), <c>https://host:port</c>, or <c>unix:///path</c> for a
    /// socket file of this machine (HTTP/2 in clear text).
    /// </param>
    /// <param name="options">Limits and TLS; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address has another scheme, or a path where none belongs.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A socket's path is longer than the system takes.
    /// </exception>
    public static RpcChannel ForAddress(Uri address, RpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        bool known = address.IsAbsoluteUri && address.Scheme switch
        {
            "http" or "https" => address.PathAndQuery == "/",
            UnixScheme => address is { Host: "", Query: "", AbsolutePath.Length: > 1 },
            _ => false,
        };
        if (!known)
        {
            throw new ArgumentException(
                $"'{address}' is not http://host:port, https://host:port or unix:///path.", nameof(address));
        }

        return new RpcChannel(address, options ?? new RpcChannelOptions());
    }

    /// <inheritdoc cref="ForAddress(Uri, RpcChannelOptions)"/>
    public static RpcChannel ForAddress(string address, RpcChannelOptions? options = null) =>
        ForAddress(new Uri(address, UriKind.Absolute), options);

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => new ChannelInvoker(this);

    /// <summary>Ends the open calls with CANCELLED and closes the connection. May be called again.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _shutdown.Cancel();
            _http.Dispose();
            _shutdown.Dispose();
        }
    }

    internal Uri UriOf(IMethod method) =>
        _methodUris.GetOrAdd(method.FullName, static (path, address) => new Uri(address, path), _address);

    /// <summary>Sends a request, and ends when the response's headers are here.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <exception cref="ObjectDisposedException">The channel was shut down.</exception>
    internal void RequireOpen() => ObjectDisposedException.ThrowIf(_closed != 0, this);

    private static async ValueTask<Stream> ConnectAsync(
        UnixDomainSocketEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
