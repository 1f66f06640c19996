using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>Pages of more messages than a play wants to write down.</summary>
public sealed class ArchivePageTests
{
    [Theory]
    [Trait("Requirement", "A-7")]
    [Trait("Requirement", "C-154")]
    [InlineData("<max>1000</max>")]
    [InlineData("<max>99999999999999999999</max>")]
    [InlineData("<max>51</max>")]
    [InlineData("")]
    public async Task A_page_has_fifty_messages_at_most_however_many_are_asked_for(string asked)
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("many",
        [
            "juliet and romeo are users",
            "juliet/balcony connects",
            "juliet/balcony sends",
            .. from id in Enumerable.Range(0, ArchiveQuery.MaxPage + 1) select $"    <message to='romeo@localhost' type='chat' id='{id}'><body>{id}</body></message>",
            "juliet/balcony is fenced",
        ]));
        var juliet = scene.Actor("juliet/balcony");

        await juliet.Send($"<iq type='set' id='page'><query xmlns='{Ns.Archive}'><set xmlns='{Ns.ResultSet}'>{asked}</set></query></iq>");

        var page = new List<Element>();
        while (await juliet.Receive() is { } come)
        {
            page.Add(come);
            if (come["id"] == "page")
            {
                break;
            }
        }

        page.Count.ShouldBe(ArchiveQuery.MaxPage + 1);
        page[^1].Child("fin", Ns.Archive)!["complete"].ShouldNotBe("true");
    }
}
