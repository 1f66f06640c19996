using System.Buffers.Text;
using System.Diagnostics;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Scenarios;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Soaking;

/// <summary>Everything that people do, each at its pace, until it ends.</summary>
sealed class Life : IStanzaHandler, IAsyncDisposable
{
    const int circle = 40;
    const int pairs = 25;
    const int occupants = 30;
    const int comers = 48;
    const int lanes = 4;
    const string room = "soak@rooms.localhost";
    const string text = "<body>A message as people write them: some sixty characters long.</body></message>";
    static readonly TimeSpan drainLimit = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource ending = new();
    readonly Load load = new();
    readonly AvatarPicture picture = new(52);
    readonly Target target;
    readonly Vitals vitals;
    readonly XmppConnection[] sessions;
    readonly int[] coming;
    readonly List<Task> acts = [];
    int pictures;

    Life(Target target, Vitals vitals, XmppConnection[] sessions, int[] coming) => (this.target, this.vitals, this.sessions, this.coming) = (target, vitals, sessions, coming);

    ArraySegment<XmppConnection> Circle => new(sessions, 0, circle);

    ArraySegment<XmppConnection> Talkers => new(sessions, circle, 2 * pairs);

    ArraySegment<XmppConnection> Occupants => new(sessions, circle + 2 * pairs, occupants);

    public static async Task<Life> Begin(Target target, Population population, Vitals vitals)
    {
        var loners = population.Loners(2 * pairs + occupants + comers);
        int[] staying = [.. population.CircleMembers.Take(circle), .. loners.SkipLast(comers)];
        var opened = await Crowd.Each(staying, atOnce: 8, user => Login.Open(target, user, LoginKind.ScramInTheClear));
        var life = new Life(target, vitals, opened, [.. loners.TakeLast(comers)]);
        await Avatars.Publish(life.Circle, life.picture);
        await RoomEntrance.Open(life.Occupants[0], room);
        foreach (var session in opened)
        {
            session.Pump(life);
            session.Send(Caps.Presence);
        }

        foreach (var occupant in life.Occupants.Skip(1))
            occupant.Send(RoomEntrance.Join(room, occupant.User));
        life.Start();
        return life;
    }

    /// <summary>Throws what went wrong, if something did.</summary>
    public void Check() => load.Check();

    /// <summary>Nothing new begins; what is on its way arrives, or is missing.</summary>
    public async Task End()
    {
        await ending.CancelAsync();
        await Task.WhenAll(acts);
        for (var clock = Stopwatch.StartNew(); vitals.Sent != vitals.Arrived && clock.Elapsed < drainLimit;)
            await Task.Delay(100);
        load.Check();
        load.End();
    }

    public ValueTask DisposeAsync()
    {
        load.End();
        ending.Cancel();
        foreach (var session in sessions)
            session.Dispose();
        ending.Dispose();
        return default;
    }

    public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
    {
        if (Stanza.IsError(stanza))
            load.Fail("refused", stanza);
        else if (!Stanza.IsMessage(stanza))
            Caps.Answer(connection, stanza);
        else if (TimeIn(stanza, "chat-"u8) is { } sentAt)
            vitals.MessageArrived(sentAt);
        else if (TimeIn(stanza, "room-"u8) is { } saidAt && !Stanza.Has(stanza, "urn:xmpp:delay"u8))
            vitals.Took(saidAt);
    }

    public void Lost(XmppConnection connection, string reason) => load.Fail(reason);

    void Start()
    {
        for (var pair = 0; pair < pairs; pair++)
        {
            var (writer, reader) = (Talkers[2 * pair], Talkers[2 * pair + 1]);
            Act(TimeSpan.FromMilliseconds(25), _ =>
            {
                vitals.MessageSent();
                writer.Send($"<message to='{target.FullAddress(reader.User)}' type='chat' id='chat-{Stopwatch.GetTimestamp()}'>{text}");
                return Task.CompletedTask;
            });
        }

        Act(TimeSpan.FromMilliseconds(100), _ => Send(Occupants[0], $"<message to='{room}' type='groupchat' id='room-{Stopwatch.GetTimestamp()}'>{text}"));
        Act(TimeSpan.FromMilliseconds(500), round =>
        {
            var one = Occupants[1 + round % (occupants - 1)];
            vitals.Did();
            return Send(one, $"<presence type='unavailable' to='{room}/u{one.User}'/>{RoomEntrance.Join(room, one.User)}");
        });
        Act(TimeSpan.FromMilliseconds(100), round => Send(Circle[round % circle], $"<presence><status>busy with matter {round}</status></presence>"));
        Act(TimeSpan.FromMilliseconds(500), round => Publish(Circle[round % circle]));
        Act(TimeSpan.FromMilliseconds(200), round =>
        {
            vitals.Did();
            return Send(Talkers[round % Talkers.Count], "<iq type='set' id='page'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set></query></iq>");
        });

        // Nobody comes twice at once: one would put the other out.
        for (var lane = 0; lane < lanes; lane++)
        {
            var own = lane;
            Act(TimeSpan.FromMilliseconds(200), round => Come(coming[own + lanes * (round % (comers / lanes))], round));
        }
    }

    // One after the other, and never more of them than there was time for.
    void Act(TimeSpan pace, Func<int, Task> act) => acts.Add(Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(pace);
        try
        {
            for (var round = 0; await timer.WaitForNextTickAsync(ending.Token); round++)
                await act(round);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // It is over.
        }
        catch (Exception bad)
        {
            load.Fail(bad.Message);
        }
    }));

    static long? TimeIn(ReadOnlySpan<byte> message, ReadOnlySpan<byte> kind) =>
        Stanza.Attribute(message, " id="u8) is var id && id.StartsWith(kind) && Utf8Parser.TryParse(id[kind.Length..], out long time, out _) ? time : null;

    static Task Send(XmppConnection session, string stanza)
    {
        session.Send(stanza);
        return Task.CompletedTask;
    }

    Task Publish(XmppConnection session)
    {
        var (base64, id) = picture.Print(1000 + pictures++);
        vitals.Did();
        return Send(session, AvatarStanzas.Data("data", base64, id) + AvatarStanzas.Metadata("metadata", id, picture));
    }

    // Some take leave, some lose their line.
    async Task Come(int user, int round)
    {
        var session = await Login.Open(target, user, LoginKind.ScramInTheClear);
        await Request.Send(session, "roster", "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        session.Send("<presence/>");
        if (round % 2 == 0)
            session.Dispose();
        else
            session.Abort();
        vitals.Did();
    }
}
