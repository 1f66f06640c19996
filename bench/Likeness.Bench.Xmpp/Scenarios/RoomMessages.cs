using System.Text;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>A room with a hundred occupants; eight of them write, each the next message when the last one has come back. One operation is a message at one occupant.</summary>
sealed record RoomMessages(string Name, LoginKind Kind) : IScenario
{
    const int occupants = 100;
    const int writers = 8;
    const string room = "bench@rooms.localhost";

    public string Unit => "deliveries/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.Loners(occupants), Kind);
        try
        {
            await RoomEntrance.Open(sessions[0], room);
            var talk = new Talk(sessions, load);
            foreach (var session in sessions)
                session.Pump(talk);
            foreach (var session in sessions.Skip(1))
                session.Send(RoomEntrance.Join(room, session.User));
            await Quiet.Wait(stage.Server, () => load.Done);
            talk.Begin();
            return await load.Measure(stage, () => talk.Outstanding);
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    sealed class Talk(XmppConnection[] sessions, Load load) : IStanzaHandler
    {
        static readonly byte[] text = Encoding.ASCII.GetBytes(
            $"<message to='{room}' type='groupchat' id='m'><body>A message as people write them: some sixty characters long.</body></message>");

        readonly byte[][] own = [.. sessions.Take(writers).Select(session => Encoding.ASCII.GetBytes($"{room}/u{session.User}"))];
        long sent;
        long arrived;

        public int Outstanding => (int)(Interlocked.Read(ref sent) * sessions.Length - Interlocked.Read(ref arrived));

        public void Begin()
        {
            foreach (var session in sessions.Take(writers))
                Write(session);
        }

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (Stanza.IsError(stanza))
                load.Fail("refused", stanza);
            if (!Stanza.IsMessage(stanza) || !Stanza.Has(stanza, "</body>"u8))
                return;
            Interlocked.Increment(ref arrived);
            load.Count();
            var writer = Array.IndexOf(sessions, connection, 0, writers);
            if (writer >= 0 && !load.Over && Stanza.Attribute(stanza, " from="u8).SequenceEqual(own[writer]))
                Write(connection);
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);

        void Write(XmppConnection session)
        {
            Interlocked.Increment(ref sent);
            session.Send(text);
        }
    }
}

/// <summary>
/// A hundred people with avatars enter a new room, leave it and enter the next one. One operation is one of them having entered:
/// it has seen all who are there, and then itself. Each presence has to carry a photo hash.
/// </summary>
sealed record RoomJoins(string Name, LoginKind Kind) : IScenario
{
    const int occupants = 100;

    public string Unit => "joins/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.Loners(occupants), Kind);
        try
        {
            await People.Avatars.Publish(sessions, new People.AvatarPicture(16));
            var crowd = new Comers(sessions, load);
            foreach (var session in sessions)
                session.Pump(crowd);
            await Quiet.Wait(stage.Server, () => load.Done);
            crowd.Next();
            return await load.Measure(stage);
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    sealed class Comers(XmppConnection[] sessions, Load load) : IStanzaHandler
    {
        int round;
        int inside;

        string Room => $"bench{round}@rooms.localhost";

        public void Next()
        {
            var last = Room;
            round++;
            inside = 0;
            foreach (var session in sessions)
            {
                if (round > 1)
                    session.Send($"<presence type='unavailable' to='{last}/u{session.User}'/>");
            }

            sessions[0].Send(RoomEntrance.Join(Room, sessions[0].User));
        }

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (Stanza.IsError(stanza))
                load.Fail("refused", stanza);
            if (Stanza.IsIq(stanza) && Stanza.Attribute(stanza, " id="u8).SequenceEqual("instant"u8))
            {
                foreach (var session in sessions.AsSpan(1))
                    session.Send(RoomEntrance.Join(Room, session.User));
                return;
            }

            if (!Stanza.IsPresence(stanza) || Stanza.Attribute(stanza, " type="u8).Length > 0 || !Stanza.Has(stanza, "muc#user"u8))
                return;
            if (!Stanza.Has(stanza, "<photo>"u8))
                load.Fail("presence without a photo hash", stanza);
            if (!Stanza.Has(stanza, "110"u8) || !Stanza.Has(stanza, "status"u8) || Stanza.Attribute(stanza, " from="u8).IndexOf(Encoding.ASCII.GetBytes($"/u{connection.User}")) < 0)
                return;
            load.Count();
            if (connection == sessions[0])
                connection.Send(RoomEntrance.Instant(Room));
            if (Interlocked.Increment(ref inside) == sessions.Length && !load.Over)
                Next();
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
    }
}

/// <summary>How a client enters a room and opens a new one for others.</summary>
static class RoomEntrance
{
    public static string Join(string room, int user) => $"<presence to='{room}/u{user}'><x xmlns='http://jabber.org/protocol/muc'/></presence>";

    public static string Instant(string room) =>
        $"<iq type='set' id='instant' to='{room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>";

    static string Form(int occupants) =>
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        + $"<field var='muc#roomconfig_maxusers'><value>{occupants}</value></field></x>";

    /// <param name="occupants">How many it is to hold; null: as many as rooms do.</param>
    public static async Task Open(XmppConnection session, string room, int? occupants = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        session.Send(Join(room, session.User));
        await session.ReadUntil(stanza => Stanza.IsPresence(stanza) && Stanza.Has(stanza, "201"u8), timeout.Token);
        session.Send(occupants is null ? Instant(room) : Instant(room).Replace("<x xmlns='jabber:x:data' type='submit'/>", Form(occupants.Value), StringComparison.Ordinal));
        var answer = await session.ReadUntil(stanza => Stanza.IsIq(stanza), timeout.Token);
        if (Stanza.IsError(answer))
            throw new ScenarioFailedException($"no room for {occupants}: {Stanza.Text(answer)}");
    }
}
