using System.Diagnostics;
using System.Text;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class SafeFetchTests
{
    [Fact]
    [Trait("Requirement", "L-62")]
    public async Task Nothing_that_identifies_anybody_leaves()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png, "Set-Cookie: visitor=1; Path=/\r\n"));
        using var fetch = TestFetch.Create();
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var activity = new Activity("a visitor's request").AddBaggage("visitor", "anne").Start();

        await fetch.FetchAsync(server.Url("/avatar/x?s=80"));
        await fetch.FetchAsync(server.Url("/avatar/x?s=80"));

        var request = $"GET /avatar/x?s=80 HTTP/1.1\r\nHost: avatars.example:{server.Port}\r\nUser-Agent: Likeness\r\nAccept: image/*\r\n\r\n";
        server.Requests.ShouldBe([request, request]);
    }

    [Theory]
    [InlineData("89504E470D0A1A0A00", AvatarFormat.Png, "image/png")]
    [InlineData("FFD8FFE0", AvatarFormat.Jpeg, "image/jpeg")]
    [InlineData("474946383961", AvatarFormat.Gif, "image/gif")]
    [InlineData("474946383761", AvatarFormat.Gif, "image/gif")]
    [InlineData("524946460000000057454250", AvatarFormat.WebP, "image/webp")]
    public async Task The_bytes_tell_the_type_whatever_the_server_says(string hex, AvatarFormat format, string mediaType)
    {
        var body = Convert.FromHexString(hex);
        await using var server = StandInServer.Answering(_ => Answers.Picture(body, "Content-Type: text/html\r\n"));

        var image = (await TestFetch.Fetch(server.Url())).ShouldBeOfType<FetchResult.Fetched>().Image;

        image.Bytes.ToArray().ShouldBe(body);
        image.Format.ShouldBe(format);
        image.MediaType.ShouldBe(mediaType);
        image.Source.ShouldBe(server.Url());
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("RIFF....WAVE")]
    [InlineData("\u0089PNG")]
    [InlineData("")]
    public async Task What_is_no_picture_is_refused_whatever_the_server_says(string body)
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Latin1(body)));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Refused(FetchRefusal.NotAnImage));
    }

    [Fact]
    public async Task A_compressed_body_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[50_000_000]);
        }

        await using var server = StandInServer.Answering(_ => Answers.Picture(packed.ToArray(), "Content-Encoding: gzip\r\nContent-Type: image/png\r\n"));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Refused(FetchRefusal.NotAnImage));
    }

    [Fact]
    public async Task Validators_come_with_the_picture_and_go_with_the_next_request()
    {
        await using var server = StandInServer.Answering(request => request.Contains("If-None-Match", StringComparison.Ordinal)
            ? Answers.Status(304, "Cache-Control: max-age=60\r\n")
            : Answers.Picture(Answers.Png, "ETag: \"v1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nCache-Control: public, max-age=300\r\n"));
        using var fetch = TestFetch.Create();

        var image = (await fetch.FetchAsync(server.Url())).ShouldBeOfType<FetchResult.Fetched>().Image;
        var again = await fetch.FetchAsync(new FetchRequest(server.Url()) { EntityTag = image.EntityTag, LastModified = image.LastModified });

        image.MaxAge.ShouldBe(TimeSpan.FromMinutes(5));
        again.ShouldBe(new FetchResult.NotModified(TimeSpan.FromMinutes(1)));
        server.Requests.Last().ShouldContain("\r\nIf-None-Match: \"v1\"\r\n");
        server.Requests.Last().ShouldContain("\r\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_server_may_say_that_there_is_none(int status)
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(status, "Cache-Control: max-age=600\r\n"));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.NotFound(TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(206)]
    [InlineData(300)]
    [InlineData(304)]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Other_statuses_are_failures(int status)
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(status));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Failed(FetchFailure.Status, status));
    }

    [Theory]
    [InlineData("no HTTP at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\u0089PNG\r\n\u001A\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len")]
    [InlineData("")]
    public async Task A_broken_or_short_answer_is_a_failure(string answer)
    {
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send(answer);
        });

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Failed(FetchFailure.Protocol));
    }

    [Fact]
    public async Task Bytes_behind_the_announced_length_are_not_read_into_the_next_answer()
    {
        await using var server = StandInServer.Answering(_ => [.. Answers.Picture(Answers.Png), .. Encoding.ASCII.GetBytes("HTTP/1.1 404 Smuggled\r\nContent-Length: 0\r\n\r\n")]);
        using var fetch = TestFetch.Create();

        (await fetch.FetchAsync(server.Url())).ShouldBeOfType<FetchResult.Fetched>().Image.Bytes.ToArray().ShouldBe(Answers.Png);
        (await fetch.FetchAsync(server.Url())).ShouldBeOfType<FetchResult.Fetched>();
    }
}
