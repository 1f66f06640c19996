using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Components;

/// <summary>A domain that a program beside this server answers for. While it is not connected, who writes there is told to try again later.</summary>
/// <param name="ended">Told when its connection ends, before anybody else can notice.</param>
internal sealed partial class Component(ComponentOptions options, Router router, XmppServerOptions limits, Action<Component> ended, ILogger log) : IDestination
{
    private ComponentSession? _session;

    public string Name => options.Domain;

    public string Secret => options.Secret;

    public bool IsThere => Volatile.Read(ref _session) is not null;

    public ValueTask Deliver(Sender from, Element stanza, Jid to) =>
        Volatile.Read(ref _session)?.Send(stanza) is true || RemoteDomain.IsLeave(stanza) ? default : throw NotConnected();

    public void Broadcast(PreparedStanza presence, Jid from, Jid to) => Send(presence, to);

    public bool Send(PreparedStanza stanza, Jid to) =>
        Volatile.Read(ref _session) is { } session && session.Send(stanza.ToElement([]).Set("to", to.Text));

    /// <exception cref="StreamErrorException">Another connection has the name.</exception>
    public ComponentSession Bind(StreamConnection connection)
    {
        var session = new ComponentSession(this, connection, router, limits.MaxUnsentBytes);
        if (Interlocked.CompareExchange(ref _session, session, null) is not null)
        {
            throw new StreamErrorException("conflict", $"{Name} is connected already.");
        }

        Log.Connected(log, Name);
        return session;
    }

    public void Unbind(ComponentSession session)
    {
        if (Volatile.Read(ref _session) == session)
        {
            ended(this);
            Volatile.Write(ref _session, null);
            Log.Disconnected(log, Name);
        }
    }

    public StanzaErrorException NotConnected() => new(StanzaCondition.ServiceUnavailable, $"{Name} is not connected just now.", type: "wait");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The component {Name} is connected")]
        public static partial void Connected(ILogger logger, string name);

        [LoggerMessage(2, LogLevel.Information, "The component {Name} is not connected any more")]
        public static partial void Disconnected(ILogger logger, string name);
    }
}

/// <summary>
/// Who speaks for a component. What is for it is written as it comes; while it reads too slowly it waits here, bounded in bytes. The
/// protocol has no acknowledgement: what was written counts as taken.
/// </summary>
internal sealed class ComponentSession(Component component, StreamConnection connection, Router router, long maxBytes) : IStreamSession
{
    private readonly Lock _sync = new();
    private readonly Queue<(Element Stanza, int Bytes)> _waiting = [];
    private StreamOutput? _output;
    private TaskCompletionSource<bool>? _taken;
    private long _bytes;
    private bool _isOver;

    public Jid Jid { get; } = Jid.Parse(component.Name);

    /// <summary>False: the component is not connected any more.</summary>
    public bool Send(Element stanza)
    {
        lock (_sync)
        {
            if (_isOver)
            {
                return false;
            }

            if (_waiting.Count == 0 && _output is { IsReady: true } output)
            {
                output.Write(stanza);
                return true;
            }

            var bytes = ElementWriter.ToText(stanza).Length;
            _waiting.Enqueue((stanza, bytes));
            _bytes += bytes;
            if (_bytes <= maxBytes)
            {
                return true;
            }
        }

        connection.CloseStuck(new StreamErrorException("resource-constraint", "Too much waits to be read."));
        return true;
    }

    public void Attach(StreamOutput output)
    {
        lock (_sync)
        {
            _output = output;
            output.TellWhenDrained(WriteWaiting);
        }

        WriteWaiting();
    }

    public ValueTask Receive(Element stanza)
    {
        if (!Jid.TryParse(stanza["from"], out var from) || !from.Domain.Equals(component.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new StreamErrorException("invalid-from", $"What {component.Name} sends is from an address of its own.");
        }

        stanza.Set("from", from.Text);
        if (Jid.TryParse(stanza["to"], out var to))
        {
            return router.Route(new RoutedSender(router, from), stanza, to);
        }

        if (StanzaReply.Error(stanza, StanzaCondition.JidMalformed, "What a component sends has an address in 'to'.") is { } refusal)
        {
            Send(refusal);
        }

        return default;
    }

    public ValueTask<bool> Writable(CancellationToken cancellationToken = default)
    {
        lock (_sync)
        {
            return _isOver ? new(false)
                : _waiting.Count == 0 ? new(true)
                : new((_taken ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken));
        }
    }

    public void StopWaiting() => Tell(isWritable: false);

    public void Ping()
    {
        // Not every component can be asked: the system's keep-alive finds out who is gone.
    }

    public bool IsSilent(TimeSpan silence) => false;

    /// <summary>Senders of what was not written are told, as if it had not been connected.</summary>
    public ValueTask End(StreamConnection ended, StreamEnd end)
    {
        Element[] left;
        lock (_sync)
        {
            _isOver = true;
            _output?.TellWhenDrained(null);
            left = [.. _waiting.Select(one => one.Stanza)];
            _waiting.Clear();
        }

        component.Unbind(this);
        Tell(isWritable: false);
        foreach (var stanza in left)
        {
            if (stanza.Name != "presence" && Jid.TryParse(stanza["from"], out var from) && StanzaReply.Error(stanza, component.NotConnected()) is { } refusal)
            {
                router.Send(new ServerSender(Jid), refusal, from);
            }
        }

        return default;
    }

    private void WriteWaiting()
    {
        lock (_sync)
        {
            while (_output is { IsReady: true } output && _waiting.TryDequeue(out var next))
            {
                _bytes -= next.Bytes;
                output.Write(next.Stanza);
            }

            if (_waiting.Count > 0)
            {
                return;
            }
        }

        Tell(isWritable: true);
    }

    private void Tell(bool isWritable)
    {
        TaskCompletionSource<bool>? taken;
        lock (_sync)
        {
            (taken, _taken) = (_taken, null);
        }

        taken?.TrySetResult(isWritable);
    }
}
