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
        builder.Services.AddAvatars(builder.Configuration.GetSection("Avatars"));
        builder.Services.AddHostedService<FirstPictures>();
        if (builder.Environment.IsDevelopment() && builder.Configuration["AvatarServer"] is { } server)
        {
            builder.Services.Configure<AvatarSiteOptions>(options => OnThisMachine(options.Client, new Uri(server)));
        }

        var app = builder.Build();
        app.Use((context, next) =>
        {
            // Pictures and styles from this site only, and no script: a browser would refuse any other.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'";
            return next(context);
        });
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapRazorPages();
        app.MapAvatars("/avatars");
        return app;
    }

    /// <summary>A development machine asks an avatar server of its own, which a public site must never do.</summary>
    private static void OnThisMachine(AvatarClientOptions client, Uri server)
    {
        client.Scheme = SchemePolicy.PreferHttps;
        client.FallbackServers.Add(server);
        client.Fetch.MayConnect = IPAddress.IsLoopback;
    }

    /// <summary>Fetches everybody's picture and profile before the first visitor comes. A real site does it when somebody new writes.</summary>
    private sealed class FirstPictures(AvatarLinks avatars) : IHostedService
    {
        private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var overtime = new CancellationTokenSource(MaxTime);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
            try
            {
                await avatars.PrefetchAsync(Post.All.Select(post => post.Address), size: 48, ends.Token);
                await avatars.PrefetchProfilesAsync(Post.All.Select(post => post.Address), ends.Token);
            }
            catch (OperationCanceledException) when (overtime.IsCancellationRequested)
            {
                // Visitors see the neutral face, and no card, of those whose servers are slow.
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
