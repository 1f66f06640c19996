using System.Net;
using Likeness.AspNetCore;
using Likeness.Libravatar;

namespace Likeness.Samples.Forum;

/// <summary>A web site with people of several domains, and their avatars.</summary>
public static class ForumSite
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(ForumSite).Assembly.GetName().Name });
        builder.Services.AddRazorPages();
        builder.Services.AddAvatars(options => builder.Configuration.Bind("Avatars", options));
        if (builder.Environment.IsDevelopment() && builder.Configuration["AvatarServer"] is { } server)
        {
            builder.Services.Configure<AvatarSiteOptions>(options => options.Client = OnThisMachine(options.Client, AvatarBase.Parse(server)));
        }

        var app = builder.Build();
        app.Use((context, next) =>
        {
            // Pictures from this site only: a browser would refuse any other.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
            return next(context);
        });
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapRazorPages();
        app.MapAvatars("/avatars");
        return app;
    }

    /// <summary>A development machine asks an avatar server of its own, which a public site must never do.</summary>
    private static AvatarClientOptions OnThisMachine(AvatarClientOptions usual, AvatarBase server) => usual with
    {
        Scheme = SchemePolicy.PreferHttps,
        Fallback = new FallbackBases(Secure: null, Plain: server),
        Fetch = usual.Fetch with { MayConnect = IPAddress.IsLoopback },
    };
}
