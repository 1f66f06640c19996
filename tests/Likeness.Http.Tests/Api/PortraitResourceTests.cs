using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Api;

public sealed class PortraitResourceTests : IAsyncLifetime
{
    private const string Path = $"/api/v1/portraits/{ApiServer.Juliet}";
    private ApiServer _server = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServer.Start();
        _token = await _server.Token();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Whoever_hears_of_a_new_persons_picture_finds_the_address_it_is_shown_for()
    {
        var listener = new AddressesAtTheTime();
        await using var server = await ApiServer.Start(add: services => services.AddSingleton<IPortraitListener>(listener));
        listener.Store = server.Stores.Portraits;

        (await server.Put("nurse@example.org", await server.Token(), Pngs.Tiny(1))).Status.ShouldBe(201);

        listener.Addresses.ShouldBe(["nurse@example.org"]);
    }

    [Fact]
    public async Task A_picture_that_is_put_is_described_and_shown_by_every_hash()
    {
        var put = await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        put.Status.ShouldBe(201);
        put.Tag.ShouldBe("\"1\"");

        var got = await _server.Get(Path, _token);
        got.Status.ShouldBe(200);
        got.Text.ShouldBe(put.Text);
        got.Json.GetProperty("person").GetString().ShouldBe(ApiServer.Juliet);
        got.Json.GetProperty("version").GetInt64().ShouldBe(1);
        got.Json.GetProperty("origin").GetString().ShouldBe("api");
        got.Json.GetProperty("visibility").GetString().ShouldBe("public");
        got.Json.GetProperty("changed").GetDateTimeOffset().ShouldBe(_server.Time.GetUtcNow());
        var avatars = got.Json.GetProperty("links").GetProperty("avatars").EnumerateArray().Select(link => link.GetString()!).ToList();
        avatars.Count.ShouldBe(2);
        (await _server.Get(got.Json.GetProperty("links").GetProperty("permanent").GetString()!, token: null)).Status.ShouldBe(200);
        foreach (var avatar in avatars)
        {
            (await _server.Get(avatar + "?d=404", token: null)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task The_picture_itself_comes_whole_or_in_a_size()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        var described = (await _server.Get(Path, _token)).Json;

        var whole = await _server.Get(described.GetProperty("links").GetProperty("picture").GetString()!, _token);
        PictureId.Of(whole.Body).Hex.ShouldBe(described.GetProperty("picture").GetProperty("id").GetString());
        whole.MediaType.ShouldBe(described.GetProperty("picture").GetProperty("type").GetString());
        whole.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        (await _server.Get(Path + "/picture", _token, ("If-None-Match", whole.Tag!))).Status.ShouldBe(304);

        (await _server.Get(Path + "/picture?size=40", _token)).Text.ShouldBe(EchoRenderer.Text(RenderJob.Photo, whole.Text, 40, ImageFormat.Png));
        foreach (var size in new[] { "0", "513", "-1", "many", "" })
        {
            (await _server.Get(Path + "/picture?size=" + size, _token)).Status.ShouldBe(422);
        }
    }

    [Fact]
    public async Task The_same_picture_again_changes_nothing()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());

        var again = await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());

