using System.Net;
using System.Net.Http.Headers;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.AspNetCore.Tests.Proxy;

public sealed class AvatarProxyTests
{
    private const string Anne = "anne@club.example";

    private static readonly byte[] Bytes = TestPicture.Png(48);

    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task A_picture_is_served_by_the_site_itself()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes, "Content-Type: text/html\r\nCache-Control: max-age=7200\r\nSet-Cookie: a=b\r\nX-Other: c\r\n"));
        await using var site = await TestSite.Start(avatars);
        using var answer = await site.Picture(Anne);

        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Bytes);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("image/png", "the bytes count, not the avatar server's word");
        answer.Headers.Where(header => header.Key is not ("Date" or "Server" or "ETag")).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "Cache-Control: public, max-age=7200",
            "Content-Security-Policy: default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy: same-site",
            "X-Content-Type-Options: nosniff",
        ]);
    }

    [Fact]
    public async Task A_picture_is_fetched_once_however_often_it_is_shown()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        var source = await site.Source(Anne);

        var shown = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => site.Client.GetByteArrayAsync(source)));

        shown.ShouldAllBe(bytes => bytes.SequenceEqual(Bytes));
        avatars.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_browser_that_has_the_picture_is_told_so()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        var source = await site.Source(Anne);
        using var first = await site.Client.GetAsync(source);

        using var again = new HttpRequestMessage(HttpMethod.Get, source) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var other = new HttpRequestMessage(HttpMethod.Get, source) { Headers = { IfNoneMatch = { EntityTagHeaderValue.Parse("\"other\"") } } };
        using var known = await site.Client.SendAsync(again);
        using var unknown = await site.Client.SendAsync(other);

        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        known.Headers.CacheControl.ShouldBe(first.Headers.CacheControl);
        (await known.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        unknown.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HEAD_gives_the_header_alone()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        using var answer = await site.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, await site.Source(Anne)));

        answer.Content.Headers.ContentLength.ShouldBe(Bytes.Length);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_URL_that_the_site_did_not_write_leads_nowhere()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        await using var other = await TestSite.Start(avatars, options =>
        {
            options.Keys.Clear();
            options.Keys.Add("the key of a quite different site");
        });
        var source = await site.Source(Anne);
        string[] wrong = [source[..^2] + (source[^2] == 'A' ? 'B' : 'A') + source[^1], source + "A", source[..^1], "/avatars/x", $"/avatars/{Address.Email(Anne).Md5}", "/avatars/http%3A%2F%2Favatars.example%2F", await other.Source(Anne)];

        foreach (var url in wrong)
        {
            using var answer = await site.Client.GetAsync(url);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, url);
        }

        avatars.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_can_choose_the_size()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        var source = await site.Source(Anne);

        using var first = await site.Client.GetAsync(source + "?s=1");
        using var second = await site.Client.GetAsync(source + "?s=2&d=http://evil.example/");

        avatars.Requests.ShouldHaveSingleItem().ShouldStartWith($"GET /avatar/{Address.Email(Anne).Md5}?d=404&s=48 ");
    }

    [Fact]
    [Trait("Requirement", "L-7")]
    [Trait("Requirement", "L-12")]
    public async Task What_the_page_asks_for_is_asked_of_the_avatar_server()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var site = await TestSite.Start(avatars);
        var openIdentifier = "https://club.example/anne";
        foreach (var markup in new[] { new AvatarMarkup(Anne, 48, "robohash", true), new AvatarMarkup(openIdentifier, 999) })
        {
            using var answer = await site.Client.GetAsync((await site.Image(markup)).GetAttribute("src"));
        }

        avatars.Requests.Select(request => request.Split(' ')[1]).ShouldBe(
        [
            $"/avatar/{Address.Email(Anne).Sha256}?d=robohash&s=48",
            $"/avatar/{Address.OpenIdentifier(openIdentifier).Sha256}?d=404&s=512",
        ]);
    }

    [Fact]
    [Trait("Requirement", "L-72")]
    public async Task The_server_that_a_domain_names_is_asked()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(Bytes));
        await using var resolver = new StandInResolver(asked => [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, avatars.Port, "own.example"))]);
        await using var site = await TestSite.Start(9, options => options.Client = TestSite.ToLoopback(9, resolver));
        using var answer = await site.Picture(Anne);

        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Bytes);
        avatars.Requests.ShouldHaveSingleItem().ShouldContain($"Host: own.example:{avatars.Port}\r\n");
    }
}
