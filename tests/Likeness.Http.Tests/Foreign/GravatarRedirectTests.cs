using Likeness.Http.Tests.Hosting;
using Likeness.Libravatar.Tests.Fetching;
using static Likeness.Http.Tests.Foreign.GravatarStage;

namespace Likeness.Http.Tests.Foreign;

[Trait("Requirement", "L-61")]
public sealed class GravatarRedirectTests
{
    [Theory]
    [Trait("Requirement", "L-46")]
    [Trait("Requirement", "L-56")]
    [InlineData("", "s=80&r=g&d=mp")]
    [InlineData("?s=200&d=identicon&r=x", "s=200&r=g&d=identicon")]
    [InlineData("?d=mm", "s=80&r=g&d=mp")]
    [InlineData("?d=404", "s=80&r=g&d=404")]
    [InlineData("?d=unicorn", "s=80&r=g&d=mp")]
    [InlineData("?d=identicon%26f%3Dy", "s=80&r=g&d=mp")]
    [InlineData("?d=https%3A%2F%2Fevil.example%2F&name=x%26y", "s=80&r=g&d=mp")]
    [InlineData("?d=pagan&s=1%26x", "s=80&r=g&d=mp")]
    public async Task Browsers_are_sent_to_Gravatar_with_a_default_it_knows(string query, string expected)
    {
        await using var stage = await Start(new StandInServer(_ => Task.CompletedTask), GravatarMode.Redirect, options => options with { Base = new Uri("https://secure.gravatar.com/") });

        for (var round = 0; round < 3; round++)
        {
            var answer = await stage.Get(query);
            answer.Status.ShouldBe(307);
            answer["Location"].ShouldBe($"https://secure.gravatar.com/avatar/{Stranger}?{expected}");
            answer["X-Avatar-Source"].ShouldBe("gravatar");
            answer["Cache-Control"].ShouldBe("public, max-age=300");
            answer["Access-Control-Allow-Origin"].ShouldBe("*");
        }

        stage.Gravatar.Connections.ShouldBe(0);
    }

    [Theory]
    [Trait("Requirement", "L-57")]
    [InlineData("https://avatars.example.org", "https%3A%2F%2Favatars.example.org%2Fstatic%2Fdefaults%2Fnobody.80.jpg")]
    [InlineData("https://avatars.example.org:8443", "mp")]
    public async Task A_default_of_our_own_is_passed_as_a_URL_that_Gravatar_takes(string publicUrl, string expected)
    {
        await using var stage = await Start(
            new StandInServer(_ => Task.CompletedTask), GravatarMode.Redirect, policy: policy => policy with { DefaultFace = "pagan" }, publicUrl: new Uri(publicUrl));

        (await stage.Get())["Location"].ShouldEndWith($"?s=80&r=g&d={expected}");
    }

    [Theory]
    [Trait("Requirement", "L-63")]
    [InlineData(GravatarMode.Proxy, "?gravatarredirect=y", 307)]
    [InlineData(GravatarMode.Proxy, "?gravatarproxy=n&gravatarredirect=y", 307)]
    [InlineData(GravatarMode.Redirect, "?gravatarproxy=n", 307)]
    [InlineData(GravatarMode.Redirect, "?f=y", 200)]
    [InlineData(GravatarMode.Off, "?gravatarredirect=y", 200)]
    public async Task A_request_may_choose_the_way(GravatarMode mode, string query, int status)
    {
        await using var stage = await Start(StandInServer.Answering(_ => Answers.Status(404)), mode);

        (await stage.Get(query)).Status.ShouldBe(status);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task The_default_that_Gravatar_is_told_of_leads_nowhere_else()
    {
        await using var stage = await Start(
            StandInServer.Answering(_ => Answers.Picture(Answers.Png)), GravatarMode.Redirect, policy: policy => policy with { DefaultFace = "pagan" });

        var answer = await stage.Server.Get("/static/defaults/nobody.80.jpg?gravatarredirect=y&d=https%3A%2F%2Fx.example");

        answer.Status.ShouldBe(200);
        answer.Headers.ShouldNotContainKey("Location");
        stage.Gravatar.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_domain_that_knows_no_MD5_sends_none_away()
    {
        await using var stage = await Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), policy: policy => policy with { Md5 = false });

        (await stage.Get())["X-Avatar-Source"].ShouldBe("default");
        (await stage.Get(hash: Stranger + Stranger))["X-Avatar-Source"].ShouldBe("gravatar");
    }
}
