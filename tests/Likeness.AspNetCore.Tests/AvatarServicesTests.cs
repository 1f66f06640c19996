using Likeness.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Likeness.AspNetCore.Tests;

public sealed class AvatarServicesTests
{
    [Fact]
    public async Task A_key_that_is_too_short_is_refused_at_the_start()
    {
        await using var site = Build(options => options.Keys.Add("short"));

        (await Should.ThrowAsync<OptionsValidationException>(() => site.StartAsync())).Message.ShouldContain("32 characters");
    }

    [Fact]
    public async Task A_proxy_without_services_says_what_is_missing()
    {
        await using var site = WebApplication.CreateSlimBuilder().Build();

        Should.Throw<InvalidOperationException>(() => site.MapAvatars()).Message.ShouldContain("AddAvatars");
    }

    [Fact]
    public async Task A_page_says_that_the_proxy_is_not_mapped_rather_than_point_to_other_sites()
    {
        await using var site = Build(options => options.Keys.Add(TestSite.Key));
        var links = site.Services.GetRequiredService<AvatarLinks>();
        var context = new DefaultHttpContext { RequestServices = site.Services };

        Should.Throw<InvalidOperationException>(() => links.Url(context, "anne@club.example")).Message.ShouldContain("MapAvatars");
    }

    [Fact]
    public async Task A_site_without_a_key_makes_one_that_the_next_start_finds()
    {
        var folder = Directory.CreateTempSubdirectory("likeness-");
        try
        {
            var sources = new List<string>();
            for (var start = 0; start < 2; start++)
            {
                await using var site = await TestSite.Start(9, options =>
                {
                    options.Keys.Clear();
                    options.KeyFile = Path.Combine(folder.FullName, "site.key");
                });
                sources.Add(await site.Source("anne@club.example"));
            }

            sources.Distinct().Count().ShouldBe(1);
            folder.GetFiles().Select(file => file.Name).ShouldBe(["site.key"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [Trait("Requirement", "L-89")]
    public async Task What_was_found_in_DNS_is_kept_when_the_site_stops()
    {
        var folder = Directory.CreateTempSubdirectory("likeness-");
        try
        {
            var file = Path.Combine(folder.FullName, "servers");
            await using var site = Build(options =>
            {
                options.Keys.Add(TestSite.Key);
                options.Client.Discovery.CacheFile = file;
            });
            await site.StartAsync();
            File.Exists(file).ShouldBeFalse();
            await site.StopAsync();

            File.Exists(file).ShouldBeTrue();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static WebApplication Build(Action<AvatarSiteOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddAvatars(configure);
        return builder.Build();
    }
}
