using System.Net;
using Likeness.Http.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Api;

public sealed class TokenTests
{
    private const string Path = $"/api/v1/portraits/{ApiServer.Juliet}";

    [Theory]
    [InlineData("/API/v1/portraits/juliet@example.org")]
    [InlineData("/api/V1/Portraits/juliet@example.org")]
    [InlineData("/Api/v1/people/juliet@example.org/addresses")]
    public async Task A_token_is_asked_for_in_whatever_case_the_path_is_written(string path)
    {
        await using var server = await ApiServer.Start();

        var refused = await server.Get(path, token: null);

        refused.Status.ShouldBe(401);
        refused.MediaType.ShouldBe("application/problem+json");
        (await server.Get(path, await server.Token())).Status.ShouldNotBe(401);
    }

    [Fact]
    public async Task Without_a_valid_token_nothing_is_answered_and_nothing_is_read()
    {
        await using var server = await ApiServer.Start();
        await server.Token();

        foreach (var token in new[] { null, "", "lk_", "nonsense", TokenText.Create(), TokenText.Create() + "=" })
        {
            var reply = await server.Get(Path, token);
            reply.Status.ShouldBe(401);
            reply.Headers["WWW-Authenticate"].ShouldBe("Bearer");
            reply.Problem().ShouldContain("token");
        }

        // The body of an upload is not waited for.
        using var endless = new StreamContent(new EndlessStream());
        (await server.Send(HttpMethod.Put, Path, TokenText.Create(), endless, ("Expect", "100-continue"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_token_that_ended_or_was_removed_opens_nothing_at_once()
    {
        await using var server = await ApiServer.Start();
        var token = await server.Token("short", expires: server.Time.GetUtcNow().AddDays(1));
        (await server.Get(Path, token)).Status.ShouldBe(404);
        server.Time.Advance(TimeSpan.FromDays(1));
        (await server.Get(Path, token)).Status.ShouldBe(401);

        var other = await server.Token("other");
        (await server.Get(Path, other)).Status.ShouldBe(404);
        await server.Stores.ApiTokens.Remove("other");
        (await server.Get(Path, other)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_read_only_token_looks_and_changes_nothing()
    {
        await using var server = await ApiServer.Start();
        await server.Put(ApiServer.Juliet, await server.Token(), SmallPicture.Png());
        var token = await server.Token("reader", readOnly: true);

        (await server.Get(Path, token)).Status.ShouldBe(200);
        (await server.Post("/api/v1/portraits/query", token, """{"addresses":["juliet@example.org"]}""")).Status.ShouldBe(200);
        (await server.Put(ApiServer.Juliet, token, SmallPicture.Png(salt: 1))).Status.ShouldBe(403);
        (await server.Send(HttpMethod.Delete, Path, token)).Problem().ShouldContain("read-only");
        (await server.Send(HttpMethod.Patch, Path + "/visibility", token, ApiServer.Json("""{"visibility":"nobody"}"""))).Status.ShouldBe(403);
        (await server.Post($"/api/v1/people/{ApiServer.Juliet}/addresses", token, """{"address":"j@example.org"}""")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task What_a_token_must_not_touch_looks_as_if_it_were_not_there()
    {
        await using var server = await ApiServer.Start();
        var all = await server.Token();
        await server.Put(ApiServer.Juliet, all, SmallPicture.Png());
        await server.Put("romeo@example.net", all, SmallPicture.Png());

        // An address of one domain whose owner is of another.
        await server.AddAddress("romeo@example.net", "romeo@example.org");
        var token = await server.Token("org", domains: "example.org");

        (await server.Get(Path, token)).Status.ShouldBe(200);
        var unknown = await server.Get("/api/v1/portraits/nobody@example.org", token);
        unknown.Status.ShouldBe(404);
        foreach (var address in new[] { "romeo@example.net", "romeo@example.org", "nobody@example.net" })
        {
            (await server.Get($"/api/v1/portraits/{address}", token)).Text.ShouldBe(unknown.Text);
            (await server.Get($"/api/v1/portraits/{address}/picture", token)).Text.ShouldBe(unknown.Text);
            (await server.Send(HttpMethod.Delete, $"/api/v1/portraits/{address}", token)).Text.ShouldBe(unknown.Text);
            (await server.Put(address, token, SmallPicture.Png(salt: 9))).Text.ShouldBe(unknown.Text);
        }

        var people = await server.Get("/api/v1/people/nobody@example.org/addresses", token);
        (await server.Get("/api/v1/people/romeo@example.net/addresses", token)).Text.ShouldBe(people.Text);
        (await server.Post($"/api/v1/people/{ApiServer.Juliet}/addresses", token, """{"address":"j@example.net"}""")).Status.ShouldBe(403);
        (await server.Stores.Portraits.Addresses(new Identity(ApiServer.Juliet))).ShouldBe([ApiServer.Juliet]);
    }

    [Fact]
    public async Task The_last_use_is_written_once_an_hour()
    {
        await using var server = await ApiServer.Start();
        var start = server.Time.GetUtcNow();
        var token = await server.Token();
        await server.Get(Path, token);
        server.Time.Advance(TimeSpan.FromMinutes(59));
        await server.Get(Path, token);
        (await server.Stores.ApiTokens.List()).Single().LastUsed.ShouldBe(start);

        server.Time.Advance(TimeSpan.FromMinutes(2));
        await server.Get(Path, token);
        (await server.Stores.ApiTokens.List()).Single().LastUsed.ShouldBe(start.AddMinutes(61));
    }

    [Fact]
    public async Task A_token_that_asks_too_much_waits_and_no_other_does()
    {
        await using var server = await ApiServer.Start(new ApiOptions { RequestsPerMinute = 3 });
        var (token, other) = (await server.Token(), await server.Token("other"));
        for (var request = 0; request < 3; request++)
        {
            (await server.Get(Path, token)).Status.ShouldBe(404);
        }

        var refused = await server.Get(Path, token);
        refused.Status.ShouldBe(429);
        refused.Headers["Retry-After"].ShouldBe("20");
        (await server.Get(Path, other)).Status.ShouldBe(404);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        (await server.Get(Path, token)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_batch_costs_what_it_asks_for()
    {
        await using var server = await ApiServer.Start(new ApiOptions { RequestsPerMinute = 60 });
        var token = await server.Token();
        var batch = $$"""{"addresses":[{{string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"p{number}@example.org\""))}}]}""";

        (await server.Post("/api/v1/portraits/query", token, batch)).Status.ShouldBe(200);
        (await server.Post("/api/v1/portraits/query", token, batch)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Wrong_tokens_are_told_to_wait_and_a_right_one_from_the_same_place_is_not()
    {
        await using var server = await ApiServer.Start(new ApiOptions { FailuresPerMinute = 2 });
        var token = await server.Token();
        for (var request = 0; request < 2; request++)
        {
            (await server.Get(Path, TokenText.Create())).Status.ShouldBe(401);
        }

        (await server.Get(Path, TokenText.Create())).Status.ShouldBe(429);
        (await server.Get(Path, token)).Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Requirement", "C-49")]
    public async Task Wrong_tokens_from_one_IPv6_network_are_of_one_client()
    {
        await using var server = await ApiServer.Start(
            new ApiOptions { FailuresPerMinute = 3 },
            services => services.AddSingleton<IStartupFilter>(new ClientByHeader()));
        for (var host = 1; host <= 3; host++)
        {
            (await server.Get(Path, TokenText.Create(), ("Client", $"2001:db8::{host}"))).Status.ShouldBe(401);
        }

        (await server.Get(Path, TokenText.Create(), ("Client", "2001:db8::ffff:1"))).Status.ShouldBe(429);
        (await server.Get(Path, TokenText.Create(), ("Client", "2001:db8:0:1::1"))).Status.ShouldBe(401);
    }

    /// <summary>Takes the client's address from a header.</summary>
    private sealed class ClientByHeader : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use(async (context, pass) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers["Client"].ToString());
                await pass(context);
            });
            next(application);
        };
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
