using System.Text;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>A hundred pairs; in each one writes to the other with so many messages on their way, and what arrives lets the next ones go.</summary>
sealed record Messages(string Name, LoginKind Kind, int Window, bool Archives = false) : IScenario
{
    const int pairs = 100;

    public string Unit => "msg/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.Loners(2 * pairs), Kind);
        try
        {
            var talks = new List<Pair>();
            for (var i = 0; i < pairs; i++)
                talks.Add(new Pair(stage.Target, sessions[2 * i], sessions[2 * i + 1], Window, load));
            await Quiet.Wait(stage.Server, () => load.Done);
            foreach (var talk in talks)
                talk.Begin();
            return await load.Measure(stage, () => talks.Sum(talk => talk.OnTheWay));
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    internal sealed class Pair : IStanzaHandler
    {
        readonly XmppConnection writer;
        readonly Load load;
        readonly byte[] text;
        readonly int length;
        int arrived;
        int onTheWay;

        public Pair(Target target, XmppConnection writer, XmppConnection reader, int window, Load load)
        {
            (this.writer, this.load) = (writer, load);
            var message = $"<message to='{target.FullAddress(reader.User)}' type='chat' id='m'><body>A message as people write them: some sixty characters long.</body></message>";
            (length, text) = (message.Length, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(message, window))));
            reader.Pump(this);
            writer.Pump(this);
            reader.Send("<presence/>"u8);
            writer.Send("<presence/>"u8);
        }

        public int OnTheWay => Volatile.Read(ref onTheWay);

        public void Begin() => Write(text.Length / length);

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (!Stanza.IsMessage(stanza))
                return;
            if (connection == writer || !Stanza.Has(stanza, "</body>"u8))
                load.Fail("an answer that is no message of ours", stanza);
            arrived++;
        }

        public void Drained(XmppConnection connection)
        {
            if (connection == writer || arrived == 0)
                return;
            load.Count(arrived);
            var next = Math.Min(arrived, text.Length / length);
            Interlocked.Add(ref onTheWay, -arrived);
            arrived = 0;
            if (!load.Over)
                Write(next);
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);

        void Write(int messages)
        {
            Interlocked.Add(ref onTheWay, messages);
            writer.Send(text.AsSpan(0, messages * length));
        }
    }
}
