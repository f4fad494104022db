// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;

namespace TokenLedger.Rpc;

/// <summary>
/// A channel over one HTTP/2 connection, which comes up with the first call and again after a failure.
/// Thread-safe. A server lets some 100 calls through a connection at a time and the others wait; so
/// long-lived streams and bulk belong on a channel of their own.
/// </summary>
public sealed class RpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<string, Uri> _methodUris = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private int _closed;

    private RpcChannel(Uri address, RpcChannelOptions options)
        : base(address.ToString())
    {
        _address = address;
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

        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    internal RpcChannelOptions Options { get; }

    /// <summary>Ends every open call; disposing the HTTP handler alone would leave streams open.</summary>
    internal CancellationToken Shutdown { get; }

    /// <summary>Creates a channel; nothing is sent yet.</summary>
    /// <param name="address">
    /// <c>http://host:port</c> (HTTP/2 in clear text) or <c>https://host:port</c>.
    /// </param>
    /// <param name="options">Limits and TLS; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address has another scheme, or a path.</exception>
    public static RpcChannel ForAddress(Uri address, RpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") ||
            address.PathAndQuery != "/")
        {
            throw new ArgumentException(
                $"'{address}' is not http://host:port or https://host:port.", nameof(address));
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

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
