using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>What is taken back is looked for among the last messages, which are in memory meanwhile: in so many bytes of them and no more.</summary>
public sealed class RetractionSearchTests
{
    [Theory]
    [Trait("Requirement", "A-28")]
    [InlineData(20, true)]
    [InlineData(22, false)]
    public async Task A_message_behind_four_megabytes_of_others_is_not_looked_for(int between, bool isFound)
    {
        const string Large = "{200000 * .}";
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("large",
        [
            "juliet and romeo are users",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <message to='romeo@localhost' type='chat' id='first'><body>Romeo?</body></message>",
            .. Enumerable.Range(0, between).Select(id => $"    <message to='romeo@localhost' type='chat' id='{id}'><body>{Large}</body></message>"),
            "    <message to='romeo@localhost' type='chat' id='back'><retract xmlns='urn:xmpp:message-retract:1' id='first'/></message>",
            "juliet/balcony is fenced",
            "juliet/balcony sends",
            "    <iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set></query></iq>",
            "juliet/balcony receives",
            isFound
                ? "    <message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>{any}<message xmlns='jabber:client' id='first'><retracted xmlns='urn:xmpp:message-retract:1'>{any}</retracted></message></forwarded></result></message>"
                : "    <message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>{any}<message xmlns='jabber:client' id='first'><body>Romeo?</body></message></forwarded></result></message>",
        ]));
    }
}
