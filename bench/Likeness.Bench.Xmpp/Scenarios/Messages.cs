using System.Text;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>A hundred pairs; in each one writes to the other with so many messages on their way, and what arrives lets the next ones go.</summary>
sealed record Messages(string Name, LoginKind Kind, int Window) : IScenario
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
            await Quiet.Wait(() => load.Done);
            foreach (var talk in talks)
                talk.Begin();
            return await load.Measure(stage);
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    sealed class Pair : IStanzaHandler
    {
        readonly XmppConnection writer;
        readonly Load load;
        readonly byte[] text;
        readonly int length;
        int arrived;

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

        public void Begin() => writer.Send(text);

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
            if (!load.Over)
                writer.Send(text.AsSpan(0, Math.Min(arrived * length, text.Length)));
            arrived = 0;
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
    }
}
