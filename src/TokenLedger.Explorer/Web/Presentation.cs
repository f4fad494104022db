// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Net.Http.Headers;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Language;

namespace TokenLedger.Explorer.Web;

/// <summary>Puts pages, the layout, the encoder and the site's files into a program.</summary>
internal static class Presentation
{
    /// <summary>Registers what pages need but the index, its follower and the clock.</summary>
    /// <param name="services">Where.</param>
    /// <param name="proxies">Addresses of this site's own proxies: what they say of who asks is
    /// believed.</param>
    public static IServiceCollection AddPresentation(
        this IServiceCollection services, params IReadOnlyList<IPAddress> proxies)
    {
        services.AddRazorPages(static pages =>
        {
            pages.Conventions.Add(new LanguageRoutes());
            pages.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute());
        });

        // Nothing here takes a form that changes anything: no session, no cookie. Pages bring a key ring
        // along, which would be made and written at the start.
        foreach (ServiceDescriptor service in services.Where(static service =>
            service.ServiceType == typeof(IHostedService)
                && service.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly).ToArray())
        {
            services.Remove(service);
        }

        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = SiteLimits.Connections;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(SiteLimits.IdleSeconds);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(SiteLimits.RequestSeconds);
            var places = new Places(SiteLimits.Connections, SiteLimits.ConnectionsOfOne);
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
                LimitAsync(next, connection, places, proxies)));
        });
        services.Configure<SocketTransportOptions>(static sockets =>
            sockets.CreateBoundListenSocket = static endpoint =>
            {
                Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                socket.SendBufferSize = SiteLimits.SendBufferBytes;
                return socket;
            });
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders =
                proxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (IPAddress proxy in proxies)
            {
                forwarded.KnownProxies.Add(proxy);
            }
        });

        services.AddSingleton<HtmlEncoder>(Markup.Encoder);
        services.AddSingleton(new SiteFiles(typeof(Presentation).Assembly));
        services.AddSingleton<ExportPlaces>();
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
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseFrontDoor();
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
    /// <summary>Serves a connection, or ends it when its reader has as many as one may.</summary>
    private static async Task LimitAsync(
        ConnectionDelegate next, ConnectionContext connection, Places places,
        IReadOnlyList<IPAddress> proxies)
    {
        IPAddress? address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        bool isProxy = address is not null
            && proxies.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        using IDisposable? place = places.TryTake(isProxy ? null : Readers.Of(address));
        if (place is null)
        {
            connection.Abort();
            return;
        }

        await next(connection).ConfigureAwait(false);
    }
}
