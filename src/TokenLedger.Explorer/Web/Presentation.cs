// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>Puts pages, the layout, the encoder and the site's files into a program.</summary>
internal static class Presentation
{
    // Each costs little; without a bound, enough of them would take all memory.
    private const int MaxConnections = 10_000;

    /// <summary>Registers what pages need but the index, its follower and the clock.</summary>
    public static IServiceCollection AddPresentation(this IServiceCollection services)
    {
        services.AddRazorPages(static pages => pages.Conventions.Add(new LanguageRoutes()));

        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        });

        // Nothing here takes a form that changes anything: no session, no cookie, no key ring.
        services.AddSingleton<HtmlEncoder>(Markup.Encoder);
        services.AddSingleton(new SiteFiles(typeof(Presentation).Assembly));
        services.AddSingleton(new ExportSlots(ExportSlots.Default));
        services.AddSingleton<HolderCensus>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<Site>();

        // Answers hold nothing secret, so that their length tells nobody anything.
        services.AddResponseCompression(static compression =>
        {
            compression.EnableForHttps = true;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
            compression.MimeTypes = ["text/html", "text/csv", "application/json"];
        });
        services.Configure<BrotliCompressionProviderOptions>(
            static options => options.Level = CompressionLevel.Fastest);
        return services;
    }

    /// <summary>Serves pages and files, with problems in words.</summary>
    public static void UsePresentation(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseExceptionHandler("/en/failure");
        app.Services.GetRequiredService<SiteFiles>().Map(app);
        app.MapRazorPages();
        app.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], static context =>
        {
            SiteLanguage language = LanguagePath.Preferred(context.Request.Headers.AcceptLanguage);
            context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Redirect(SitePaths.Home(language));
            return Task.CompletedTask;
        });
        app.MapMethods(SitePaths.Live, [HttpMethods.Get], static context => context.RequestServices
            .GetRequiredService<LiveStream>().ServeAsync(
                context,
                context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        app.MapFallbackToPage("/Missing");
    }
}
