using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>Whatever is offered works together with whatever else is offered.</summary>
public sealed class LoginMatrixTests
{
    private const string Agent = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>";
    private const string Token = "HT-SHA-256-NONE";
    private static readonly string Password = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0juliet\0{TestCredentials.Password}"));

    /// <summary>How a client gets in.</summary>
    public enum Way
    {
        OldProfile,
        NewProfile,
        WithBinding,
    }

    public static IEnumerable<TheoryDataRow<Way, bool, bool, bool, bool>> Ways =>
        from way in Enum.GetValues<Way>()
        from byToken in way == Way.OldProfile ? [false] : new[] { false, true }
        from isManaged in new[] { false, true }
        from isCopied in new[] { false, true }
        from isInactive in new[] { false, true }
        select new TheoryDataRow<Way, bool, bool, bool, bool>(way, byToken, isManaged, isCopied, isInactive);

    [Theory]
    [Trait("Requirement", "K-36")]
    [MemberData(nameof(Ways))]
    public async Task Every_combination_does_what_each_of_its_parts_promises(Way way, bool byToken, bool isManaged, bool isCopied, bool isInactive)
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet and romeo are users", "juliet/balcony comes online", "romeo/orchard connects"]));
        var secret = byToken ? await Given(scene) : null;
        var actor = await scene.Connect("mercutio");
        var address = await LogIn(actor, way, secret, isManaged, isCopied, isInactive);
        var romeo = scene.Actor("romeo/orchard");

        await romeo.Send($"<presence to='{address}'><show>away</show></presence><presence to='{address}'><show>dnd</show></presence>");
        await romeo.Send("<message to='juliet@localhost/balcony' type='chat' id='copied'><body>Are you there?</body></message>");
        await romeo.Send($"<message to='{address}' type='chat' id='own'><body>Or there?</body></message>");

        var seen = new List<string>();
        for (Element? stanza = null; stanza?["id"] != "own";)
        {
            stanza = (await actor.Receive()).ShouldNotBeNull(string.Join(", ", seen));
            seen.Add(stanza.Child("received", Ns.Carbons) is null ? stanza.Child("show")?.Text() ?? stanza["id"]! : "copy");
        }

        // Away is of no interest any more when it was held until something mattered.
        seen.ShouldBe([.. isInactive ? Array.Empty<string>() : ["away"], "dnd", .. isCopied ? ["copy"] : Array.Empty<string>(), "own"]);
        if (isManaged)
        {
            await ComesBack(scene, actor, way, secret, romeo, address);
        }

        scene.ServerErrors.ShouldBeEmpty();
    }

    private static async Task ComesBack(Scene scene, Actor actor, Way way, string? secret, Actor romeo, string address)
    {
        actor.StreamId.ShouldNotBeNull();
        actor.Cut();
        await romeo.Send($"<message to='{address}' type='chat' id='late'><body>Come back</body></message>");
        await romeo.Fence();
        var again = await scene.Connect("benvolio");
        again.GoOn(actor, 0);
        await again.OpenStream();
        await again.Receive();
        var resume = $"<resume xmlns='{Ns.StreamManagement}' previd='{actor.StreamId}' h='{actor.Received}'/>";
        var answer = way == Way.OldProfile ? await Old(again) : await again.Ask(New(secret, resume));
        var resumed = answer.Name == "success" && way != Way.OldProfile ? answer.Child("resumed", Ns.StreamManagement) : await again.Ask(resume);
        resumed.ShouldNotBeNull(answer.ToString()).Name.ShouldBe("resumed");
        (await again.Receive()).ShouldNotBeNull()["id"].ShouldBe("late");
    }

    private static async Task<string> LogIn(Actor actor, Way way, string? secret, bool isManaged, bool isCopied, bool isInactive)
    {
        await actor.OpenStream();
        await actor.Receive();
        if (way == Way.WithBinding)
        {
            var wanted = (isManaged ? $"<enable xmlns='{Ns.StreamManagement}' resume='true'/>" : "")
                + (isCopied ? $"<enable xmlns='{Ns.Carbons}'/>" : "")
                + (isInactive ? $"<inactive xmlns='{Ns.ClientState}'/>" : "");
            var success = await actor.Ask(New(secret, $"<bind xmlns='{Ns.Bind2}'><tag>web</tag>{wanted}</bind>"));
            success.Child("bound", Ns.Bind2).ShouldNotBeNull(success.ToString());
            (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
            return success.Child("authorization-identifier")!.Text();
        }

        if (way == Way.OldProfile)
        {
            (await Old(actor)).Name.ShouldBe("features");
        }
        else
        {
            (await actor.Ask(New(secret, ""))).Name.ShouldBe("success");
            (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        }

        var bound = await actor.Ask($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>web</resource></bind></iq>");
        actor.IsBound = true;
        if (isManaged)
        {
            (await actor.Ask($"<enable xmlns='{Ns.StreamManagement}' resume='true'/>")).Name.ShouldBe("enabled");
        }

        if (isCopied)
        {
            (await actor.Ask($"<iq type='set' id='c'><enable xmlns='{Ns.Carbons}'/></iq>"))["type"].ShouldBe("result");
        }

        // Answered by nothing: the ping before it tells that it was heard.
        await actor.Fence();
        await actor.Send(isInactive ? $"<inactive xmlns='{Ns.ClientState}'/><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>" : "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
        (await actor.Receive()).ShouldNotBeNull()["id"].ShouldBe("p");
        return bound.Child("bind", Ns.Bind)!.Child("jid")!.Text();
    }

    private static async Task<Element> Old(Actor actor)
    {
        (await actor.Ask($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{Password}</auth>")).Name.ShouldBe("success");
        await actor.OpenStream();
        return (await actor.Receive()).ShouldNotBeNull();
    }

    private static string New(string? secret, string along)
    {
        var (mechanism, message) = secret is null ? ("PLAIN", Password) : (Token, Convert.ToBase64String(HashedToken.Request("juliet", secret, [])));
        var fast = secret is null ? "" : $"<fast xmlns='{Ns.Fast}'/>";
        return $"<authenticate xmlns='{Ns.Sasl2}' mechanism='{mechanism}'><initial-response>{message}</initial-response>{Agent}{fast}{along}</authenticate>";
    }

    private static async Task<string> Given(Scene scene)
    {
        await using var actor = await scene.Open("first");
        return (await actor.Ask(New(null, $"<request-token xmlns='{Ns.Fast}' mechanism='{Token}'/>"))).Child("token", Ns.Fast)!["token"]!;
    }
}
