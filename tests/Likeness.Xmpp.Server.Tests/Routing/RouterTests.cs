using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Routing;

/// <summary>A service of its own domain reaches people and is reached by them through the router alone.</summary>
public sealed class RouterTests
{
    [Fact]
    [Trait("Requirement", "C-89")]
    public async Task A_service_gets_what_is_sent_to_its_domain_and_its_answers_reach_the_session()
    {
        await Play(
        [
            "juliet is a user",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <iq id='1' type='get' to='echo.localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
            "    <iq id='2' type='get' to='somebody@echo.localhost/there'><query xmlns='jabber:iq:version'/></iq>",
            "    <message id='3' to='echo.localhost'><body>Hello!</body></message>",
            "juliet/balcony receives",
            "    <iq id='1' type='result' from='echo.localhost'/>",
            "    <iq id='2' type='error' from='somebody@echo.localhost/there'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            "    <message from='echo.localhost' to='juliet@localhost/balcony'><body>Hello!</body></message>",
        ]);
    }

    [Fact]
    [Trait("Requirement", "C-129")]
    public async Task A_service_sees_who_comes_who_stays_a_contact_and_who_leaves()
    {
        var echo = await Play(
        [
            "juliet is a user",
            "juliet's roster has gateway@echo.localhost",
            "    From",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <presence/>",
            "    <presence to='room@echo.localhost/juliet'/>",
            "    <presence><show>away</show></presence>",
            "juliet/balcony is fenced",
            "juliet/balcony disconnects",
        ]);

        echo.Heard.ShouldBe(
        [
            "gateway@echo.localhost available", "room@echo.localhost/juliet available", "gateway@echo.localhost available",
            "gateway@echo.localhost unavailable", "room@echo.localhost/juliet unavailable",
        ]);
    }

    [Fact]
    [Trait("Requirement", "C-8C")]
    public async Task A_service_asks_a_session_that_showed_itself_to_it_and_hears_of_one_that_is_gone()
    {
        var echo = await Play(
        [
            "juliet is a user",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <presence to='room@echo.localhost/juliet'/>",
            "    <message to='echo.localhost'><body>ask me</body></message>",
            "juliet/balcony receives",
            "    <iq id='asked' type='get' from='room@echo.localhost/romeo' to='juliet@localhost/balcony'><ping xmlns='urn:xmpp:ping'/></iq>",
            "    <message><body>ask me</body></message>",
            "juliet/balcony sends",
            "    <iq id='asked' type='result' to='room@echo.localhost/romeo'/>",
            "    <presence to='room@echo.localhost/juliet' type='unavailable'/>",
            "    <message to='echo.localhost'><body>ask me</body></message>",
            "juliet/balcony receives",
            "    <message><body>ask me</body></message>",
            "juliet/balcony is fenced",
        ]);

        echo.Answers.ShouldBe(["result from juliet@localhost/balcony", "error from juliet@localhost/balcony"]);
    }

    private static async Task<Echo> Play(string[] lines)
    {
        var echo = new Echo();
        await using var scene = new Scene();
        scene.AddServices = services => services.AddSingleton<IFeature>(provider => echo.With(provider.GetRequiredService<Router>()));
        await Performance.Play(scene, Transcript.Parse("service", lines));
        return echo;
    }

    /// <summary>Answers pings, gives messages back, and asks whoever wants to be asked.</summary>
    private sealed class Echo : LocalService, IFeature
    {
        private Router? _router;

        public List<string> Heard { get; } = [];

        public List<string> Answers { get; } = [];

        public Echo With(Router router)
        {
            _router = router;
            return this;
        }

        public void Register(FeatureRegistry registry) => registry.Services.Add("echo.localhost", this);

        protected override ValueTask Iq(Sender from, Element iq, Jid to)
        {
            if (iq["type"] is "result" or "error")
            {
                Answers.Add($"{iq["type"]} from {from.Jid}");
                return default;
            }

            if (StanzaReply.Payload(iq).Namespace != Ns.Ping)
            {
                return base.Iq(from, iq, to);
            }

            from.Reply(StanzaReply.Result(iq));
            return default;
        }

        protected override async ValueTask Message(Sender from, Element message, Jid to)
        {
            if (message.Child("body")?.Text() == "ask me")
            {
                var room = new RoutedSender(_router!, Jid.Parse("room@echo.localhost/romeo"));
                var question = new Element("iq", Ns.Client).Set("id", "asked").Set("type", "get").Set("from", room.Jid.Text).Set("to", from.Jid.Text).Add(new Element("ping", Ns.Ping));
                await _router!.Route(room, question, from.Jid);
            }

            await _router!.Route(new ServerSender(to), message.Copy().Set("from", to.Text).Set("to", from.Jid.Text), from.Jid);
        }

        protected override ValueTask Presence(Sender from, Element presence, Jid to)
        {
            Heard.Add($"{to} {presence["type"] ?? "available"}");
            return default;
        }
    }
}
