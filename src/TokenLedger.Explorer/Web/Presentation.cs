// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>Puts the layout, the encoder and the site's files into a program.</summary>
internal static class Presentation
{
    /// <summary>Registers what pages inject. Razor Pages themselves are the caller's.</summary>
    public static IServiceCollection AddPresentation(this IServiceCollection services) => services
        .AddSingleton<HtmlEncoder>(Markup.Encoder)
        .AddSingleton(new SiteFiles(typeof(Presentation).Assembly));

    /// <summary>Serves the site's files.</summary>
    public static void MapSiteFiles(this WebApplication app) =>
        app.Services.GetRequiredService<SiteFiles>().Map(app);
}
