using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>What a play has brought on so far: the server, who is connected, what was captured.</summary>
public sealed class Scene : IAsyncDisposable
{
    private readonly Dictionary<string, Actor> _actors = new(StringComparer.Ordinal);
    private TestServer? _server;

    public Conversation Conversation { get; } = new();

    public Placeholders Placeholders { get; } = new();

    /// <summary>May be changed until the server is first used.</summary>
    public XmppServerOptions Options { get; set; } = new() { PlaintextForDevelopment = true, FailureDelay = TimeSpan.Zero, PingAfter = TimeSpan.Zero };

    /// <summary>Parts that only a test has; set before the server is first used.</summary>
    public Action<IServiceCollection>? AddServices { get; set; }

    /// <summary>Where the servers of the play listen, by domain.</summary>
    public ConcurrentDictionary<string, DnsEndPoint> Routes { get; } = new();

    /// <summary>Servers of the play that wait to be called.</summary>
    public Dictionary<string, TcpListener> Listeners { get; } = new(StringComparer.Ordinal);

    public bool IsStarted => _server is not null;

    public IEnumerable<Actor> Actors => _actors.Values;

    public async Task<TestServer> Server() => _server ??= await TestServer.Start(Options, AddServices);

    public Actor Actor(string name) =>
        _actors.GetValueOrDefault(name) ?? throw new TranscriptException($"{name} is not connected in this play.");

    public async Task<Actor> Connect(string name, IPAddress? from = null, Func<TestServer, IPEndPoint>? endpoint = null)
    {
        var server = await Server();
        var actor = await Play.Actor.Connect(name, endpoint?.Invoke(server) ?? server.EndPoint, Conversation, from);
        if (_actors.Remove(name, out var former))
        {
            await former.DisposeAsync();
        }

        return _actors[name] = actor;
    }

    /// <summary>Somebody whom the server called.</summary>
    public async Task<Actor> Accept(string name, string domain)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var actor = Play.Actor.Accepted(name, await Listeners[domain].AcceptSocketAsync(timeout.Token), Conversation);
        if (_actors.Remove(name, out var former))
        {
            await former.DisposeAsync();
        }

        return _actors[name] = actor;
    }

    /// <summary>Everything anybody sent has been handled, and everything that caused has been read.</summary>
    public async Task FenceAll()
    {
        foreach (var actor in Actors)
        {
            await actor.Fence();
        }

        // What one client's last stanza sent to another that was fenced before it.
        foreach (var actor in Actors)
        {
            await actor.Fence();
        }
    }

    public IEnumerable<string> ServerErrors => _server?.Log.Errors ?? [];

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in Actors)
        {
            await actor.DisposeAsync();
        }

        foreach (var listener in Listeners.Values)
        {
            listener.Dispose();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
