using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Client;

/// <summary>Makes connections and logs them in, at first and again.</summary>
internal sealed class ClientConnector(XmppClientOptions options)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

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

            if (options.WebSocket is { } address)
            {
                return await LogIn(new WebSocketClientStream(address, options), previous, limit.Token);
            }

            var finder = new ServerFinder(options);
            var targets = await finder.Find(limit.Token);
            for (var index = 0; ; index++)
            {
                try
                {
                    var connected = await finder.Connect(targets[index], limit.Token);
                    return await LogIn(new TcpClientStream(connected, options) { IsDirect = targets[index].IsDirect }, previous, limit.Token);
                }
                catch (Exception failure) when (index + 1 < targets.Count && failure is IOException or AuthenticationException or StreamErrorException)
                {
                    options.Report?.Invoke(failure);
                }
            }
        }
        catch (OperationCanceledException exception) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No login within {options.Timeout.TotalSeconds} s.", exception);
        }
    }

    /// <summary>Tries until it succeeds or cannot succeed, with pauses that double, of which a random part is waited.</summary>
    public async Task<ClientConnection> Return(ManagedSession? previous, CancellationToken cancellationToken)
    {
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
