// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using TokenLedger.Explorer.Following;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Verifier;

namespace TokenLedger.Explorer;

/// <summary>What is served besides pages: health, and how the index stands.</summary>
internal static class ExplorerEndpoints
{
    public static void Map(WebApplication app)
    {
        VerifierEndpoints.Map(app);
        app.MapMethods("/health/live", [HttpMethods.Get], static context => Answer(context, true, "live"));
        app.MapMethods("/health/ready", [HttpMethods.Get], static context =>
        {
            var readiness = Readiness.Of(StatusOf(context), NowOf(context));
            return Answer(context, readiness.IsReady, readiness.Sentence);
        });
        app.MapMethods("/api/status", [HttpMethods.Get], static context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsJsonAsync(
                StatusAnswer.Of(StatusOf(context), NowOf(context)), StatusJson.Default.StatusAnswer,
                cancellationToken: context.RequestAborted);
        });
    }

    private static FollowerStatus StatusOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<FollowerState>().Current;

    private static DateTimeOffset NowOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private static Task Answer(HttpContext context, bool well, string text)
    {
        context.Response.StatusCode = well
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}

/// <summary>The answer of /api/status. What is not known is null.</summary>
/// <param name="Height">The newest block that is indexed.</param>
/// <param name="BlockHash">Its hash.</param>
/// <param name="BlockTimeMs">Its time.</param>
/// <param name="AgeMs">How long ago that was.</param>
/// <param name="NodeHeight">The newest that the node spoke of.</param>
/// <param name="LagBlocks">The difference.</param>
/// <param name="Connected">Whether blocks are coming.</param>
/// <param name="Finalizing">Whether the node sees blocks become final in time.</param>
/// <param name="Verified">Whether all that is indexed was verified and the node says nothing else.</param>
/// <param name="Ready">Whether pages should be served from here.</param>
/// <param name="LastFailure">The last failure since the start.</param>
/// <param name="Counts">How much is indexed.</param>
internal sealed record StatusAnswer(
    ulong? Height,
    string? BlockHash,
    ulong? BlockTimeMs,
    long? AgeMs,
    ulong? NodeHeight,
    ulong? LagBlocks,
    bool Connected,
    bool Finalizing,
    bool Verified,
    bool Ready,
    FollowFailure? LastFailure,
    IndexCounts? Counts)
{
    public static StatusAnswer Of(FollowerStatus status, DateTimeOffset now) => new(
        status.Cursor?.Height.Value,
        status.Cursor?.Hash.ToString(),
        status.Cursor?.Time.Value,
        (long?)status.AgeAt(now)?.TotalMilliseconds,
        status.NodeHeight?.Value,
        status.Lag,
        status.Connected,
        status.Finalizing,
        status.Cursor is not null && !status.Unverified,
        Readiness.Of(status, now).IsReady,
        status.LastFailure,
        status.Cursor?.Counts);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class StatusJson : JsonSerializerContext;
