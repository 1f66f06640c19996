using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Likeness.AspNetCore.Tests;

/// <summary>What an operator writes into the configuration holds, or the site does not start.</summary>
[Trait("Requirement", "L-72")]
public sealed class AvatarConfigurationTests
{
    private static readonly Address Anne = Address.Email("anne@other.example.org");

    public static TheoryData<string> EveryOption => [.. typeof(AvatarSiteOptions).GetProperties().Select(property => property.Name)];

    [Fact]
    public void Nobody_is_asked_about_strangers_when_the_configuration_says_so()
    {
        using var services = Services(("Client:Fallback", "None"), ("Client:Discovery:Resolver:Servers:0", "127.0.0.1:9"));

        services.GetRequiredService<IAvatarClient>().Locate(Anne).Url.ShouldBeNull();
    }

    [Fact]
    public void Binding_the_options_oneself_keeps_the_wish_too()
    {
        var section = Section(("Client:Fallback", "None"), ("Client:Discovery:Resolver:Servers:0", "127.0.0.1:9"));
        using var services = new ServiceCollection().AddRouting().AddLogging().AddAvatars(section.Bind).BuildServiceProvider();

        services.GetRequiredService<IAvatarClient>().Locate(Anne).Url.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Site_and_client_are_one_whichever_is_registered_first(bool clientFirst)
    {
        var services = new ServiceCollection().AddRouting().AddLogging();
        if (clientFirst)
        {
            services.AddAvatarClient(options => options.MaxServers = 7).AddAvatars(Section(("Client:Fallback", "None")));
        }
        else
        {
            services.AddAvatars(Section(("Client:Fallback", "None"))).AddAvatarClient(options => options.MaxServers = 7);
        }

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<AvatarClientOptions>>().Value;

        (options.Fallback, options.MaxServers).ShouldBe((FallbackPolicy.None, 7));
    }

    [Theory]
    [MemberData(nameof(EveryOption))]
    public void Every_option_is_taken_and_nothing_beside_or_below_it(string name)
    {
        var type = typeof(AvatarSiteOptions).GetProperty(name)!.PropertyType;
        var (key, text, expected) = type switch
        {
            _ when type == typeof(bool) => (name, name == nameof(AvatarSiteOptions.Proxy) ? "false" : "true", name == nameof(AvatarSiteOptions.Proxy) ? "False" : "True"),
            _ when type == typeof(TimeSpan) => (name, "00:00:07", "00:00:07"),
            _ when type == typeof(IList<string>) => (name + ":0", TestSite.Key, TestSite.Key),
            _ when type == typeof(AvatarClientOptions) => (name + ":MaxServers", "7", "7"),
            _ => (name, "else", "else"),
        };
        using var services = Services((key, text));
        var value = typeof(AvatarSiteOptions).GetProperty(name)!.GetValue(services.GetRequiredService<IOptions<AvatarSiteOptions>>().Value);

        (value switch { IList<string> list => list[0], AvatarClientOptions client => $"{client.MaxServers}", _ => $"{value}" }).ShouldBe(expected);
        foreach (var wrong in (string[])[name + "Else", name + ":Else:0"])
        {
            using var refusing = Services((wrong, "else"));
            Should.Throw<InvalidOperationException>(() => refusing.GetRequiredService<IOptions<AvatarSiteOptions>>().Value);
        }
    }

    [Fact]
    public async Task A_site_with_a_misspelled_wish_does_not_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRouting().AddAvatars(Section(("Client:Falback", "None")));
        await using var site = builder.Build();

        (await Should.ThrowAsync<InvalidOperationException>(() => site.StartAsync())).ToString().ShouldContain("Falback");
    }

    private static ServiceProvider Services(params (string Key, string Text)[] settings) =>
        new ServiceCollection().AddRouting().AddLogging().AddAvatars(Section(settings)).BuildServiceProvider();

    private static IConfigurationSection Section(params (string Key, string Text)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => "Avatars:" + setting.Key, setting => (string?)setting.Text))
        .Build()
        .GetSection("Avatars");
}
