// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>Every page that a reader can reach by links, in both languages.</summary>
[Collection(BusySite.Name)]
public sealed partial class WalkTests(BusySite busy)
{
    private static readonly string[] Kinds =
    [
        "assets", "asset", "holders", "institutions", "institution", "proposals", "proposal", "reserves",
        "freezes", "blocks", "block", "transactions", "transaction", "events", "event", "account", "bridge",
        "about", "check",
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Links_FromTheFirstPage_LeadToPagesThatAreThere(string language)
    {
        var seen = new HashSet<string> { $"/{language}/" };
        var next = new Queue<string>(seen);
        var kinds = new HashSet<string>();
        while (next.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = await busy.Host.Http.GetAsync(new Uri(path, UriKind.Relative));
            string text = await answer.Content.ReadAsStringAsync();
            IEnumerable<string> found = [];
            switch (answer.StatusCode)
            {
                case HttpStatusCode.Redirect:
                    found = [answer.Headers.Location!.ToString()];
                    break;
                case HttpStatusCode.OK:
                    found = Read(path, language, answer, text);
                    kinds.UnionWith(path.Split('?')[0].Split('/'));
                    break;
                default:
                    Assert.Fail($"{path}: {answer.StatusCode} {text[..Math.Min(500, text.Length)]}");
                    break;
            }

            foreach (string link in found)
            {
                // A state of the past is like the newest; one step into it suffices.
                bool past = path.Contains("at=", StringComparison.Ordinal);
                if (link.StartsWith($"/{language}/", StringComparison.Ordinal) && !past && seen.Add(link))
                {
                    next.Enqueue(link);
                }
            }
        }

        Assert.All(Kinds, kind => Assert.Contains(kind, kinds));
        Assert.True(seen.Count > busy.Chain.Blocks.Count, $"{seen.Count} pages");
    }

    private static IEnumerable<string> Read(
        string path, string language, HttpResponseMessage answer, string text)
    {
        string type = answer.Content.Headers.ContentType!.MediaType!;
        if (type == "application/json")
        {
            using JsonDocument document = JsonDocument.Parse(text);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            return [];
        }

        if (type == "text/csv")
        {
            Assert.Contains(",", text.Split("\r\n")[0], StringComparison.Ordinal);
            return [];
        }

        Assert.Contains($"<html lang=\"{language}\"", text, StringComparison.Ordinal);
        Assert.Contains("</html>", text, StringComparison.Ordinal);
        Assert.Single(Heading().Matches(text));
        string shown = Raw().Replace(text, "");
        Match placeholder = Placeholder().Match(shown);
        Assert.False(placeholder.Success, $"{path} shows {placeholder.Value}");
        Assert.DoesNotContain("style=\"", text, StringComparison.Ordinal);
        return Link().Matches(text).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value));
    }

    [GeneratedRegex("<h1[ >]")]
    private static partial Regex Heading();

    [GeneratedRegex("<pre.*?</pre>", RegexOptions.Singleline)]
    private static partial Regex Raw();

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("<a[^>]* href=\"(/[^\"#]*)\"")]
    private static partial Regex Link();
}
