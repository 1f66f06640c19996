using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Likeness.Files;
using Likeness.Http.Files;
using Likeness.Http.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Files;

/// <summary>A real Kestrel that files are put to and got from.</summary>
public sealed class SharedFileEndpointTests : IDisposable
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-files-");
    private SharedFiles _files = null!;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Requirement", "U-4")]
    public async Task A_file_is_put_once_and_read_by_everybody_who_knows_its_address()
    {
        await using var server = await Start();
        var (path, token) = Slot(5, "image/png", "très cool.png");

        (await Put(server, path, token, [1, 2, 3, 4, 5], "image/png")).Status.ShouldBe(201);
        (await Put(server, path, token, [5, 4, 3, 2, 1], "image/png")).Status.ShouldBe(409);

        var got = await server.Get(path, token: null);
        (got.Status, got.MediaType).ShouldBe((200, "image/png"));
        got.Body.ShouldBe([1, 2, 3, 4, 5]);
        got.Headers.ShouldNotContainKey("Content-Disposition");
        (await server.Get(path[..path.LastIndexOf('/')][..^1] + "x/x.png", token: null)).Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Requirement", "U-4")]
    public async Task What_is_not_what_was_said_is_refused_before_it_is_read()
    {
        await using var server = await Start();
        var (path, token) = Slot(5, "image/png");
        var (other, otherToken) = Slot(5, "image/png");

        (await Put(server, path, token, new byte[6], "image/png")).Status.ShouldBe(413);
        (await Put(server, path, token, new byte[4], "image/png")).Status.ShouldBe(400);
        (await Put(server, path, token, new byte[5], "text/html")).Status.ShouldBe(415);
        (await Put(server, path, null, new byte[5], "image/png")).Status.ShouldBe(403);
        (await Put(server, path, otherToken, new byte[5], "image/png")).Status.ShouldBe(403);
        (await server.Send(HttpMethod.Put, path, token, new PushStream())).Status.ShouldBe(411);
        (await server.Get(path, null)).Status.ShouldBe(404);
        _folder.GetFiles("*", SearchOption.AllDirectories).ShouldBeEmpty();

        // Some clients say no type where they did before.
        (await Put(server, path, token, new byte[5], null)).Status.ShouldBe(201);
        server.Time.Advance(FileSlots.Lifetime);
        (await Put(server, other, otherToken, new byte[5], "image/png")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/svg+xml")]
    [InlineData("application/pdf")]
    [InlineData("")]
    [Trait("Requirement", "U-6")]
    public async Task What_could_do_something_in_a_browser_is_given_to_be_saved(string type)
    {
        await using var server = await Start();
        var (path, token) = Slot(5, type, "x.html");
        (await Put(server, path, token, "<svg>"u8.ToArray(), type.Length > 0 ? type : "text/html")).Status.ShouldBe(201);

        var got = await server.Get(path, null);

        got.MediaType.ShouldBe("application/octet-stream");
        got.Headers["Content-Disposition"].ShouldBe("attachment");
        got.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        got.Headers["Content-Security-Policy"].ShouldBe("default-src 'none'; sandbox");
    }

    [Fact]
    [Trait("Requirement", "U-6")]
    public async Task A_part_of_a_file_its_head_and_whether_it_changed_can_be_asked_for()
    {
        await using var server = await Start();
        var (path, token) = Slot(5, "video/mp4");
        await Put(server, path, token, [1, 2, 3, 4, 5], "video/mp4");

        var part = await server.Get(path, null, ("Range", "bytes=1-3"));
        (part.Status, part.Headers["Content-Range"]).ShouldBe((206, "bytes 1-3/5"));
        part.Body.ShouldBe([2, 3, 4]);
        var head = await server.Send(HttpMethod.Head, path, null);
        (head.Status, head.Headers["Content-Length"], head.Body.Length).ShouldBe((200, "5", 0));
        head.Headers["Cache-Control"].ShouldBe("public, max-age=2592000, immutable");
        (await server.Get(path, null, ("If-None-Match", head.Tag!))).Status.ShouldBe(304);
    }

    [Fact]
    [Trait("Requirement", "U-5")]
    public async Task Web_clients_of_other_sites_may_put_and_get()
    {
        await using var server = await Start();
        var (path, token) = Slot(1, "");

        foreach (var reply in new[]
        {
            await server.Send(HttpMethod.Options, path, null, null, ("Origin", "https://chat.example"), ("Access-Control-Request-Method", "PUT")),
            await Put(server, path, null, [1], null),
            await Put(server, path, token, [1], null),
            await server.Get(path, null),
            await server.Send(HttpMethod.Head, path, null),
        })
        {
            reply.Headers["Access-Control-Allow-Origin"].ShouldBe("*");
            reply.Headers["Access-Control-Allow-Methods"].ShouldBe("OPTIONS, HEAD, GET, PUT");
            reply.Headers["Access-Control-Allow-Headers"].ShouldBe("Authorization, Content-Type, Content-Length");
        }

        (await server.Send(HttpMethod.Options, path, null)).Status.ShouldBe(204);
        (await server.Send(HttpMethod.Delete, path, null)).Status.ShouldBe(405);
    }

    [Fact]
    [Trait("Requirement", "U-7")]
    public async Task Who_has_no_room_left_is_told()
    {
        await using var server = await Start(options => options with { MaxPerDay = 7 });
        var (path, token) = Slot(5, "");
        var (other, otherToken) = Slot(5, "");

        (await Put(server, path, token, new byte[5], null)).Status.ShouldBe(201);
        (await Put(server, other, otherToken, new byte[5], null)).Status.ShouldBe(507);
    }

    private async Task<ApiServer> Start(Func<SharedFileOptions, SharedFileOptions>? change = null)
    {
        var options = new SharedFileOptions(_folder.FullName) { Web = new Uri("https://example.org/") };
        return await ApiServer.Start(
            add: services => services
                .AddSingleton(change?.Invoke(options) ?? options)
                .AddSingleton(provider => new FileSlots(RandomNumberGenerator.GetBytes(32), provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<IPictureGuard, NoGuard>()
                .AddSingleton<SharedFiles>()
                .AddSingleton<SharedFileEndpoint>(),
            map: application =>
            {
                SharedFileEndpoint.Map(application);
                _files = application.Services.GetRequiredService<SharedFiles>();
            });
    }

    private (string Path, string Token) Slot(long size, string type, string name = "x")
    {
        var (slot, token) = _files.Slots.Issue(Juliet, size, type);
        return (_files.UrlOf(slot, name).AbsolutePath, token);
    }

    private static async Task<Reply> Put(ApiServer server, string path, string? token, byte[] content, string? type)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await server.Send(HttpMethod.Put, path, token, body);
    }

    private sealed class NoGuard : IPictureGuard
    {
        public long Version => 0;

        public PictureBlock? Find(PictureId id) => null;

        public ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default) => default;
    }

    /// <summary>Of no known length: sent in chunks.</summary>
    private sealed class PushStream : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(Encoding.UTF8.GetBytes("12345")).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
