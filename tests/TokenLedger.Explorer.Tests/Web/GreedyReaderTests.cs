// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>One reader that takes all that it can get, beside one that only wants a page.</summary>
public sealed class GreedyReaderTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly IPAddress Greedy = IPAddress.Parse("127.0.0.9");

    [Fact]
    public async Task Connections_OfOneReader_LeaveOthersRoom()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 5));
        var held = new List<Socket>();
        try
        {
            for (int i = 0; i < SiteLimits.ConnectionsOfOne; i++)
            {
                held.Add(await ConnectAsync(site));
            }

            // The last one that may be there is served; the next one is ended.
            Assert.StartsWith(
                "HTTP/1.1 200", await AskAsync(held[^1], "/health/live"), StringComparison.Ordinal);
            held.Add(await ConnectAsync(site));
            Assert.Equal("", await AskAsync(held[^1], "/health/live"));
            await site.GetAsync("/en/");
        }
        finally
        {
            held.ForEach(static socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Connection_ThatIsIdle_IsEnded()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 5));
        using Socket socket = await ConnectAsync(site);
        await AskAsync(socket, "/health/live");
        using var patience = new CancellationTokenSource(Within);
        byte[] rest = new byte[4096];
        while (await socket.ReceiveAsync(rest, patience.Token) > 0)
        {
            // The end of the answer comes before the end of the connection.
        }
    }

    [Fact]
    public async Task Live_ManyStreamsToOneReader_LeaveOthersTheirs()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 5));
        var held = new List<Socket>();
        try
        {
            for (int i = 0; i <= SiteLimits.LiveReadersOfOne; i++)
            {
                held.Add(await ConnectAsync(site));
                string first = await AskAsync(held[^1], "/live");
                Assert.StartsWith(
                    i < SiteLimits.LiveReadersOfOne ? "HTTP/1.1 200" : "HTTP/1.1 503", first,
                    StringComparison.Ordinal);
            }

            using HttpResponseMessage other = await site.Http.GetAsync(
                new Uri("/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }
        finally
        {
            held.ForEach(static socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Manifest_ThatWasComputed_IsNotComputedAgain()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 20));
        string first = await site.GetAsync("/en/events?format=manifest&at=12");
        using IDisposable? computing = site.Exports.Manifests.TryTake(null);
        Assert.NotNull(computing);
        Assert.Equal(first, await site.GetAsync("/ur/events?format=manifest&at=12"));
        await site.GetAsync("/en/events?format=manifest&at=13", HttpStatusCode.ServiceUnavailable);
        await site.GetAsync("/en/blocks?format=manifest&at=12", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Files_OfOneReader_LeaveOthersTheirs()
    {
        await using SiteHost site = await SiteHost.StartAsync(Activity.Chain(seed: 9, steps: 20));
        for (int i = 0; i < SiteLimits.FilesOfOne; i++)
        {
            Assert.NotNull(site.Exports.Files.TryTake(Greedy));
        }

        using Socket greedy = await ConnectAsync(site);
        Assert.StartsWith(
            "HTTP/1.1 503", await AskAsync(greedy, "/en/events?format=csv"), StringComparison.Ordinal);
        await site.GetAsync("/en/events?format=csv");
    }

    [Fact]
    public async Task File_WhoseReaderDoesNotRead_IsCutOff()
    {
        var ended = new TaskCompletionSource<Exception?>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPresentation();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using WebApplication app = builder.Build();
        app.Run(async context =>
        {
            try
            {
                await CsvExport.WriteAsync(
                    context, new CsvTable("endless", ["a"], Endless), 1, context.RequestAborted);
                ended.SetResult(null);
            }
            catch (OperationCanceledException e)
            {
                ended.SetResult(e);
            }
        });
        await app.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        await AskAsync(socket, "/");
        Assert.NotNull(await ended.Task.WaitAsync(Within));
        await app.StopAsync(new CancellationToken(true));
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> Endless(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.CompletedTask;
            yield return ["0123456789012345678901234567890123456789"];
        }
    }

    private static async Task<Socket> ConnectAsync(SiteHost site)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Greedy, 0));
        await socket.ConnectAsync(IPAddress.Loopback, site.Http.BaseAddress!.Port);
        return socket;
    }

    /// <summary>What comes first as an answer; empty when the connection was ended.</summary>
    private static async Task<string> AskAsync(Socket socket, string path)
    {
        using var patience = new CancellationTokenSource(Within);
        byte[] answer = new byte[256];
        try
        {
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), patience.Token);
            int read = await socket.ReceiveAsync(answer, patience.Token);
            return Encoding.ASCII.GetString(answer, 0, read);
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
