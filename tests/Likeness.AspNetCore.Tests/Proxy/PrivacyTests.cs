using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;

namespace Likeness.AspNetCore.Tests.Proxy;

public sealed class PrivacyTests
{
    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task Nothing_of_a_visitor_goes_on_to_the_avatar_server()
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Picture(TestPicture.Png(48)));
        await using var site = await TestSite.Start(avatars);
        using var visit = new HttpRequestMessage(HttpMethod.Get, await site.Source("anne@club.example"));
        foreach (var (name, value) in new[]
        {
            ("Cookie", "session=secret"), ("Authorization", "Bearer secret"), ("Referer", "https://forum.example/secret"), ("User-Agent", "Secret/1"),
            ("Accept-Language", "de-secret"), ("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=192.0.2.7"), ("Via", "1.1 secret"), ("DNT", "1"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("baggage", "user=secret"), ("Range", "bytes=0-5"),
        })
        {
            visit.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var answer = await site.Client.SendAsync(visit);

        avatars.Requests.ShouldHaveSingleItem().ShouldBe(
            $"GET /avatar/{Address.Email("anne@club.example").Md5}?d=404&s=48 HTTP/1.1\r\nHost: avatars.example:{avatars.Port}\r\nUser-Agent: Likeness\r\nAccept: image/*\r\n\r\n");
    }
}
