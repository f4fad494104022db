// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Crypto;

namespace TokenLedger.Explorer.Verifier;

/// <summary>
/// The verifier's pages and files, and proofs as the node gives them: all that a reader needs to check what
/// is shown without believing this program.
/// </summary>
internal static class VerifierEndpoints
{
    /// <summary>The header that says which block an answer is as of.</summary>
    public const string HeightHeader = "TokenLedger-Height";

    private static readonly string[] Get = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(WebApplication app)
    {
        app.MapMethods("/verify", Get, static context =>
        {
            context.Response.Redirect("/en/verify" + context.Request.QueryString);
            return Task.CompletedTask;
        });
        app.MapMethods("/en/verify", Get, static c => SendAsync(c, VerifierFiles.PageOf("en")));
        app.MapMethods("/ur/verify", Get, static c => SendAsync(c, VerifierFiles.PageOf("ur")));
        app.MapMethods("/verifier.html", Get, static context =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=\"verifier.html\"";
            return SendAsync(context, VerifierFiles.Single);
        });
        app.MapMethods("/verify/{**name}", Get, static context =>
            VerifierFiles.Part(Route(context, "name")) is { } file
                ? SendAsync(context, file)
                : FailAsync(
                    context, StatusCodes.Status404NotFound, "FILE_UNKNOWN",
                    "The verifier has no such file."));
        app.MapMethods("/api/proof/balance/{account}/{asset}/{height?}", Get, BalanceAsync);
        app.MapMethods("/api/proof/supply/{asset}", Get, SupplyAsync);
        app.MapMethods("/api/proof/event/{height}/{index}", Get, EventAsync);
    }

    private static Task BalanceAsync(HttpContext context)
    {
        AddressText text = Eip55.Parse(Route(context, "account"), out Address account);
        if (text is AddressText.Malformed or AddressText.WrongChecksum)
        {
            return FailAsync(
                context, StatusCodes.Status400BadRequest, "ACCOUNT_INVALID",
                "The account is no address: 0x and 40 hexadecimal digits, with the right checksum if it has"
                    + " capital letters.");
        }

        if (!AssetId.TryParse(Route(context, "asset"), out AssetId asset))
        {
            return AssetInvalidAsync(context);
        }

        string then = Route(context, "height");
        ulong height = 0;
        if (then.Length > 0
            && !ulong.TryParse(then, NumberStyles.None, CultureInfo.InvariantCulture, out height))
        {
            return FailAsync(
                context, StatusCodes.Status400BadRequest, "HEIGHT_INVALID", "The height is no whole number.");
        }

        Height? at = then.Length == 0 ? null : new Height(height);
        return AnswerAsync(
            context, $"balance-{account}-{asset}" + (at is null ? "" : $"-{at}"), lasting: at is not null,
            (proofs, token) => proofs.BalanceAsync(account, asset, at, token));
    }

    private static Task SupplyAsync(HttpContext context) =>
        AssetId.TryParse(Route(context, "asset"), out AssetId asset)
            ? AnswerAsync(
                context, $"supply-{asset}", lasting: false,
                (proofs, token) => proofs.SupplyAsync(asset, token))
            : AssetInvalidAsync(context);

    private static Task EventAsync(HttpContext context) =>
        ulong.TryParse(
            Route(context, "height"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong height)
        && uint.TryParse(
            Route(context, "index"), NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
            ? AnswerAsync(
                context, $"event-{height}-{index}", lasting: true,
                (proofs, token) => proofs.EventAsync(new Height(height), index, token))
            : FailAsync(
                context, StatusCodes.Status400BadRequest, "EVENT_INVALID",
                "An event is named by its block's height and its index in it, two whole numbers.");

    private static Task AssetInvalidAsync(HttpContext context) => FailAsync(
        context, StatusCodes.Status400BadRequest, "ASSET_INVALID",
        "The asset is no symbol: 2 to 16 of A–Z, 0–9 and '-', a letter first, no '-' last.");

    /// <param name="context">The request.</param>
    /// <param name="name">What a saved file is called, without its ending.</param>
    /// <param name="lasting">True for what is as of one block for ever.</param>
    /// <param name="fetch">Asks the node.</param>
    private static async Task AnswerAsync(
        HttpContext context, string name, bool lasting,
        Func<NodeProofs, CancellationToken, Task<FetchedProof?>> fetch)
    {
        NodeProofs proofs = context.RequestServices.GetRequiredService<NodeProofs>();
        FetchedProof? found;
        try
        {
            found = await fetch(proofs, context.RequestAborted).ConfigureAwait(false);
        }
        catch (RpcException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            await FailAsync(context, ProofFailure.Of(e)).ConfigureAwait(false);
            return;
        }

        if (found is null)
        {
            await FailAsync(context, ProofFailure.Busy).ConfigureAwait(false);
            return;
        }

        byte[] content = found.Bundle.Write();
        if (HeightOf(found.Header) is { } height)
        {
            context.Response.Headers[HeightHeader] = height.ToString(CultureInfo.InvariantCulture);
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = content.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentDisposition = $"inline; filename=\"{name}.json\"";
        context.Response.Headers.CacheControl = lasting ? "public, max-age=86400" : "no-store";
        await BodyAsync(context, content).ConfigureAwait(false);
    }

    /// <summary>
    /// What the node says the block is; null for a header that is none: the reader will see it.
    /// </summary>
    private static ulong? HeightOf(ByteString header)
    {
        try
        {
            return StateCodec.Decode(header.Span, BlockHeader.Read).Height.Value;
        }
        catch (CanonicalFormatException)
        {
            return null;
        }
    }

    private static async Task SendAsync(HttpContext context, VerifierFile file)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Content.Length;
        await BodyAsync(context, file.Content).ConfigureAwait(false);
    }

    private static Task FailAsync(HttpContext context, int status, string code, string sentence) =>
        FailAsync(context, new ProofFailure(status, code, sentence));

    private static async Task FailAsync(HttpContext context, ProofFailure failure)
    {
        context.Response.StatusCode = failure.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (failure.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        byte[] content = JsonSerializer.SerializeToUtf8Bytes(
            new ProofFailureAnswer(failure.Code, failure.Sentence),
            ProofFailureJson.Default.ProofFailureAnswer);
        context.Response.ContentLength = content.Length;
        await BodyAsync(context, content).ConfigureAwait(false);
    }

    private static async Task BodyAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string Route(HttpContext context, string name) =>
        context.Request.RouteValues[name] as string ?? "";
}
