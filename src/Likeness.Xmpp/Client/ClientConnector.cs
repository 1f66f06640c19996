using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Client;

/// <summary>Makes connections and logs them in, at first and again.</summary>
internal sealed class ClientConnector(XmppClientOptions options)
{
    private const int MaxRedirects = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private readonly ServerFinder _finder = new(options);
    private ClientTarget? _last;
    private string? _elsewhere;

    /// <summary>What the server gave for the next login; null: nothing.</summary>
    public FastToken? Token { get; private set; } = options.Token;

    /// <summary>Who was sent away, or has no password any more, is not helped by coming again.</summary>
    public static bool IsFinal(Exception reason) => reason switch
    {
        SaslException sasl => sasl.Condition != "temporary-auth-failure",
        StreamErrorException stream => stream.Condition is "conflict" or "not-authorized" or "host-unknown" or "policy-violation" or "unsupported-version",
        _ => false,
    };

    /// <summary>The connection is gone, or as good as gone.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException or WebSocketException or TimeoutException or InvalidOperationException;

    /// <summary>One login, wherever it is possible.</summary>
    /// <param name="transport">A connection that stands already; null: one is made.</param>
    /// <param name="previous">The session that is to go on; null: there is none.</param>
    public async Task<ClientConnection> LogIn(Stream? transport, ManagedSession? previous, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (transport is not null)
            {
                return await LogIn(new TcpClientStream(transport, options) { IsDirect = options.DirectTls }, previous, limit.Token);
            }

            return await LogInSomewhere(previous, limit.Token);
        }
        catch (OperationCanceledException exception) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No login within {options.Timeout.TotalSeconds} s.", exception);
        }
    }

    /// <summary>Tries until it succeeds or cannot succeed, with pauses that double, of which a random part is waited.</summary>
    /// <param name="reason">Why the connection before ended: the server may have said where to go.</param>
    public async Task<ClientConnection> Return(ManagedSession? previous, Exception reason, CancellationToken cancellationToken)
    {
        _elsewhere = (reason as StreamErrorException)?.Elsewhere;
        for (var attempt = 0; ; attempt++)
        {
            var longest = Math.Min(options.MaxPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(attempt, 20)));
            await Task.Delay(TimeSpan.FromSeconds(longest * options.NextRandom()), options.TimeProvider, cancellationToken);
            try
            {
                return await LogIn((Stream?)null, previous, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !IsFinal(failure))
            {
                options.Report?.Invoke(failure);
            }
        }
    }

    // The servers in their order; where they send us, before the others; what the web says, when there is nobody else.
    private async Task<ClientConnection> LogInSomewhere(ManagedSession? previous, CancellationToken cancellationToken)
    {
        var asksWeb = options is { LooksForWebSocket: true, Host: null, WebSocket: null };
        var redirects = 0;
        var left = new List<ClientTarget>();
        Exception? failure = null;
        try
        {
            if (Interlocked.Exchange(ref _elsewhere, null) is { } where && _last is { } from)
            {
                left.AddRange(await _finder.FindElsewhere(where, from, cancellationToken));
            }

            left.AddRange(await _finder.Find(cancellationToken));
        }
        catch (IOException unknown) when (asksWeb || left.Count > 0)
        {
            failure = unknown;
        }

        while (true)
        {
            if (left.Count == 0 && failure is IOException && asksWeb)
            {
                asksWeb = false;
                left.AddRange(await new HostMeta(options, _finder).Find(cancellationToken));
            }

            if (left.Count == 0)
            {
                ExceptionDispatchInfo.Throw(failure!);
            }

            if (failure is not null)
            {
                options.Report?.Invoke(failure);
            }

            var target = left[0];
            left.RemoveAt(0);
            try
            {
                var connection = await LogIn(await Open(target, cancellationToken), previous, cancellationToken);
                _last = target;
                return connection;
            }
            catch (StreamErrorException moved) when (moved.Elsewhere is { } said)
            {
                failure = moved;
                if (++redirects > MaxRedirects)
                {
                    throw new IOException($"The servers of {options.Account.Domain} send their clients on and on.", moved);
                }

                try
                {
                    left.InsertRange(0, await _finder.FindElsewhere(said, target, cancellationToken));
                }
                catch (IOException nowhere)
                {
                    failure = nowhere;
                }
            }
            catch (Exception failed) when (failed is IOException or AuthenticationException or StreamErrorException)
            {
                failure = failed;
            }
        }
    }

    private async Task<ClientStream> Open(ClientTarget target, CancellationToken cancellationToken) => target.WebSocket is { } address
        ? new WebSocketClientStream(address, options, _finder)
        : new TcpClientStream(await _finder.Connect(target, cancellationToken), options) { IsDirect = target.IsDirect };

    private async Task<ClientConnection> LogIn(ClientStream stream, ManagedSession? previous, CancellationToken cancellationToken)
    {
        try
        {
            await stream.Connect(cancellationToken);
            var login = new Login(stream, options, previous, Token);
            var result = await login.Run(cancellationToken);
            Token = login.Token;
            return new ClientConnection(stream, result);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One connection, logged in.</summary>
internal sealed class ClientConnection(ClientStream stream, LoggedIn login) : IAsyncDisposable
{
    public ClientStream Stream => stream;

    public LoggedIn Login => login;

    public CancellationTokenSource Lost { get; } = new();

    /// <summary>Waits for the server; else for whoever takes what came.</summary>
    public volatile bool IsReading;

    public async ValueTask DisposeAsync()
    {
        await Lost.CancelAsync();
        await stream.DisposeAsync();
    }
}
