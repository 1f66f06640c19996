using System.Buffers.Text;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>
/// Everybody in the circle changes the status again and again; the next change goes out when all contacts have seen the last one.
/// The server has to put the photo hash into each (XEP-0398 §4.2): one in 64 is looked at, a missing one fails the run.
/// </summary>
sealed class FanOut(string name, LoginKind kind) : IScenario
{
    public string Name => name;

    public string Unit => "deliveries/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.CircleMembers, kind);
        try
        {
            var hashes = await Avatars.Publish(sessions, new AvatarPicture(16));
            var crowd = new Broadcasters(sessions, hashes, stage.Population, load);
            foreach (var session in sessions)
            {
                session.Pump(crowd);
                session.Send("<presence/>"u8);
            }

            await Quiet.Wait(stage.Server, () => load.Done);
            crowd.Begin();
            return await load.Measure(stage, () => crowd.Outstanding);
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    sealed class Broadcasters(XmppConnection[] sessions, string[] hashes, Population population, Load load) : IStanzaHandler
    {
        const int sample = 64;
        readonly byte[][] photos = [.. hashes.Select(hash => Encoding.ASCII.GetBytes($"<photo>{hash}</photo>"))];
        readonly int[] seen = new int[sessions.Length];
        readonly int[] round = new int[sessions.Length];
        bool begun;
        int looked;

        public int Outstanding => seen.Sum(count => population.Contacts - count);

        public void Begin()
        {
            begun = true;
            foreach (var session in sessions)
                Broadcast(session.User);
        }

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (!Stanza.IsPresence(stanza))
            {
                Caps.Answer(connection, stanza);
                return;
            }

            var sender = Stanza.Sender(stanza);
            if (sender < 0 || sender == connection.User)
                return;
            load.Count();
            if (!begun || !Stanza.Has(stanza, "<status>"u8))
                return;
            if (Interlocked.Increment(ref looked) % sample == 0)
                Check(sender, stanza);
            if (Interlocked.Increment(ref seen[sender]) == population.Contacts && !load.Over)
                Broadcast(sender);
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);

        void Broadcast(int user)
        {
            Volatile.Write(ref seen[user], 0);
            Span<byte> stanza = stackalloc byte[80];
            "<presence><status>busy with matter "u8.CopyTo(stanza);
            var length = "<presence><status>busy with matter "u8.Length;
            Utf8Formatter.TryFormat(++round[user], stanza[length..], out var digits);
            length += digits;
            "</status></presence>"u8.CopyTo(stanza[length..]);
            sessions[user].Send(stanza[..(length + "</status></presence>"u8.Length)]);
        }

        void Check(int sender, ReadOnlySpan<byte> stanza)
        {
            if (!Stanza.Has(stanza, "vcard-temp:x:update"u8) || !Stanza.Has(stanza, photos[sender]))
                load.Fail($"presence without the photo hash {hashes[sender]} of its sender", stanza);
        }
    }
}
