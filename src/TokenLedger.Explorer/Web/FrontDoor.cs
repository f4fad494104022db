// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>What is asked in a way that no page can answer: another method than reading, or a language in
/// other letters.</summary>
internal static class FrontDoor
{
    private const string Allowed = "GET, HEAD";

    /// <summary>Refuses every method but GET and HEAD in words, and leads <c>/UR/…</c> to
    /// <c>/ur/…</c>.</summary>
    public static IApplicationBuilder UseFrontDoor(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = Allowed;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(
                $"METHOD_NOT_ALLOWED: this site is only read. Ask with one of {Allowed}.\n",
                context.RequestAborted);
        }

        if (LanguageOf(request.Path) is { } language && request.Path.Value is { } path
            && !path.StartsWith("/" + language.Code, StringComparison.Ordinal))
        {
            PathString own = "/" + language.Code + path[(1 + language.Code.Length)..];
            context.Response.Redirect(own.ToUriComponent() + request.QueryString, permanent: true);
            return Task.CompletedTask;
        }

        return next(context);
    });

    private static SiteLanguage? LanguageOf(PathString path)
    {
        foreach (SiteLanguage language in LanguageExtensions.All)
        {
            if (path.StartsWithSegments("/" + language.Code, StringComparison.OrdinalIgnoreCase))
            {
                return language;
            }
        }

        return null;
    }
}
