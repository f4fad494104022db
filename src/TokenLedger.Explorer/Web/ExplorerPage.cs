// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Web;

/// <summary>What pages are made of.</summary>
/// <param name="Store">The index.</param>
/// <param name="Follower">How it stands to its node.</param>
/// <param name="Clock">The time.</param>
/// <param name="Exports">Places for long answers.</param>
internal sealed record Site(
    IIndexStore Store, FollowerState Follower, TimeProvider Clock, ExportPlaces Exports)
{
    /// <summary>Milliseconds since 1970 UTC.</summary>
    public ulong NowMs => (ulong)Math.Max(0, Clock.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>
/// What all pages have in common: one moment of the index for the whole answer, the language, the height, the
/// form (HTML, JSON, CSV), and problems in words.
/// </summary>
internal abstract class ExplorerPage(Site site) : PageModel
{
    private const string Json = "application/json";

    /// <summary>What the page shows.</summary>
    public Sheet Sheet { get; private set; } = new("");

    /// <summary>The page's JSON, to be shown at its end; null for a page that does not show it.</summary>
    public string? ShownJson { get; private set; }

    /// <summary>The language in the path.</summary>
    protected SiteLanguage Language => Address.Language;

    private LanguagePath Address =>
        LanguagePath.TryParse(Asked, out LanguagePath parsed) ? parsed : default;

    // In place of a page that failed another one answers, under the path that was asked for.
    private string Asked =>
        HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? Request.Path.Value ?? "";

    private string Format => Request.Query["format"].ToString();

    private bool AcceptsJson =>
        Request.Headers.Accept.ToString().StartsWith(Json, StringComparison.OrdinalIgnoreCase);

    private bool WantsJson => Format == "json" || (Format.Length == 0 && AcceptsJson);

    /// <summary>Finds out what the page says.</summary>
    protected abstract Task<PageAnswer> LoadAsync(PageRequest request, CancellationToken cancellationToken);

    /// <summary>The answer to GET, and to HEAD without its body.</summary>
    public virtual async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Response.Headers.CacheControl = "no-cache";
        Response.Headers.Vary = HeaderNames.Accept;
        try
        {
            return await LookAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IndexUnavailableException) when (!Response.HasStarted)
        {
            // What a file said of itself is not true of the answer that comes in its place.
            Response.ContentType = null;
            Response.Headers.ContentDisposition = default;
            return Answer(Problems.NoIndex(Language).Problem, cursor: null);
        }
    }

    private async Task<IActionResult> LookAsync(CancellationToken cancellationToken)
    {
        await using IIndexView? view = await site.Store.ViewAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (view is null)
            {
                throw Problems.Starting(Language);
            }

            PageRequest request = await PageRequest.OpenAsync(
                Request, view, Language, site.NowMs, cancellationToken).ConfigureAwait(false);
            if (Format is not ("" or "json" or "csv" or "manifest"))
            {
                throw Problems.BadInput(request.Query("format") ?? "", Language);
            }

            PageAnswer answer = await LoadAsync(request, cancellationToken).ConfigureAwait(false);
            return await AnswerAsync(request, answer, cancellationToken).ConfigureAwait(false);
        }
        catch (PageProblemException e)
        {
            return Answer(e.Problem, view?.Cursor);
        }
    }

    private async Task<IActionResult> AnswerAsync(
        PageRequest request, PageAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.RedirectTo is { } path)
        {
            // The same form of the same moment there.
            return LocalRedirect(Format.Length == 0
                ? path + request.QueryWith()
                : path + request.QueryWith("format", Format));
        }

        if (Format is "csv" or "manifest")
        {
            return await ExportAsync(request, answer, Format == "csv", cancellationToken)
                .ConfigureAwait(false);
        }

        object document = Document(request, answer);
        if (WantsJson)
        {
            return Content(JsonSerializer.Serialize(document, PageJson.Options), Json + "; charset=utf-8");
        }

        Sheet = answer.Sheet;
        ShownJson = Sheet.ShowsJson ? JsonSerializer.Serialize(document, PageJson.Indented) : null;
        ViewData.SetFrame(FrameOf(request, answer));
        return Page();
    }

    private PageFrame FrameOf(PageRequest request, PageAnswer answer)
    {
        string own = Request.QueryString.Value ?? "";
        string path = Request.Path;
        string now = request.Until.ToString();

        // The same file again later, where the index can give it.
        bool isPinned = answer.Pinning != Pinning.Newest
            && (request.At is null ? answer.Csv?.IsPinned : answer.Csv?.AnswersEarlier) == true;
        string pin = isPinned ? "&at=" + now : "";
        string narrowed = string.Concat(answer.Sheet.Sections.Select(static section => section.Filter)
            .Where(static filter => filter is { Value.Length: > 0 })
            .Select(static filter => $"&{filter!.Name}={Uri.EscapeDataString(filter.Value)}"));
        return new PageFrame(Address, answer.Sheet.Title)
        {
            Freshness = new Freshness(request.View.Cursor, site.Follower.Current, request.NowMs)
            {
                PinnedHeight = request.At?.Value,
                Pinning = answer.Pinning,
                AtNewest = answer.AtNewest,
                LeftOut = answer.LeftOut,
            },
            Query = own,
            Search = answer.Search,
            JsonPath = path + (own.Length == 0 ? "?" : own + "&") + "format=json",
            Csv = answer.Csv is null
                ? null
                : ($"{path}?format=csv{narrowed}{pin}", $"{path}?format=manifest{narrowed}{pin}"),
            Permalink = answer.Pinning == Pinning.Newest || request.At is not null
                ? null
                : path + (own.Length == 0 ? "?" : own + "&") + "at=" + now,
            IsLive = answer.IsLive && request.At is null,
            HasList = answer.Sheet.Sections.Any(
                static section => section.NextQuery is not null || section.Filter is not null),
        };
    }

    private object Document(PageRequest request, PageAnswer answer)
    {
        IndexCursor cursor = request.View.Cursor;
        FollowerStatus status = site.Follower.Current;
        return new
        {
            AsOf = new { cursor.Height, cursor.Hash, TimeMs = cursor.Time },
            request.At,
            AtAnswers = request.At is null ? null : (Pinning?)answer.Pinning,
            AtNewest = request.At is null ? null : answer.AtNewest.Select(static one => one.Name),
            AtLeftOut = request.At is null ? null : answer.LeftOut.Select(static one => one.Name),
            Verified = !status.Unverified,
            LagBlocks = status.Lag,
            answer.Data,
            Next = answer.Sheet.Sections.Where(static section => section.NextQuery is not null)
                .Select(section => $"{Request.Path}{section.NextQuery}&format=json"),
        };
    }

    private async Task<IActionResult> ExportAsync(
        PageRequest request, PageAnswer answer, bool withRows, CancellationToken cancellationToken)
    {
        CsvTable table = answer.Csv ?? throw Problems.NoCsv(Language);
        bool answersEarlier = answer.Pinning != Pinning.Newest && table.AnswersEarlier;
        if (!answersEarlier && request.At is { } at && at != request.View.Cursor.Height)
        {
            throw Problems.NotKept(at, request.View.Cursor.Height, Language);
        }

        ulong until = request.Until.Value;
        if (!withRows && site.Exports.FindManifest(table.Name, until) is { } known)
        {
            return Content(known, Json + "; charset=utf-8");
        }

        Places places = withRows ? site.Exports.Files : site.Exports.Manifests;
        using IDisposable place = places.TryTake(Readers.Of(HttpContext.Connection.RemoteIpAddress))
            ?? throw Problems.Busy(Language);
        if (withRows)
        {
            await CsvExport.WriteAsync(HttpContext, table, until, cancellationToken).ConfigureAwait(false);
            return new EmptyResult();
        }

        string manifest = (await CsvExport.DescribeAsync(table, until, site.Clock, cancellationToken)
            .ConfigureAwait(false)).ToJson();
        site.Exports.Keep(table.Name, until, manifest);
        return Content(manifest, Json + "; charset=utf-8");
    }

    /// <summary>A problem as the answer.</summary>
    protected IActionResult Answer(PageProblem problem, IndexCursor? cursor)
    {
        Response.StatusCode = problem.StatusCode;
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            Response.Headers.RetryAfter = "10";
        }

        Texts texts = Texts.Of(Language);
        if (WantsJson || AcceptsJson || Format == "manifest")
        {
            return Content(
                JsonSerializer.Serialize(
                    new
                    {
                        problem.Code,
                        Title = texts[problem.Title],
                        Sentence = problem.Sentence.PlainText(),
                    },
                    PageJson.Options),
                Json + "; charset=utf-8");
        }

        Sheet = new Sheet(texts[problem.Title])
        {
            Lead = [problem.Sentence, Markup.Link(
                SitePaths.Home(Language), Markup.Text(texts[Phrases.ProblemGoHome]))],
        };
        ViewData.SetFrame(new PageFrame(Address, Sheet.Title)
        {
            Freshness = cursor is null ? null : new Freshness(cursor, site.Follower.Current, site.NowMs),
        });
        return Page();
    }
}
