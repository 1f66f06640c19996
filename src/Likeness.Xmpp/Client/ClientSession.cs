using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>What a session tells of itself; one call at a time, in order.</summary>
internal interface ISessionEvents
{
    /// <summary>A session begins that knows nothing of the one before.</summary>
    /// <param name="unacknowledged">What was sent in the one before, and of which nobody knows whether it arrived.</param>
    ValueTask Begin(IReadOnlyList<Element> unacknowledged);

    /// <summary>A stanza came. It counts as handled when this completes.</summary>
    ValueTask Take(Element stanza);

    void End(Exception reason);
}

/// <summary>A session that outlives its connections: reads, writes, notices silence, connects again and takes up what it can (XEP-0198).</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly XmppClientOptions _options;
    private readonly bool _reconnects;
    private readonly ClientConnector _connector;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private ClientConnection? _connection;
    private TaskCompletionSource<ClientConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _end;
    private bool _isClosing;
    private Task _running = Task.CompletedTask;

    private ClientSession(XmppClientOptions options, bool reconnects)
    {
        (_options, _reconnects) = (options, reconnects);
        _connector = new ClientConnector(options with { Reconnects = reconnects });
    }

    /// <summary>Completes, never faults, when there will be no connection any more.</summary>
    public Task Ended => _running;

    public LoggedIn Login { get; private set; } = null!;

    public FastToken? Token => _connector.Token;

    /// <summary>The first login. <see cref="Run"/> begins to read.</summary>
    /// <param name="transport">A connection that stands already; null: one is made, and made anew when it is lost.</param>
    public static async Task<ClientSession> Begin(XmppClientOptions options, Stream? transport, CancellationToken cancellationToken)
    {
        var session = new ClientSession(options, options.Reconnects && transport is null);
        try
        {
            session.Attach(await session._connector.LogIn(transport, null, cancellationToken));
            return session;
        }
        catch
        {
            session._stopping.Dispose();
            throw;
        }
    }

    public void Run(ISessionEvents events) => _running = Task.Run(() => Live(events));

    /// <summary>Sends, once there is a connection and room among what is not acknowledged. When it returns, the stanza is on its way or, where the server agreed, kept until it is.</summary>
    /// <param name="isAnswer">It does not wait for room: the one who reads acknowledgements sends it.</param>
    /// <exception cref="IOException">The session has ended, or the connection broke.</exception>
    /// <exception cref="TimeoutException">There is no connection or no room within the time of the options.</exception>
    public async Task Send(Element stanza, bool isAnswer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = await Connected(isAnswer, cancellationToken);
            await _sending.WaitAsync(cancellationToken);
            Task room;
            try
            {
                if (connection != _connection)
                {
                    continue;
                }

                var managed = connection.Login.Managed;
                if (managed is null || managed.HasRoom(_options.MaxUnacknowledged, _options.MaxUnacknowledgedBytes, out room) || (isAnswer && managed.Count < 2 * _options.MaxUnacknowledged))
                {
                    await Write(connection, stanza, managed);
                    return;
                }

                if (isAnswer)
                {
                    throw new IOException("The server asks and asks, and acknowledges nothing.");
                }
            }
            finally
            {
                _sending.Release();
            }

            await room.WaitAsync(_options.Timeout, _options.TimeProvider, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
        }

        try
        {
            if (_connection is { } connection)
            {
                using var limit = new CancellationTokenSource(_options.CloseTimeout);
                if (connection.Login.Managed is { } managed)
                {
                    await connection.Stream.Write(managed.Answer(), limit.Token);
                }

                await connection.Stream.Close(limit.Token);

                // What was sent may be lost when the socket is closed while the server still writes.
                await _running.WaitAsync(limit.Token);
            }
        }
        catch (Exception exception) when (ClientConnector.IsBroken(exception))
        {
            // The connection is gone already, or the server does not close it.
        }

        await _stopping.CancelAsync();
        await _running;
        if (_connection is { } left)
        {
            await left.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task Live(ISessionEvents events)
    {
        var reason = await Receive(_connection!, events);
        while (_reconnects && !_isClosing && !ClientConnector.IsFinal(reason))
        {
            _options.Report?.Invoke(reason);
            var previous = _connection!;
            await Detach();
            try
            {
                var connection = await _connector.Return(previous.Login.Managed, reason, _stopping.Token);
                await Resume(connection, previous, events);
                reason = await Receive(connection, events);
            }
            catch (Exception exception)
            {
                reason = exception;
                break;
            }
        }

        End(_isClosing ? new IOException("The client was closed.") : reason, events);
    }

    private async Task Resume(ClientConnection connection, ClientConnection previous, ISessionEvents events)
    {
        var left = previous.Login.Managed?.Unacknowledged() ?? [];
        if (!connection.Login.IsResumed)
        {
            Attach(connection);
            await events.Begin(left);
            return;
        }

        await _sending.WaitAsync(_stopping.Token);
        try
        {
            foreach (var stanza in left)
            {
                await connection.Stream.Write(stanza, _stopping.Token).WaitAsync(_options.Timeout, _options.TimeProvider, _stopping.Token);
            }

            if (left.Count > 0)
            {
                await connection.Stream.Write(new Element("r", Ns.StreamManagement), _stopping.Token).WaitAsync(_options.Timeout, _options.TimeProvider, _stopping.Token);
            }
        }
        catch (Exception broken) when (ClientConnector.IsBroken(broken))
        {
            // Reading from it tells why, and another attempt follows.
        }
        finally
        {
            Attach(connection);
            _sending.Release();
        }
    }

    /// <summary>Reads until the connection is over, and tells why it is.</summary>
    private async Task<Exception> Receive(ClientConnection connection, ISessionEvents events)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, connection.Lost.Token);
        var watching = Watch(connection, lost.Token);
        try
        {
            foreach (var early in connection.Login.Early)
            {
                await events.Take(early);
            }

            while (true)
            {
                connection.IsReading = true;
                var element = await connection.Stream.Read(lost.Token);
                connection.IsReading = false;
                await Take(element, connection, events, lost.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return new IOException(_stopping.IsCancellationRequested ? "The client was closed." : "The server says nothing any more.");
        }
        catch (Exception exception)
        {
            return exception is StreamErrorException or IOException ? exception : new IOException("The connection broke.", exception);
        }
        finally
        {
            await connection.Lost.CancelAsync();
            await watching;
        }
    }

    private async ValueTask Take(Element element, ClientConnection connection, ISessionEvents events, CancellationToken cancellationToken)
    {
        var managed = connection.Login.Managed;
        if (element.Namespace != Ns.StreamManagement)
        {
            await events.Take(element);
            if (managed is not null)
            {
                managed.Handled = unchecked(managed.Handled + 1);
            }
        }
        else if (element.Name == "a")
        {
            managed?.Acknowledge(element["h"]);
        }
        else if (element.Name == "r" && managed is not null)
        {
            await connection.Stream.Write(managed.Answer(), cancellationToken).WaitAsync(_options.Timeout, _options.TimeProvider, cancellationToken);
        }
    }

    // Asks a server that is silent whether it is there, and gives the connection up when it does not say so.
    private async Task Watch(ClientConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var silence = _options.TimeProvider.GetElapsedTime(connection.Stream.Heard);
                if (silence < _options.MaxSilence || !connection.IsReading)
                {
                    var left = connection.IsReading ? _options.MaxSilence - silence : _options.MaxSilence;
                    await Task.Delay(left, _options.TimeProvider, cancellationToken);
                    continue;
                }

                var heard = connection.Stream.Heard;
                var question = connection.Login.Managed is null
                    ? new Element("iq", Ns.Client).Set("type", "get").Set("id", StanzaId.New()).Set("to", connection.Login.Address.Domain).Add(new Element("ping", Ns.Ping))
                    : new Element("r", Ns.StreamManagement);
                await connection.Stream.Write(question, cancellationToken).WaitAsync(_options.Timeout, _options.TimeProvider, cancellationToken);
                await Task.Delay(_options.Timeout, _options.TimeProvider, cancellationToken);
                if (connection.Stream.Heard == heard && connection.IsReading)
                {
                    await connection.Lost.CancelAsync();
                    return;
                }
            }
        }
        catch (Exception broken) when (ClientConnector.IsBroken(broken))
        {
            if (broken is not OperationCanceledException)
            {
                await connection.Lost.CancelAsync();
            }
        }
    }

    private async Task Write(ClientConnection connection, Element stanza, ManagedSession? managed)
    {
        var bytes = connection.Stream.BytesOf(stanza);
        managed?.Sent(stanza, bytes.Length);
        try
        {
            // Not by the caller's wish: half a stanza would break the stream.
            await connection.Stream.WriteInTurn(bytes, connection.Lost.Token).WaitAsync(_options.Timeout, _options.TimeProvider);
            if (managed is { IsAsked: false })
            {
                managed.IsAsked = true;
                await connection.Stream.Write(new Element("r", Ns.StreamManagement), connection.Lost.Token).WaitAsync(_options.Timeout, _options.TimeProvider);
            }
        }
        catch (Exception broken) when (ClientConnector.IsBroken(broken))
        {
            await connection.Lost.CancelAsync();
            if (managed is null)
            {
                throw new IOException("The connection broke.", broken);
            }
        }
    }

    private async Task<ClientConnection> Connected(bool isAnswer, CancellationToken cancellationToken)
    {
        Task<ClientConnection> connected;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosing && !isAnswer, this);
            if (_end is not null)
            {
                throw new IOException("The stream has ended.", _end);
            }

            connected = _connected.Task;
        }

        return await connected.WaitAsync(_options.Timeout, _options.TimeProvider, cancellationToken);
    }

    private void Attach(ClientConnection connection)
    {
        lock (_lock)
        {
            (_connection, Login) = (connection, connection.Login);
            _connected.TrySetResult(connection);
        }
    }

    private async Task Detach()
    {
        ClientConnection lost;
        lock (_lock)
        {
            lost = _connection!;
            _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Who writes on it has to stop first.
        await _sending.WaitAsync();
        _connection = null;
        _sending.Release();
        await lost.DisposeAsync();
    }

    private void End(Exception reason, ISessionEvents events)
    {
        lock (_lock)
        {
            _end = reason;
            if (_connected.TrySetException(new IOException("The stream has ended.", reason)))
            {
                _ = _connected.Task.Exception;
            }
        }

        events.End(reason);
    }
}
