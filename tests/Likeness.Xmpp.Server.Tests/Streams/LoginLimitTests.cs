using System.Net;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Streams;

public sealed class LoginLimitTests
{
    private static readonly IPAddress Home = IPAddress.Parse("127.0.1.1");

    [Theory]
    [Trait("Requirement", "C-49")]
    [InlineData("juliet")]
    [InlineData("nobody")]
    public async Task Guesses_from_many_addresses_are_stopped_known_or_unknown_user_and_by_every_mechanism(string user)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var answers = new List<string>();
        for (var guess = 0; guess < 14; guess++)
        {
            var actor = await scene.OpenSecured($"guesser {guess}", IPAddress.Parse($"127.0.2.{guess + 1}"));
            ISaslClient client = guess % 2 == 0
                ? new PlainClient(user, $"guess {guess}")
                : new ScramClient(ScramHash.Sha256, user, $"guess {guess}");
            answers.Add(await actor.Authenticate(client));
        }

        answers.Take(10).ShouldAllBe(answer => answer == "not-authorized");
        answers.Skip(10).ShouldAllBe(answer => answer == "temporary-auth-failure");
    }

    [Fact]
    [Trait("Requirement", "C-49")]
    public async Task The_owner_still_gets_in_from_where_the_account_logged_in_before_and_from_elsewhere_after_a_while()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        (await LogIn(scene, Home)).ShouldBe("success");
        for (var guess = 0; guess < 12; guess++)
        {
            var actor = await scene.OpenSecured($"guesser {guess}", IPAddress.Parse($"127.0.2.{guess + 1}"));
            await actor.Authenticate(new PlainClient("juliet", "guess"));
        }

        (await LogIn(scene, Home)).ShouldBe("success");
        (await LogIn(scene, IPAddress.Parse("127.0.3.1"))).ShouldBe("temporary-auth-failure");
        (await scene.Server()).Clock.Advance(TimeSpan.FromMinutes(2));
        (await LogIn(scene, IPAddress.Parse("127.0.3.1"))).ShouldBe("success");
    }

    [Fact]
    [Trait("Requirement", "C-49")]
    public async Task Whoever_must_wait_is_told_how_long()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        for (var guess = 0; guess < 10; guess++)
        {
            var actor = await scene.OpenSecured("guesser");
            await actor.Authenticate(new PlainClient("juliet", "guess"));
        }

        var refused = await (await scene.OpenSecured("late")).Begin("PLAIN", $"\0juliet\0{TestCredentials.Password}");
        refused.FirstChild()!.Name.ShouldBe("temporary-auth-failure");
        refused.Child("text")!.Text().ShouldContain("in 2 min");
    }

    private static async Task<string> LogIn(Scene scene, IPAddress from) =>
        await (await scene.OpenSecured($"juliet at {from}", from)).Authenticate(new ScramClient(ScramHash.Sha256, "juliet", TestCredentials.Password));
}
