using Likeness.Http.Tests.Api;
using Likeness.Http.WellKnown;
using Likeness.Libravatar;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.WellKnown;

public sealed class WebFingerTests : IAsyncLifetime
{
    private const string Path = "/.well-known/webfinger";
    private const string Avatar = "http://webfinger.net/rel/avatar";
    private ApiServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Start(null);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_public_avatar_is_told_in_several_sizes_and_can_be_fetched()
    {
        var reply = await _server.Get($"{Path}?resource=acct:Juliet@example.org", token: null);

        reply.Status.ShouldBe(200);
        reply.MediaType.ShouldBe("application/jrd+json");
        reply.Headers["Access-Control-Allow-Origin"].ShouldBe("*");
        reply.Headers["Cache-Control"].ShouldBe("public, max-age=300");
        reply.Json.GetProperty("subject").GetString().ShouldBe("acct:juliet@example.org");
        var links = reply.Json.GetProperty("links").EnumerateArray().ToList();
        links.Select(link => link.GetProperty("properties").GetProperty("https://schema.org/width").GetString()).ShouldBe(["512", "192", "96"]);
        foreach (var link in links)
        {
            link.GetProperty("rel").GetString().ShouldBe(Avatar);
            var fetched = await _server.Get(link.GetProperty("href").GetString()!, token: null);
            fetched.Status.ShouldBe(200);
            fetched.MediaType.ShouldBe(link.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task Links_lead_where_the_server_is_reached_from_outside()
    {
        await using var server = await Start(new Uri("https://avatars.example.org/faces/"));

        var reply = await server.Get($"{Path}?resource=acct%3Ajuliet%40example.org", token: null);

        reply.Json.GetProperty("links")[0].GetProperty("href").GetString()
            .ShouldBe($"https://avatars.example.org/faces/avatar/{Address.Email(ApiServer.Juliet).Sha256}?s=512");
    }

    [Fact]
    public async Task Only_the_wanted_relations_are_told()
    {
        (await _server.Get($"{Path}?resource=acct:{ApiServer.Juliet}&rel=self", token: null)).Json.GetProperty("links").GetArrayLength().ShouldBe(0);
        (await _server.Get($"{Path}?resource=acct:{ApiServer.Juliet}&rel=self&rel={Uri.EscapeDataString(Avatar)}", token: null)).Json.GetProperty("links").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Who_is_unknown_has_no_picture_or_shows_it_not_to_everybody_looks_alike()
    {
        await _server.AddAddress("nurse@example.org", "nurse@example.org");
        await _server.Book.SetVisibility(new Identity(ApiServer.Juliet), Visibility.Contacts, new(Origin.Command));
        var unknown = await _server.Get($"{Path}?resource=acct:nobody@example.org", token: null);

        unknown.Status.ShouldBe(404);
        foreach (var resource in new[] { "acct:" + ApiServer.Juliet, "acct:nurse@example.org", "acct:nobody@elsewhere.example", "https://example.org/", "acct:", "nonsense" })
        {
            var reply = await _server.Get($"{Path}?resource={Uri.EscapeDataString(resource)}", token: null);
            reply.Status.ShouldBe(404);
            Comparable(reply).ShouldBe(Comparable(unknown));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?resource=")]
    [InlineData("?rel=self")]
    [InlineData("?resource=acct:a@example.org&resource=acct:b@example.org")]
    public async Task A_request_without_one_resource_is_a_bad_one_and_is_told_how_to_ask(string query)
    {
        var reply = await _server.Get(Path + query, token: null);

        (reply.Status, reply.MediaType).ShouldBe((400, "text/plain"));
        reply.Text.ShouldBe("Ask for /.well-known/webfinger?resource=acct:NAME@DOMAIN.\n");
    }

    private static string Comparable(Reply reply) =>
        string.Join("; ", reply.Headers.Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal)) + reply.Text;

    private static async Task<ApiServer> Start(Uri? publicUrl)
    {
        var server = await ApiServer.Start(
            add: services => services.AddSingleton(provider => new WebFinger(
                provider.GetRequiredService<PortraitBook>(),
                provider.GetRequiredService<AddressBook>(),
                provider.GetRequiredService<DomainPolicies>(),
                publicUrl)),
            map: application => application.Services.GetRequiredService<WebFinger>().Map(application));
        await server.Put(ApiServer.Juliet, await server.Token(), SmallPicture.Png());
        return server;
    }
}
