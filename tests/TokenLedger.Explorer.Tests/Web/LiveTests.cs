// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Explorer.Web;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>New blocks as they come.</summary>
public sealed class LiveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Live_FromAnyPlace_MissesNoBlock()
    {
        FinalChain chain = Activity.Chain(seed: 9, steps: 8);
        await using SiteHost site = await SiteHost.StartAsync(chain, blocks: 10);
        using var patience = new CancellationTokenSource(Patience);
        using (HttpResponseMessage first = await OpenAsync(site, null, patience.Token))
        {
            Assert.Equal("text/event-stream", first.Content.Headers.ContentType!.MediaType);
            using var lines = new StreamReader(await first.Content.ReadAsStreamAsync(patience.Token));

            // A new reader gets the newest block, then each that follows.
            Assert.Equal([9UL], await IdsAsync(lines, 1, patience.Token));
            await site.IndexAsync(12);
            Assert.Equal([10UL, 11UL], await IdsAsync(lines, 2, patience.Token));
        }

        await site.IndexAsync(20);
        using HttpResponseMessage again = await OpenAsync(site, 11, patience.Token);
        using var rest = new StreamReader(await again.Content.ReadAsStreamAsync(patience.Token));
        Assert.Equal(
            Enumerable.Range(12, 8).Select(static i => (ulong)i), await IdsAsync(rest, 8, patience.Token));
    }

    [Fact]
    public async Task Live_TooManyMissed_SaysSoAndGoesOnWithTheNewest()
    {
        FinalChain chain = Activity.Chain(seed: 9, steps: 60);
        Assert.True(chain.Blocks.Count > LiveStream.MaxReplay + 2);
        await using SiteHost site = await SiteHost.StartAsync(chain);
        using var patience = new CancellationTokenSource(Patience);
        using HttpResponseMessage answer = await OpenAsync(site, 0, patience.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        var seen = new List<string>();
        while (seen.LastOrDefault()?.StartsWith("id:", StringComparison.Ordinal) != true)
        {
            seen.Add((await lines.ReadLineAsync(patience.Token))!);
        }

        Assert.Contains("event: reset", seen);
        Assert.Equal($"id: {chain.Blocks.Count - 1}", seen[^1]);
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        SiteHost site, ulong? last, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/live", UriKind.Relative));
        if (last is { } seen)
        {
            request.Headers.Add("Last-Event-ID", seen.ToString(CultureInfo.InvariantCulture));
        }

        HttpResponseMessage answer = await site.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private static async Task<List<ulong>> IdsAsync(
        StreamReader lines, int count, CancellationToken cancellationToken)
    {
        var ids = new List<ulong>();
        while (ids.Count < count)
        {
            string line = (await lines.ReadLineAsync(cancellationToken))!;
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                ids.Add(ulong.Parse(line[4..], CultureInfo.InvariantCulture));
            }
        }

        return ids;
    }
}
