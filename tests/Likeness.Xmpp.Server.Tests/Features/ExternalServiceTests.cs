using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

public sealed class ExternalServiceTests
{
    [Fact]
    [Trait("Requirement", "U-C")]
    public async Task Credentials_are_what_a_relay_with_the_same_secret_computes_and_name_nobody()
    {
        await using var scene = new Scene();
        var secret = "north"u8.ToArray();
        scene.Options = scene.Options with { ExternalServices = [new ExternalService("turn", "turn.example.org", 3478, "udp")], TurnSecret = secret };
        await Performance.Play(scene, Transcript.Parse("turn", ["juliet and romeo are users", "juliet/balcony connects", "romeo/orchard connects"]));

        var hers = await Ask(scene, "juliet/balcony");
        var his = await Ask(scene, "romeo/orchard");

        var user = hers["username"]!;
        hers["password"].ShouldBe(Convert.ToBase64String(HMACSHA1.HashData(secret, Encoding.UTF8.GetBytes(user))));
        user.ShouldNotContain("juliet");
        var (ends, alias) = (user.Split(':')[0], user.Split(':')[1]);
        alias.ShouldNotBe(his["username"]!.Split(':')[1]);
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(ends, CultureInfo.InvariantCulture));
        expires.ShouldBe((await scene.Server()).Services.GetRequiredService<TimeProvider>().GetUtcNow().AddHours(24), TimeSpan.FromMinutes(1));
        DateTimeOffset.Parse(hers["expires"]!, CultureInfo.InvariantCulture).ShouldBe(expires);
    }

    private static async Task<Element> Ask(Scene scene, string name)
    {
        await scene.Actor(name).Send("<iq type='get' id='1' to='localhost'><services xmlns='urn:xmpp:extdisco:2'/></iq>");
        return (await scene.Actor(name).Receive())!.FirstChild()!.FirstChild()!;
    }
}
