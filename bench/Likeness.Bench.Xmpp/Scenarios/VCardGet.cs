using System.Diagnostics;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Everybody in the circle asks for the vCard of the contacts, one after the other; each has a photo of 8 KB in it (XEP-0054, XEP-0398 §5).</summary>
sealed class VCardGet(string name, LoginKind kind) : IScenario
{
    public string Name => name;

    public string Unit => "requests/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.CircleMembers, kind);
        try
        {
            await Avatars.Publish(sessions, new AvatarPicture(52));
            var askers = sessions.Select(session => new Asker(stage, session, load)).ToList();
            await Quiet.Wait(stage.Server, () => load.Done);
            foreach (var asker in askers)
                asker.Ask();
            return await load.Measure(stage, () => askers.Count(asker => asker.Waiting));
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    sealed class Asker : IStanzaHandler
    {
        const int minPhoto = 10_000;
        readonly byte[][] requests;
        readonly XmppConnection session;
        readonly Load load;
        long askedAt;
        int turn;

        public Asker(Stage stage, XmppConnection session, Load load)
        {
            (this.session, this.load) = (session, load);
            requests = [.. stage.Population.ContactsOf(session.User).Select(contact =>
                Encoding.ASCII.GetBytes($"<iq type='get' id='v' to='{stage.Target.Address(contact)}'><vCard xmlns='vcard-temp'/></iq>"))];
            session.Pump(this);
            session.Send("<presence/>"u8);
        }

        public bool Waiting { get; private set; }

        public void Ask()
        {
            Waiting = true;
            askedAt = Stopwatch.GetTimestamp();
            session.Send(requests[turn++ % requests.Length]);
        }

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (!Stanza.IsIq(stanza) || Caps.Answer(connection, stanza))
                return;
            if (stanza.Length < minPhoto || !Stanza.Has(stanza[^200..], "</BINVAL>"u8))
                load.Fail("a vCard without its photo", stanza);
            Waiting = false;
            load.Took(askedAt);
            load.Count();
            if (!load.Over)
                Ask();
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
    }
}
