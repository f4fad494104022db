// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Web;

/// <summary>
/// Headers that every answer carries. Transport security is not among them: whoever ends TLS in front of this
/// process knows whether it is there to stay.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Nothing but this site's own files, and nothing inline: a name that got past the encoder could still
    /// not run a script, load a picture or send a form elsewhere.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // A reader's page tells nothing to other sites, and asks the device for nothing.
    private static readonly (string Name, string Value)[] All =
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    /// <summary>Sets the headers on every answer, those of later middleware and of failures too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(async (context, next) =>
        {
            // At the last moment: the exception handler clears what was set before.
            context.Response.OnStarting(Set, context.Response);
            await next(context).ConfigureAwait(false);
        });

    private static Task Set(object state)
    {
        var response = (HttpResponse)state;
        foreach ((string name, string value) in All)
        {
            response.Headers[name] = value;
        }

        return Task.CompletedTask;
    }
}
