using System.Net;
using System.Text;
using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>Logins by tokens (XEP-0484).</summary>
public sealed class TokenLoginTests
{
    private const string None = "HT-SHA-256-NONE";
    private static readonly Guid Phone = Guid.Parse("d4565fa7-4d72-4749-b3d3-740edbf87770");
    private static readonly Guid Tablet = Guid.Parse("1b4e28ba-2fa1-41d2-883f-0016d3cca427");
    private static readonly Identity Juliet = new("juliet@localhost");

    [Theory]
    [Trait("Requirement", "K-30")]
    [Trait("Requirement", "K-31")]
    [InlineData("HT-SHA-256-EXPR")]
    [InlineData("HT-SHA-256-ENDP")]
    [InlineData("HT-SHA-256-NONE")]
    public async Task A_token_asked_for_with_the_password_opens_the_next_login_in_one_message_each_way(string mechanism)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var server = await scene.Server();
        var (token, expiry) = await Given(await scene.OpenSecured("first"), Phone, mechanism);
        DateTimeOffset.Parse(expiry, null).ShouldBe(server.Clock.GetUtcNow() + TimeSpan.FromDays(21), TimeSpan.FromSeconds(1));

        var actor = await scene.OpenSecured("second");
        Offered(actor).ShouldBe(["HT-SHA-256-EXPR", "HT-SHA-256-ENDP", "HT-SHA-256-NONE"]);
        var binding = BindingOf(mechanism, actor);
        var success = await actor.Ask(ByToken(token, mechanism, Phone, binding, "<bind xmlns='urn:xmpp:bind:0'><tag>Balcony</tag></bind>"));

