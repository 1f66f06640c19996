using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside.Connections;

/// <summary>What the link hands on. Called in the order in which stanzas come, and must not block.</summary>
internal interface IComponentEvents
{
    /// <summary>The link stands and what it may do is known.</summary>
    void OnConnected();

    void OnLost();

    void OnPresence(Jid from, Element presence);

    /// <summary>A message that is no announcement of grants.</summary>
    void OnMessage(Jid from, Element message);
}

/// <summary>The way to one server: connects, connects again, asks and answers.</summary>
internal sealed partial class ComponentLink(BesideOptions options, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>Requests without an answer, at most.</summary>
    public const int MaxRequests = 32;

    /// <summary>After which an answer is not waited for any more.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>So long it is waited for what a server grants that has just taken the secret; then what was said counts.</summary>
    public static readonly TimeSpan GrantsTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often the line is shown to be alive.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(60);

    /// <summary>Before it is tried again for the first time.</summary>
    public static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Grants> _grants = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(MaxRequests);
    private readonly OwnAnswers _answers = new(options);
    private volatile Connection? _connection;
    private long _ignored;
    private long _waited;

    /// <summary>Null while there is no connection.</summary>
    public DateTimeOffset? ConnectedSince { get; private set; }

    public bool IsConnected => ConnectedSince is not null;

    /// <summary>Completes when a connection that was just made may be used, or is lost; at once where there is none.</summary>
    public Task Ready => _connection?.Ready.Task ?? Task.CompletedTask;

    /// <summary>Why there is no connection, in one sentence; null while there is one, or none was tried yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>Stanzas that nobody had use for.</summary>
    public long Ignored => Interlocked.Read(ref _ignored);

    /// <summary>How long answers were waited for, all together.</summary>
    public TimeSpan Waited => time.GetElapsedTime(0, Interlocked.Read(ref _waited));

    /// <summary>Requests that wait for their answer.</summary>
    public int InFlight => _pending.Count;

    public Grants GrantsOf(string domain) => _grants.GetValueOrDefault(domain) ?? Grants.None;

    public bool HasGrants => !_grants.IsEmpty;

    public OwnAnswers Answers => _answers;

    /// <summary>Asks, and gives the answer: a result or an error. Null: none came, and nobody knows.</summary>
    /// <param name="iq">With <c>to</c>; the rest is filled in where it is missing.</param>
    /// <param name="from">Null: the component itself.</param>
    public async Task<Element?> Ask(Element iq, string? from = null, CancellationToken cancellationToken = default)
    {
        if (!Jid.TryParse(iq["to"], out var to))
        {
            return null;
        }

        await _places.WaitAsync(cancellationToken);
        var id = StanzaId.New();
        var pending = new Pending(to);
        try
        {
            if (_connection is not { } connection)
            {
                return null;
            }

            _pending[id] = pending;
            iq.Set("id", id).Set("from", from ?? options.Name);
            await connection.Stream.Send(iq, cancellationToken);
            var asked = time.GetTimestamp();
            try
            {
                return await pending.Answer.Task.WaitAsync(RequestTimeout, time, cancellationToken);
            }
            finally
            {
                Interlocked.Add(ref _waited, time.GetTimestamp() - asked);
            }
        }
        catch (Exception lost) when (lost is TimeoutException or IOException or SocketException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            _pending.TryRemove(id, out _);
            _places.Release();
        }
    }

    /// <summary>The same as the owner (XEP-0356 §6.3): the inner answer, or the outer one where that is an error; null when nobody knows.</summary>
    /// <param name="type">get or set, and allowed.</param>
    public async Task<Element?> AskAs(Jid account, string type, Element payload, CancellationToken cancellationToken = default)
    {
        var inner = new Element("iq", Ns.Client).Set("type", type).Set("id", StanzaId.New()).Add(payload);
        var outer = new Element("iq", Ns.Client).Set("type", type).Set("to", account.BareText)
            .Add(new Element("privileged_iq", Grants.Current).Add(inner));
        if (await Ask(outer, cancellationToken: cancellationToken) is not { } answer)
        {
            return null;
        }

        return answer["type"] == "error" ? answer : answer.Child("privilege", Grants.Current)?.Child("forwarded", Ns.Forward)?.Child("iq", Ns.Client);
    }

    /// <summary>Sends what is not answered. False: there is no connection.</summary>
    public async ValueTask<bool> Send(Element stanza, CancellationToken cancellationToken = default)
    {
        if (_connection is not { } connection)
        {
            return false;
        }

        try
        {
            await connection.Stream.Send(stanza.Set("from", stanza["from"] ?? options.Name), cancellationToken);
            return true;
        }
        catch (Exception lost) when (lost is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Connects until it is cancelled.</summary>
    public async Task Run(IComponentEvents events, CancellationToken stoppingToken)
    {
        var pause = MinPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var least = TimeSpan.Zero;
            try
            {
                await Serve(events, () => pause = MinPause, stoppingToken);
                Tell("The server closed the connection.");
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ComponentRefusedException refused)
            {
                least = refused.Condition == "not-authorized" ? MaxPause : TimeSpan.Zero;
                Tell(Said(refused));
            }
            catch (Exception lost) when (lost is IOException or SocketException or AuthenticationException or StreamErrorException or ObjectDisposedException or OperationCanceledException)
            {
                Tell($"{lost.Message.ReplaceLineEndings(" ").TrimEnd('.')}.");
            }

            // Several servers that lost the same peer do not come back at the same moment.
            var random = MinPause + ((pause - MinPause) * Random.Shared.NextDouble());
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            try
            {
                await Task.Delay(random > least ? random : least, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => _places.Dispose();

    private string Said(ComponentRefusedException refused) => refused.Condition switch
    {
        "not-authorized" => $"The server does not take the secret: beside-secret-file and the server's configuration of {options.Name} have to say the same.",
        "conflict" => $"Another program is connected as {options.Name}.",
        "host-unknown" => $"The server knows no component {options.Name}: beside-name and its configuration have to say the same.",
        _ => $"The server ended the connection: {refused.Message}.",
    };

    private async Task Serve(IComponentEvents events, Action connected, CancellationToken stoppingToken)
    {
        await using var stream = await ComponentStream.Open(options, time, stoppingToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var connection = new Connection(stream);
        _grants.Clear();
        _connection = connection;
        var reading = ReadAll(connection, events, ended.Token);
        var living = StayAlive(connection, ended.Token);
        try
        {
            await Task.WhenAny(connection.Ready.Task, reading, Task.Delay(GrantsTimeout, time, ended.Token));
            if (!reading.IsCompleted)
            {
                connected();
                Establish(connection, events);
            }

            await await Task.WhenAny(reading, living);
        }
        finally
        {
            var wasConnected = ConnectedSince is not null;
            (_connection, ConnectedSince) = (null, null);
            connection.Ready.TrySetResult();
            await ended.CancelAsync();
            foreach (var pending in _pending.Values)
            {
                pending.Answer.TrySetResult(null);
            }

            if (wasConnected)
            {
                events.OnLost();
            }
        }
    }

    // Once for a connection: when every domain said what it grants, else when that was waited for.
    private void Establish(Connection connection, IComponentEvents events)
    {
        lock (connection)
        {
            if (connection.Ready.Task.IsCompleted)
            {
                return;
            }

            (ConnectedSince, Problem) = (time.GetUtcNow(), null);
            Log.Connected(log, options.Place, options.Name, string.Join("; ", options.Domains.Select(domain => $"{domain} grants {GrantsOf(domain)}")));
            events.OnConnected();
            connection.Ready.TrySetResult();
        }
    }

    private async Task ReadAll(Connection connection, IComponentEvents events, CancellationToken cancellationToken)
    {
        while (await connection.Stream.Read(cancellationToken) is { } stanza)
        {
            connection.Heard = time.GetTimestamp();
            await Take(connection, stanza, events, cancellationToken);
        }
    }

    // White space goes out each minute; a line that brought nothing for three is asked whether it is there, and ends without an answer.
    private async Task StayAlive(Connection connection, CancellationToken cancellationToken)
    {
        connection.Heard = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(KeepAliveInterval, time, cancellationToken);
            await connection.Stream.KeepAlive(cancellationToken);
            if (time.GetElapsedTime(connection.Heard) < 3 * KeepAliveInterval)
            {
                continue;
            }

            var ping = new Element("iq", Ns.Client).Set("type", "get").Set("to", options.Domains[0]).Add(new Element("ping", Ns.Ping));
            if (await Ask(ping, cancellationToken: cancellationToken) is null)
            {
                throw new IOException("The server does not answer any more.");
            }
        }
    }

    private async ValueTask Take(Connection connection, Element stanza, IComponentEvents events, CancellationToken cancellationToken)
    {
        if (!Jid.TryParse(stanza["from"], out var from))
        {
            Ignore();
            return;
        }

        switch (stanza.Name)
        {
            case "iq" when stanza["type"] is "result" or "error":
                Answered(stanza, from);
                break;
            case "iq":
                await connection.Stream.Send(_answers.To(stanza), cancellationToken);
                break;
            case "presence" when IsOurs(from):
                events.OnPresence(from, stanza);
                break;
            case "message" when IsOurs(from):
                if (from is { Local: null, IsBare: true } && Grants.Read(stanza) is { } grants)
                {
                    Announced(connection, from.Domain, grants, events);
                }
                else
                {
                    events.OnMessage(from, stanza);
                }

                break;
            default:
                Ignore();
                break;
        }
    }

    /// <summary>Counts something nobody asked for.</summary>
    public void Ignore() => Interlocked.Increment(ref _ignored);

    private bool IsOurs(Jid from) => options.Domains.Contains(from.Domain);

    private void Announced(Connection connection, string domain, Grants grants, IComponentEvents events)
    {
        _grants[domain] = grants;
        if (IsConnected)
        {
            Log.Granted(log, domain, grants.ToString());
        }
        else if (options.Domains.All(_grants.ContainsKey))
        {
            Establish(connection, events);
        }
    }

    // The server answers for its domains, the person's own address included; nobody else for them.
    private void Answered(Element stanza, Jid from)
    {
        if (stanza["id"] is { } id && _pending.TryGetValue(id, out var pending) && from.Domain == pending.To.Domain)
        {
            pending.Answer.TrySetResult(stanza);
        }
        else
        {
            Ignore();
        }
    }

    private void Tell(string problem)
    {
        if (problem != Problem)
        {
            Log.Lost(log, options.Place, problem);
        }

        Problem = problem;
    }

    private sealed class Connection(ComponentStream stream)
    {
        public ComponentStream Stream => stream;

        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Heard { get; set; }
    }

    private sealed record Pending(Jid To)
    {
        public TaskCompletionSource<Element?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Beside {Place} as {Name}: {Grants}")]
        public static partial void Connected(ILogger logger, string place, string name, string grants);

        [LoggerMessage(2, LogLevel.Warning, "Beside {Place}: {Problem} It is tried again.")]
        public static partial void Lost(ILogger logger, string place, string problem);

        [LoggerMessage(3, LogLevel.Information, "{Domain} grants {Grants} now")]
        public static partial void Granted(ILogger logger, string domain, string grants);
    }
}
