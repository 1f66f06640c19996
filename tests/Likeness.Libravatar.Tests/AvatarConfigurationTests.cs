using System.Reflection;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Discovery;
using Likeness.Libravatar.Tests.Resolving;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Likeness.Libravatar.Tests;

/// <summary>Options come from configuration, or configuration is refused; nothing is lost on the way.</summary>
[Trait("Requirement", "L-72")]
public sealed class AvatarConfigurationTests
{
    public static TheoryData<string> EveryOption => [.. Leaves(typeof(AvatarClientOptions), "").Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(EveryOption))]
    public void Every_option_is_taken_from_configuration_or_refused(string path)
    {
        var property = Leaves(typeof(AvatarClientOptions), "").Single(leaf => leaf.Path == path).Property;
        var isRule = typeof(Delegate).IsAssignableFrom(property.PropertyType);
        var (key, text, expected) = Sample(path, property.PropertyType);
        var section = Configuration((key, text)).GetSection("Client");

        foreach (var bind in (Action<AvatarClientOptions>[])[options => options.ReadFrom(section), section.Bind])
        {
            var options = new AvatarClientOptions();
            if (isRule)
            {
                Should.Throw<InvalidOperationException>(() => bind(options)).Message.ShouldContain(path.Split(':')[^1]);
            }
            else
            {
                bind(options);
                Shown(Value(options, path)).ShouldBe(expected);
            }
        }

    }

    [Theory]
    [InlineData("Falback", "None")]
    [InlineData("Fallback", "Nobody")]
    [InlineData("Fallback:Secure", "https://avatars.example.org")]
    [InlineData("Discovery:Resolver:Server", "9.9.9.9")]
    [InlineData("MaxServers", "many")]
    [InlineData("Fetch:MayConnect", "true")]
    [InlineData("Fetch:MayVisit:Host", "example.org")]
    [InlineData("FallbackServers", "https://avatars.example.org")]
    [InlineData("Discovery", "off")]
    [InlineData("Cache:Folder:Path", "/var/cache")]
    public void What_cannot_be_understood_is_refused_with_its_name(string key, string text)
    {
        var section = Configuration((key, text)).GetSection("Client");

        Should.Throw<InvalidOperationException>(() => new AvatarClientOptions().ReadFrom(section)).ToString().ShouldContain(key.Split(':')[0]);
    }

    [Theory]
    [MemberData(nameof(EveryOption))]
    public void A_key_below_or_beside_any_option_is_refused(string path)
    {
        foreach (var wrong in (string[])[path + ":Else:0", path + "Else"])
        {
            var section = Configuration((wrong, "else")).GetSection("Client");
            Should.Throw<InvalidOperationException>(() => new AvatarClientOptions().ReadFrom(section));
        }
    }

    [Theory]
    [InlineData("Fallback", "None", "FallbackServers:0", "https://avatars.example.org")]
    [InlineData("FallbackServers:0", "https://one.example.org", "FallbackServers:1", "https://two.example.org")]
    [InlineData("FallbackServers:0", "ftp://one.example.org", "MaxServers", "3")]
    [InlineData("Discovery:Resolver:Servers:0", "dns.example.org", "MaxServers", "3")]
    [InlineData("Fetch:Timeout", "-00:00:01", "MaxServers", "3")]
    [InlineData("Fetch:Proxy", "proxy.example.org", "MaxServers", "3")]
    [InlineData("Cache:MemoryBytes", "-1", "MaxServers", "3")]
    public void What_contradicts_itself_is_refused(string key, string text, string otherKey, string otherText)
    {
        var section = Configuration((key, text), (otherKey, otherText)).GetSection("Client");
        using var services = new ServiceCollection().AddAvatarClient(section).BuildServiceProvider();

        Should.Throw<OptionsValidationException>(services.GetRequiredService<IAvatarClient>);
    }

    [Fact]
    public async Task Nobody_is_asked_about_strangers_when_the_configuration_says_so()
    {
        await using var resolver = new TestZone().Serve();
        var section = Configuration(
            ("Fallback", "None"),
            ("Discovery:Resolver:Servers:0", resolver.EndPoint.ToString()),
            ("Discovery:AskedSpecialDomains:0", "example")).GetSection("Client");
        await using var services = new ServiceCollection().AddAvatarClient(section).BuildServiceProvider();
        var client = services.GetRequiredService<IAvatarClient>();

        (await client.LocateAsync(Address.Email("anne@club.example"))).Url.ShouldBeNull();
        (await client.FetchAsync(Address.Email("anne@club.example"))).Status.ShouldBe(AvatarStatus.NotFederated);
    }

    [Fact]
    public async Task A_server_of_ones_own_choice_is_the_fallback()
    {
        await using var resolver = new TestZone().Serve();
        var options = new AvatarClientOptions { Discovery = TestZone.Options(resolver), FallbackServers = [new Uri("https://avatars.example.org/base/")] };
        using var client = new AvatarClient(options);
        options.FallbackServers.Clear();
        options.Discovery.AskedSpecialDomains.Clear();
        options.Discovery.Resolver.Servers.Clear();

        var location = await client.LocateAsync(Address.Email("anne@club.example"));

        location.Url.ShouldStartWith("https://avatars.example.org/base/avatar/");
        location.IsFallback.ShouldBeTrue();
    }

    [Fact]
    public void A_second_registration_changes_the_options_and_makes_no_second_client()
    {
        using var services = new ServiceCollection()
            .AddAvatarClient(options => options.Scheme = SchemePolicy.Http)
            .AddAvatarClient(options => options.Fallback = FallbackPolicy.None)
            .BuildServiceProvider();

        services.GetServices<IAvatarClient>().ShouldHaveSingleItem().ShouldBeSameAs(services.GetRequiredService<AvatarClient>());
        services.GetRequiredService<IOptions<AvatarClientOptions>>().Value.Scheme.ShouldBe(SchemePolicy.Http);
    }

    private static IConfiguration Configuration(params (string Key, string Text)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => "Client:" + setting.Key, setting => (string?)setting.Text)).Build();

    private static IEnumerable<(string Path, PropertyInfo Property)> Leaves(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? Leaves(property.PropertyType, $"{prefix}{property.Name}:")
            : [(prefix + property.Name, property)]);

    /// <summary>A value that is no option's own, its key, and how it is shown when it was taken.</summary>
    private static (string Key, string Text, string Expected) Sample(string path, Type type) => type switch
    {
        _ when type == typeof(SchemePolicy) => (path, "Http", "Http"),
        _ when type == typeof(FallbackPolicy) => (path, "None", "None"),
        _ when type == typeof(bool) => (path, "true", "True"),
        _ when type == typeof(int) || type == typeof(long) => (path, "77", "77"),
        _ when type == typeof(TimeSpan) => (path, "8.01:02:03", "8.01:02:03"),
        _ when type == typeof(Uri) => (path, "https://else.example.org/", "https://else.example.org/"),
        _ when type == typeof(IList<Uri>) => (path + ":0", "https://else.example.org/", "https://else.example.org/"),
        _ when type == typeof(IList<string>) => (path + ":0", "else.example", "else.example"),
        _ => (path, "else", "else"),
    };

    private static object? Value(object options, string path) =>
        path.Split(':').Aggregate((object?)options, (value, name) => value!.GetType().GetProperty(name)!.GetValue(value));

    private static string Shown(object? value) => value is System.Collections.IEnumerable list and not string ? string.Join(", ", list.Cast<object>()) : $"{value}";
}
