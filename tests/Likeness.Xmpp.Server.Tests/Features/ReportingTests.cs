using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Features;

[Trait("Requirement", "U-17")]
public sealed class ReportingTests
{
    [Fact]
    public async Task A_report_blocks_as_a_block_does_and_is_kept_for_the_operator()
    {
        await using var scene = new Scene();
        await Play(scene,
        [
            "juliet is a user",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <iq type='get' id='0' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "    <iq type='set' id='1'><block xmlns='urn:xmpp:blocking'><item jid='tybalt@example.net/x'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@localhost' id='28482'/><text>Never came trouble</text><report-origin/></report></item><item jid='paris@example.net'/></block></iq>",
            "    <iq type='set' id='2'><block xmlns='urn:xmpp:blocking'><item jid='nurse@example.net'><report xmlns='urn:xmpp:reporting:1' reason='urn:example:dislike'/></item></block></iq>",
            "    <iq type='get' id='3'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
            "juliet/balcony receives",
            "    <iq type='result' id='0'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:reporting:1'/></query></iq>",
            "    <iq type='result' id='1'/>",
            "    <iq type='result' id='2'/>",
            "    <iq type='result' id='3'><blocklist xmlns='urn:xmpp:blocking'><item jid='tybalt@example.net/x'/><item jid='paris@example.net'/><item jid='nurse@example.net'/></blocklist></iq>",
        ]);

        var entry = (await (await scene.Server()).Stores.Audit.Read(null, null, 10)).ShouldHaveSingleItem();
        (entry.By, entry.Action, entry.About, entry.Reason, entry.Detail)
            .ShouldBe(("juliet@localhost", "report spam", "tybalt@example.net", "Never came trouble", "messages 28482 of juliet@localhost"));
    }

    [Fact]
    public async Task Nobody_fills_the_log_with_reports()
    {
        await using var scene = new Scene();
        var items = string.Concat(Enumerable.Range(0, 30).Select(number => $"<item jid='{number}@example.net'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:abuse'><text>{new string('x', 2000)}</text></report></item>"));
        await Play(scene,
        [
            "juliet is a user",
            "juliet/balcony connects",
            "juliet/balcony sends",
            $"    <iq type='set' id='1'><block xmlns='urn:xmpp:blocking'>{items}</block></iq>",
            "juliet/balcony receives",
            "    <iq type='result' id='1'/>",
        ]);

        var kept = await (await scene.Server()).Stores.Audit.Read(null, null, 100);
        kept.Count.ShouldBe(20);
        kept.ShouldAllBe(entry => entry.Reason!.Length == 1000);
    }

    private static Task Play(Scene scene, string[] lines) => Performance.Play(scene, Transcript.Parse("report", lines));
}