        again.Status.ShouldBe(200);
        again.Tag.ShouldBe("\"1\"");
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 1))).Tag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task An_unchanged_portrait_is_not_sent_again()
    {
        var put = await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());

        (await _server.Get(Path, _token, ("If-None-Match", put.Tag!))).Status.ShouldBe(304);
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 1));
        (await _server.Get(Path, _token, ("If-None-Match", put.Tag!))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Who_names_another_state_overwrites_nothing()
    {
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(), ("If-Match", "\"1\""))).Status.ShouldBe(412);
        var put = await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(), ("If-None-Match", "*"));
        put.Status.ShouldBe(201);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 1), ("If-None-Match", "*"))).Status.ShouldBe(412);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 1), ("If-Match", put.Tag!))).Status.ShouldBe(200);

        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 2), ("If-Match", put.Tag!))).Status.ShouldBe(412);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 2), ("If-Match", "W/\"2\""))).Status.ShouldBe(412);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 2), ("If-Match", "nonsense"))).Status.ShouldBe(412);
        (await _server.Send(HttpMethod.Delete, Path, _token, null, ("If-Match", put.Tag!))).Status.ShouldBe(412);
        (await _server.Send(HttpMethod.Put, Path + "/visibility", _token, ApiServer.Json("""{"visibility":"nobody"}"""), ("If-Match", put.Tag!))).Status.ShouldBe(412);
        (await _server.Get(Path, _token)).Tag.ShouldBe("\"2\"");
        (await _server.Send(HttpMethod.Delete, Path, _token, null, ("If-Match", "\"1\", \"2\""))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_picture_that_is_taken_away_is_gone_everywhere()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        var hash = AvatarServer.HashOf(ApiServer.Juliet);
        (await _server.Get($"/avatar/{hash}?d=404", token: null)).Status.ShouldBe(200);

        (await _server.Send(HttpMethod.Delete, Path, _token)).Status.ShouldBe(204);

        (await _server.Get($"/avatar/{hash}?d=404", token: null)).Status.ShouldBe(404);
        (await _server.Get(Path, _token)).Status.ShouldBe(404);
        (await _server.Get(Path + "/picture", _token)).Status.ShouldBe(404);
        (await _server.Send(HttpMethod.Delete, Path, _token)).Status.ShouldBe(404);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png())).Tag.ShouldBe("\"3\"");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task The_visibility_is_changed(string method)
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());

        var reply = await _server.Send(new HttpMethod(method), Path + "/visibility", _token, ApiServer.Json("""{"visibility":"contacts"}"""));

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("visibility").GetString().ShouldBe("contacts");
        (await _server.Get($"/avatar/{AvatarServer.HashOf(ApiServer.Juliet)}?d=404", token: null)).Status.ShouldBe(404);
        (await _server.Send(HttpMethod.Put, Path + "/visibility", _token, ApiServer.Json("""{"visibility":"friends"}"""))).Problem().ShouldContain("public, contacts or nobody");
        (await _server.Send(HttpMethod.Put, "/api/v1/portraits/nobody@example.org/visibility", _token, ApiServer.Json("""{"visibility":"nobody"}"""))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_OpenID_is_an_address_like_any_other()
    {
        const string OpenId = "https://juliet.example.org/me";
        (await _server.Put(OpenId, _token, SmallPicture.Png())).Status.ShouldBe(201);

        var got = await _server.Get($"/api/v1/portraits/{Uri.EscapeDataString(OpenId)}", _token);

        got.Json.GetProperty("address").GetString().ShouldBe(OpenId);
        (await _server.Get(got.Json.GetProperty("links").GetProperty("picture").GetString()!, _token)).Status.ShouldBe(200);
        (await _server.Put(OpenId, await _server.Token("net", domains: "example.net"), SmallPicture.Png(salt: 1))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_with_the_reason()
    {
        (await _server.Put(ApiServer.Juliet, _token, "<svg/>"u8.ToArray())).Status.ShouldBe(415);
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(20_000, 20_000))).Problem().ShouldContain("20000 × 20000 pixels");
        (await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(20_000, 20_000))).Status.ShouldBe(422);
        (await _server.Send(HttpMethod.Put, Path, _token, ApiServer.Json("{}"))).Status.ShouldBe(415);
        (await _server.Send(HttpMethod.Put, Path, _token, ApiServer.Bytes(SmallPicture.Png(), "image/svg+xml"))).Problem().ShouldContain("media type");
        (await _server.Send(HttpMethod.Put, "/api/v1/portraits/nonsense%20", _token, ApiServer.Bytes(SmallPicture.Png()))).Status.ShouldBe(422);
        (await _server.Get(Path, _token)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_whether_it_says_its_length_or_not()
    {
        var large = new byte[(10 * 1024 * 1024) + 1];
        SmallPicture.Png().CopyTo(large, 0);
        (await _server.Put(ApiServer.Juliet, _token, large)).Status.ShouldBe(413);

        using var body = new PushedContent(large);
        (await _server.Send(HttpMethod.Put, Path, _token, body)).Status.ShouldBe(413);
        (await _server.Get(Path, _token)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_locked_picture_stays_and_the_caller_is_told_why()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        await _server.Book.SetLock(new Identity(ApiServer.Juliet), new PortraitLock("under review", _server.Time.GetUtcNow()), new(Origin.Command));

        var refused = await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png(salt: 1));

        refused.Status.ShouldBe(423);
        refused.Problem().ShouldContain("under review");
        (await _server.Send(HttpMethod.Delete, Path, _token)).Status.ShouldBe(423);
        (await _server.Get(Path, _token)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_a_program_changed_is_in_the_log_under_the_name_of_its_token()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        await _server.Send(HttpMethod.Put, Path + "/visibility", _token, ApiServer.Json("""{"visibility":"nobody"}"""));
        await _server.Post($"/api/v1/people/{ApiServer.Juliet}/addresses", _token, """{"address":"j@example.net"}""");
        await _server.Send(HttpMethod.Delete, $"/api/v1/people/{ApiServer.Juliet}/addresses/j@example.net", _token);
        await _server.Send(HttpMethod.Delete, Path, _token);

        var entries = await _server.Stores.Audit.Read([ApiServer.Juliet], null, 10);

        entries.Select(entry => entry.Action).ShouldBe(["avatar clear", "address remove", "address add", "avatar visibility", "avatar set"]);
        entries.ShouldAllBe(entry => entry.By == "token all");
    }

    [Fact]
    public async Task Without_a_renderer_the_caller_is_told_to_come_back()
    {
        await _server.Put(ApiServer.Juliet, _token, SmallPicture.Png());
        _server.Renderer.Failure = new RenderUnavailableException("busy");

        var reply = await _server.Get(Path + "/picture?size=33", _token);

        reply.Status.ShouldBe(503);
        reply.Headers["Retry-After"].ShouldBe("5");
    }

    /// <summary>Chunked: no Content-Length.</summary>
    private sealed class PushedContent : HttpContent
    {
        private readonly byte[] _bytes;

        public PushedContent(byte[] bytes)
        {
            _bytes = bytes;
            Headers.ContentType = new("image/png");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class AddressesAtTheTime : IPortraitListener
    {
        public IPortraitStore? Store { get; set; }

        public IReadOnlyList<string> Addresses { get; private set; } = [];

        // SQLite answers at once.
        public void OnPortraitChanged(PortraitChanged change) => Addresses = Store!.Addresses(change.Identity).AsTask().GetAwaiter().GetResult();
    }
}
