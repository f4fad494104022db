// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Verifier;
using TokenLedger.Explorer.Web;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>The explorer's pages on a port of this machine, over an index that was filled from a
/// chain.</summary>
internal sealed class SiteHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IIndexStore _store;
    private readonly FinalChain _chain;
    private readonly Failures _failures;

    private SiteHost(WebApplication app, IIndexStore store, FinalChain chain, Failures failures)
    {
        (_app, _store, _chain, _failures) = (app, store, chain, failures);
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
        })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public HttpClient Http { get; }

    public IIndexStore Store => _store;

    public FollowerState Follower => _app.Services.GetRequiredService<FollowerState>();

    public ExportPlaces Exports => _app.Services.GetRequiredService<ExportPlaces>();

    /// <summary>A site that has indexed all of a chain, or so many blocks; with proofs from a
    /// node.</summary>
    public static async Task<SiteHost> StartAsync(FinalChain chain, int? blocks = null, Uri? node = null)
    {
        var failures = new Failures();
        IIndexStore store = EmbeddedIndexStore.Open(
            new MemoryStore(new MemoryDisk(), IndexFormat.Families), chain.GenesisHash);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "tokenledger-explorer" });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddProvider(failures);
        builder.Services.AddPresentation();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<FollowerState>();
        if (node is not null)
        {
            var options = new ExplorerOptions(
                [node], null, chain.GenesisHash, "data", new IPEndPoint(IPAddress.Loopback, 0));
            builder.Services.AddSingleton(_ => new NodeProofs(options));
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.UsePresentation();
        ExplorerEndpoints.Map(app);
        await app.StartAsync();
        var host = new SiteHost(app, store, chain, failures);
        await host.IndexAsync(blocks ?? chain.Blocks.Count);
        return host;
    }

    /// <summary>The index as pages see it now.</summary>
    public async Task<IIndexView> ViewAsync() => (await _store.ViewAsync(default))!;

    /// <summary>Indexes the chain's blocks up to a number of them.</summary>
    public async Task IndexAsync(int count)
    {
        var projector = new Projector(_store);
        int done = (int)((await _store.CursorAsync(default))?.Height.Value + 1 ?? 0);
        foreach (VerifiedBlock block in _chain.Verified().Take(count).Skip(done))
        {
            IndexCursor cursor = await projector.ApplyAsync(_chain.Genesis, block, default);
            Follower.Change(status => status with
            {
                Cursor = cursor,
                NodeHeight = cursor.Height,
                Connected = true,
                Heard = TimeProvider.System.GetUtcNow(),
            });
        }
    }

    /// <summary>A page that must be there, as text.</summary>
    public async Task<string> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(
            expected == answer.StatusCode,
            $"{path}: {answer.StatusCode}, not {expected}. {_failures.Last} "
                + text[..Math.Min(300, text.Length)]);
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Keeps what a page threw, for the message of the test that fails of it.</summary>
    private sealed class Failures : ILoggerProvider, ILogger
    {
        public string Last { get; private set; } = "";

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Last = exception?.ToString() ?? Last;

        public void Dispose()
        {
        }
    }
}
