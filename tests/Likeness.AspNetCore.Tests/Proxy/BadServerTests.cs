using System.Net;
using System.Net.Sockets;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar.Tests.Fetching;

namespace Likeness.AspNetCore.Tests.Proxy;

public sealed class BadServerTests
{
    public static TheoryData<string, byte[]> BadAnswers => new()
    {
        { "none", Answers.Status(404) },
        { "broken", Answers.Status(500) },
        { "a page that calls itself a picture", Answers.Picture("<html><script>alert(1)</script>"u8.ToArray()) },
        { "a drawing with a script", Answers.Picture("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "Content-Type: image/svg+xml\r\n") },
        { "too much", Answers.Picture([.. TestPicture.Png(8), .. new byte[6 * 1024 * 1024]]) },
        { "nothing", Answers.Picture([]) },
        { "no HTTP", "hello\r\n\r\n"u8.ToArray() },
        { "a redirect to another protocol", Answers.Redirect("ftp://avatars.example/") },
    };

    [Theory]
    [Trait("Requirement", "L-75")]
    [MemberData(nameof(BadAnswers))]
    public async Task A_server_that_gives_no_picture_is_replaced_by_the_neutral_face(string what, byte[] answer)
    {
        await using var avatars = StandInServer.Answering(_ => answer);
        await using var site = await TestSite.Start(avatars);

        await IsNeutral(site, what);
        avatars.Requests.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_gone_is_replaced_by_the_neutral_face()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var site = await TestSite.Start(port);

        await IsNeutral(site, "gone");
    }

    [Fact]
    public async Task A_face_keeps_its_colour_in_all_sizes_and_differs_between_people()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Status(404));
        await using var site = await TestSite.Start(avatars);
        var small = await Drawing(site, "anne@club.example", 48);
        var large = await Drawing(site, "anne@club.example", 96);
        var others = new HashSet<string>();
        for (var person = 0; person < 8; person++)
        {
            others.Add(await Drawing(site, $"member{person}@club.example", 48));
        }

        large.ShouldBe(small.Replace("width=\"48\" height=\"48\"", "width=\"96\" height=\"96\"", StringComparison.Ordinal));
        others.Count.ShouldBeGreaterThan(1);
    }

    private static async Task<string> Drawing(TestSite site, string address, int size) => await site.Client.GetStringAsync(await site.Source(address, size));

    private static async Task IsNeutral(TestSite site, string what)
    {
        using var shown = await site.Picture("anne@club.example");
        shown.StatusCode.ShouldBe(HttpStatusCode.OK, what);
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml", what);
        shown.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(5), what);
        (await shown.Content.ReadAsStringAsync()).ShouldNotContain("script");
    }
}
