using System.Net;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Resolving;
using Likeness.Server;
using Likeness.Web.Portraits;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Portraits;

/// <summary>What a person shows elsewhere is brought here. The elsewhere is another of our servers.</summary>
[Trait("Requirement", "L-109")]
[Trait("Requirement", "P-31")]
public sealed class ImportTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private readonly TemporaryDirectory _here = new();
    private readonly TemporaryDirectory _there = new();
    private RunningServer _elsewhere = null!;

    public async ValueTask InitializeAsync()
    {
        _elsewhere = await RunningServer.Start(_there.Path);
        await Run(_there, "user", "add", Juliet, "--password", "verona");
        await Run(_there, "avatar", "set", Juliet, _there.Write("a.png", TestPicture.Waves(200, 4)));
    }

    public async ValueTask DisposeAsync()
    {
        await _elsewhere.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task A_picture_from_elsewhere_is_kept_and_shown_when_its_owner_wants_it()
    {
        await using var server = await Start(isOn: true);
        using var juliet = await SignedIn(server);
        foreach (var source in new[] { "gravatar", "libravatar" })
        {
            var page = await juliet.Get("/me/import");
            var done = await juliet.Post("/me/import", [Token(page), new("source", source), new("address", Juliet)]);
            done.Location.ShouldBe("/me/pictures?done=kept", done.Says("[role=alert]"));
            using var avatar = await server.Web.GetAsync(server.Avatar(Juliet, "d=404"));
            avatar.StatusCode.ShouldBe(HttpStatusCode.NotFound, "nothing is shown yet");
            var kept = await juliet.Get("/me/pictures");
            kept.Text.ShouldContain($"{source} {Juliet}");
            var of = kept.Html.QuerySelector("input[name=of]")!.GetAttribute("value")!;
            await juliet.Post("/me/pictures?handler=Show", [Token(kept), new("of", of)]);
            var shown = Pixels.Of(await server.Web.GetByteArrayAsync(server.Avatar(Juliet, "s=64")));
            var original = Pixels.Of(await server.Web.GetByteArrayAsync(_elsewhere.Avatar(Juliet, "s=64")));
            shown.Bytes.Zip(original.Bytes, (one, other) => Math.Abs(one - other)).Average().ShouldBeLessThan(6);
            await Run(_here, "avatar", "clear", Juliet);
            await juliet.Post("/me/pictures?handler=Remove", [Token(kept), new("of", of)]);
        }
    }

    [Fact]
    public async Task Nobody_is_asked_for_addresses_of_others_nor_without_end()
    {
        await using var server = await Start(isOn: true);
        using var juliet = await SignedIn(server);
        var page = await juliet.Get("/me/import");
        (await juliet.Post("/me/import", [Token(page), new("source", "gravatar"), new("address", "romeo@example.org")])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await juliet.Post("/me/import", [Token(page), new("source", "http://127.0.0.1/"), new("address", Juliet)])).Status.ShouldBe(HttpStatusCode.NotFound);

        await Run(_there, "avatar", "clear", Juliet);
        for (var asked = 0; asked < Imports.PerPerson.Permits; asked++)
        {
            var none = await juliet.Post("/me/import", [Token(page), new("source", "gravatar"), new("address", Juliet)]);
            (none.Status, none.Location).ShouldBe((HttpStatusCode.UnprocessableEntity, null));
            none.Says("[role=alert]")!.ShouldContain(Juliet);
        }

        (await juliet.Post("/me/import", [Token(page), new("source", "gravatar"), new("address", Juliet)])).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Where_the_operator_wants_no_other_server_asked_there_is_no_such_page()
    {
        await using var server = await Start(isOn: false);
        using var juliet = await SignedIn(server);
        (await juliet.Get("/me/import")).Status.ShouldBe(HttpStatusCode.NotFound);
        var page = await juliet.Get("/me/pictures");
        page.Text.ShouldNotContain("/me/import");
        (await juliet.Post("/me/import", [Token(page), new("source", "gravatar"), new("address", Juliet)])).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<RunningServer> Start(bool isOn)
    {
        var there = new Uri($"http://{_elsewhere.Host.Addresses.Http[0]}/");
        static SafeFetchOptions Near(SafeFetchOptions rules) => rules with { MayConnect = IPAddress.IsLoopback, MayUsePort = _ => true, MayVisit = _ => true };
        var client = new PictureImportOptions().Client;
        var server = await RunningServer.Start(_here.Path, options => options with
        {
            Avatars = options.Avatars with { Gravatar = options.Avatars.Gravatar with { Base = there, Fetch = Near(options.Avatars.Gravatar.Fetch) } },
            PictureImport = new PictureImportOptions
            {
                IsOn = isOn,
                Client = client with
                {
                    FallbackServers = [there],
                    Fetch = Near(client.Fetch),
                    Discovery = new DiscoveryOptions { Resolver = new DnsResolverOptions { Servers = ["127.0.0.1:1"] }, Timeout = TimeSpan.FromMilliseconds(50) },
                },
            },
        });
        await Run(_here, "user", "add", Juliet, "--password", "verona");
        return server;
    }

    private static async Task<WebBrowser> SignedIn(RunningServer server)
    {
        var browser = new WebBrowser(server);
        await browser.SignIn(Juliet, "verona");
        return browser;
    }

    private static KeyValuePair<string, string> Token(Answer page) => new("__RequestVerificationToken", WebBrowser.FormToken(page));

    private static async Task Run(TemporaryDirectory data, params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(0);
    }
}