        success.Is("success", Ns.Sasl2).ShouldBeTrue(success.ToString());
        success.Child("additional-data")!.Text().ShouldBe(Convert.ToBase64String(HashedToken.Answer(token, binding)));
        success.Child("authorization-identifier")!.Text().ShouldStartWith("juliet@localhost/Balcony/");
        success.Child("bound", Ns.Bind2).ShouldNotBeNull();
        success.Child("token", Ns.Fast).ShouldBeNull("it is new enough");
        if (mechanism != None)
        {
            // Bound to something: on another connection, or with another certificate, the same message opens nothing.
            (await (await scene.OpenSecured("third")).Ask(ByToken(token, mechanism, Phone, [.. binding.Reverse()]))).FirstChild()!.Name.ShouldBe("not-authorized");
        }
    }

    [Fact]
    [Trait("Requirement", "K-31")]
    [Trait("Requirement", "K-34")]
    [Trait("Requirement", "C-44")]
    public async Task A_token_is_good_for_its_account_client_and_mechanism_only_and_all_others_are_refused_alike()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        await (await scene.Server()).Stores.Accounts.Add(TestCredentials.Of("romeo@localhost"));
        var (token, _) = await Given(await scene.OpenSecured("first"), Phone, None);
        var answers = new List<string>();
        foreach (var (user, said, mechanism, agent) in new[]
        {
            ("juliet", token + "x", None, Phone), ("juliet", token, None, Tablet), ("romeo", token, None, Phone),
            ("nobody", token, None, Phone), ("a b", token, None, Phone), ("juliet", token, "HT-SHA-256-ENDP", Phone),
        })
        {
            var actor = await scene.OpenSecured($"{user} {answers.Count}");
            answers.Add((await actor.Ask(ByToken(said, mechanism, agent, BindingOf(mechanism, actor), user: user))).ToString());

            // The stream is still good for the password.
            (await actor.Ask(ByPassword(Tablet))).Name.ShouldBe("success");
        }

        answers.Distinct().ShouldHaveSingleItem().ShouldBe($"<failure xmlns='{Ns.Sasl2}'><not-authorized xmlns='{Ns.Sasl}'/></failure>");
    }

    [Fact]
    [Trait("Requirement", "K-31")]
    [Trait("Requirement", "C-49")]
    public async Task Wrong_tokens_count_like_wrong_passwords_whoever_is_asked_for()
    {
        foreach (var user in new[] { "juliet", "nobody" })
        {
            await using var scene = await LoginSteps.Scene(tlsRequired: true);
            var answers = new List<string>();
            for (var guess = 0; guess < 12; guess++)
            {
                var actor = await scene.OpenSecured($"guesser {guess}", IPAddress.Parse($"127.0.2.{guess + 1}"));
                answers.Add((await actor.Ask(ByToken("guess", None, Phone, [], user: user))).FirstChild()!.Name);
            }

            answers.ShouldBe([.. Enumerable.Repeat("not-authorized", 10), .. Enumerable.Repeat("temporary-auth-failure", 2)]);
        }
    }

    [Theory]
    [Trait("Requirement", "K-31")]
    [InlineData("<user-agent/>", "<fast xmlns='urn:xmpp:fast:0'/>", None, "malformed-request")]
    [InlineData("<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>", "", None, "invalid-mechanism")]
    [InlineData("<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>", "<fast xmlns='urn:xmpp:fast:0'/>", "HT-SHA-256-UNIQ", "invalid-mechanism")]
    [InlineData("<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>", "<fast xmlns='urn:xmpp:fast:0'/>", "HT-SHA-256-EXPR", "invalid-mechanism")]
    [InlineData("<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>", "<fast xmlns='urn:xmpp:fast:0'/>", "PLAIN", "invalid-mechanism")]
    public async Task A_login_by_token_says_so_and_by_which_client(string agent, string fast, string mechanism, string condition)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var actor = await scene.Open("mercutio");

        var answer = await actor.Ask($"<authenticate xmlns='{Ns.Sasl2}' mechanism='{mechanism}'><initial-response>AA==</initial-response>{agent}{fast}</authenticate>");

        answer.FirstChild()!.Name.ShouldBe(condition);
    }

    [Fact]
    [Trait("Requirement", "K-30")]
    public async Task Without_TLS_tokens_are_bound_to_nothing_and_the_old_profile_knows_none()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var actor = await scene.Connect("mercutio");
        await actor.OpenStream();
        actor.Features = (await actor.Receive()).ShouldNotBeNull();

        Offered(actor).ShouldBe([None]);
        (await actor.Begin(None, "juliet")).FirstChild()!.Name.ShouldBe("invalid-mechanism");
        (await actor.Ask(ByPassword(Phone, "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/>"))).Child("token", Ns.Fast).ShouldBeNull("nothing that was not offered is given");
    }

    [Fact]
    [Trait("Requirement", "K-32")]
    public async Task After_a_day_a_login_gets_another_token_and_the_old_one_is_good_until_that_one_is_used()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var clock = (await scene.Server()).Clock;
        var (first, _) = await Given(await scene.Open("1"), Phone, None);
        clock.Advance(TimeSpan.FromHours(25));

        var lost = await Token(scene, first, Phone);
        var second = await Token(scene, first, Phone);

        second.ShouldNotBeNull();
        (await Condition(scene, lost!, Phone)).ShouldBe("not-authorized", "given out and never used, then another one was");
        (await Condition(scene, second, Phone)).ShouldBe("success");
        (await Condition(scene, first, Phone)).ShouldBe("not-authorized");
        (await Token(scene, second, Phone)).ShouldBeNull();
        var stored = (await (await scene.Server()).Stores.LoginTokens.List(Juliet)).ShouldHaveSingleItem();
        (stored.Current is null, stored.Next is null).ShouldBe((false, true), "used, it takes the place of the one before");

        clock.Advance(TimeSpan.FromDays(21));
        (await Condition(scene, second, Phone)).ShouldBe("credentials-expired");
        (await Condition(scene, second, Tablet)).ShouldBe("not-authorized");
    }

    [Fact]
    [Trait("Requirement", "K-32")]
    public async Task Who_leaves_takes_the_token_along_and_may_ask_for_another()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var (first, _) = await Given(await scene.Open("1"), Phone, None);

        var success = await (await scene.Open("2")).Ask(ByToken(first, None, Phone, [], fast: "invalidate='true'"));
        (success.Name, success.Child("token", Ns.Fast)).ShouldBe(("success", null));
        (await Condition(scene, first, Phone)).ShouldBe("not-authorized");

        var (second, _) = await Given(await scene.Open("3"), Phone, None);
        var exchanged = await (await scene.Open("4")).Ask(ByToken(second, None, Phone, [], $"<request-token xmlns='{Ns.Fast}' mechanism='{None}'/>", fast: "invalidate='1'"));
        var third = exchanged.Child("token", Ns.Fast)!["token"]!;
        (await Condition(scene, second, Phone)).ShouldBe("not-authorized");
        (await Condition(scene, third, Phone)).ShouldBe("success");
    }

    [Fact]
    [Trait("Requirement", "K-33")]
    public async Task Tokens_go_with_the_password_with_the_account_and_when_an_operator_says_so()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var services = (await scene.Server()).Services;
        var (book, tokens) = (services.GetRequiredService<AccountBook>(), services.GetRequiredService<LoginTokens>());
        foreach (var act in new Func<Task>[]
        {
            async () => await book.ChangePassword(Juliet, TestCredentials.Password, chosen: false),
            async () => (await tokens.Revoke(Juliet)).ShouldBe(2),
            async () =>
            {
                await book.Close(Juliet);
                await book.Add(Juliet, TestCredentials.Password, "root");
            },
        })
        {
            var (phone, _) = await Given(await scene.Open("phone"), Phone, None);
            var (tablet, _) = await Given(await scene.Open("tablet"), Tablet, None);
            (await Condition(scene, phone, Phone)).ShouldBe("success");

            await act();

            (await Condition(scene, phone, Phone)).ShouldBe("not-authorized");
            (await Condition(scene, tablet, Tablet)).ShouldBe("not-authorized");
        }
    }

    [Fact]
    [Trait("Requirement", "K-32")]
    public async Task An_account_has_so_many_clients_with_tokens_and_the_oldest_needs_the_password_again()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var clock = (await scene.Server()).Clock;
        var clients = Enumerable.Range(0, LoginTokens.MaxClients + 1).Select(_ => Guid.NewGuid()).ToArray();
        var tokens = new List<string>();
        foreach (var client in clients)
        {
            tokens.Add((await Given(await scene.Open("mercutio"), client, None)).Token);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await Condition(scene, tokens[0], clients[0])).ShouldBe("not-authorized");
        (await Condition(scene, tokens[1], clients[1])).ShouldBe("success");
        (await Condition(scene, tokens[^1], clients[^1])).ShouldBe("success");
    }

    [Fact]
    [Trait("Requirement", "K-32")]
    public async Task Whoever_has_the_database_alone_has_no_token()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var server = await scene.Server();
        var (token, _) = await Given(await scene.Open("mercutio"), Phone, None);
        var client = server.Services.GetRequiredService<Authentication>().ClientOf(Juliet.Value, Phone);
        var stored = (await server.Stores.LoginTokens.Find(Juliet, client)).ShouldNotBeNull();
        Encoding.Latin1.GetString(stored.Next!.Bytes).ShouldNotContain(token);

        (await new LoginTokens(server.Stores, scene.Options.Secret, server.Clock).Find(Juliet, client)).ShouldHaveSingleItem().Text.ShouldBe(token);
        (await new LoginTokens(server.Stores, [.. scene.Options.Secret.Reverse().Select(part => (byte)~part)], server.Clock).Find(Juliet, client)).ShouldBeEmpty();

        // Moved to another client by whoever can write to the database, it opens nothing either.
        await server.Stores.LoginTokens.Save(stored with { Client = "another" }, TestCredentials.Of(Juliet.Value).Sha256!.StoredKey, isUsed: false, 16);
        (await server.Services.GetRequiredService<LoginTokens>().Find(Juliet, "another")).ShouldBeEmpty();
        stored.ToString().ShouldNotContain(Phone.ToString());
    }

    private static IEnumerable<string> Offered(Actor actor) =>
        actor.Features!.Child("authentication", Ns.Sasl2)!.Child("inline")!.Child("fast", Ns.Fast)!.Select(mechanism => mechanism.Text());

    private static byte[] BindingOf(string mechanism, Actor actor) => mechanism switch
    {
        "HT-SHA-256-EXPR" => TlsExporter.Of(actor.Tls!)!,
        "HT-SHA-256-ENDP" => ServerEndPoint.Of(TestCertificate.Context.TargetCertificate)!,
        _ => [],
    };

    private static async Task<(string Token, string Expiry)> Given(Actor actor, Guid agent, string mechanism)
    {
        var success = await actor.Ask(ByPassword(agent, $"<request-token xmlns='{Ns.Fast}' mechanism='{mechanism}'/>"));
        var token = success.Child("token", Ns.Fast).ShouldNotBeNull(success.ToString());
        return (token["token"]!, token["expiry"]!);
    }

    // What a login by this token gives in its place, if anything.
    private static async Task<string?> Token(Scene scene, string token, Guid agent)
    {
        var success = await (await scene.Open("mercutio")).Ask(ByToken(token, None, agent, []));
        success.Name.ShouldBe("success");
        return success.Child("token", Ns.Fast)?["token"];
    }

    private static async Task<string> Condition(Scene scene, string token, Guid agent)
    {
        var answer = await (await scene.Open("mercutio")).Ask(ByToken(token, None, agent, []));
        return answer.Name == "success" ? answer.Name : answer.FirstChild()!.Name;
    }

    private static string ByPassword(Guid agent, string more = "")
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0juliet\0{TestCredentials.Password}"));
        return $"<authenticate xmlns='{Ns.Sasl2}' mechanism='PLAIN'><initial-response>{login}</initial-response><user-agent id='{agent:D}'/>{more}</authenticate>";
    }

    private static string ByToken(string token, string mechanism, Guid agent, byte[] binding, string more = "", string fast = "", string user = "juliet") =>
        $"<authenticate xmlns='{Ns.Sasl2}' mechanism='{mechanism}'><initial-response>{Convert.ToBase64String(HashedToken.Request(user, token, binding))}</initial-response>"
        + $"<user-agent id='{agent:D}'/><fast xmlns='{Ns.Fast}' {fast}/>{more}</authenticate>";
}
