using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>One connection from the first byte to the last: reads, secures, watches, closes. What the elements mean is its negotiation's business.</summary>
#pragma warning disable CA1001 // A source without timer and handle has nothing to dispose, and others may still close this connection.
internal sealed partial class StreamConnection
#pragma warning restore CA1001
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private readonly IStreamTransport _transport;
    private readonly StreamServices _services;
    private readonly StreamFrame _frame;
    private readonly StreamOutput _output;
    private readonly Negotiation _negotiation;
    private readonly CancellationTokenSource _closing = new();
    private readonly long _opened;
    private StreamInput _input;
    private SecuredTransport? _secured;
    private StreamErrorException? _closeReason;
    private readonly bool _isPaced;
    private SendingPace _pace;
    private int _stanzas;
    private long _leftOver;
    private long _heard;
    private long _taken;
    private volatile bool _isListening;
    private volatile bool _isPinged;
    private volatile bool _isStuck;
    private volatile bool _isSilent;
    private volatile bool _isLeaving;
    private bool _hasPeerClosed;

    /// <param name="negotiate">Null: the stream is a client's.</param>
    internal StreamConnection(IStreamTransport transport, StreamFrame frame, StreamServices services, Func<StreamConnection, StreamOutput, Negotiation>? negotiate = null)
    {
        _transport = transport;
        _services = services;
        _frame = frame;
        _input = new StreamInput(transport.Stream);
        _output = new StreamOutput(transport.Stream, _frame, services.Time);
        frame.Join(_output);
        _negotiation = negotiate?.Invoke(this, _output) ?? new StreamNegotiation(services, this, _output, transport);
        _opened = _heard = services.Time.GetTimestamp();
        _isPaced = !services.Options.IsOwnMachine(transport.Address);
    }

    /// <summary>Runs the stream to its end; never throws.</summary>
    /// <param name="tlsFirst">Direct TLS (XEP-0368): the handshake comes before the first stream.</param>
    internal async Task Run(bool tlsFirst)
    {
        _services.Connections.Add(this);
        StreamErrorException? error = null;
        var isLost = false;
        try
        {
            if (tlsFirst)
            {
                await Secure(isDirect: true);
            }
            else
            {
                _negotiation.Begin();
            }

            await ReadToEnd();
            isLost = !_hasPeerClosed && !_isLeaving;
        }
        catch (StreamErrorException reason)
        {
            error = reason;
            _negotiation.Lost(reason);
        }
        catch (OperationCanceledException) when (_closeReason is not null)
        {
            error = _closeReason;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or AuthenticationException or SocketException or ObjectDisposedException)
        {
            isLost = true;
            _negotiation.Lost(gone);
            Log.ConnectionLost(_services.Log, gone.Message);
        }
#pragma warning disable CA1031 // One stream's fault must not end the process: it is logged and this stream ends.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.StreamFailed(_services.Log, bug);
            error = new StreamErrorException("internal-server-error");
        }

        try
        {
            await End(error, isLost);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.StreamFailed(_services.Log, bug);
            _transport.Abort();
        }

        _services.Connections.Remove(this);
        _services.Limits.Leave(_transport.Address);
    }

    /// <summary>Ends the stream from outside: a replaced resource, a removed account, a shutdown.</summary>
    public void Close(StreamErrorException reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is null)
        {
            _negotiation.Session?.StopWaiting();
            _input.CancelPendingRead();
            _ = _closing.CancelAsync();
        }
    }

    /// <summary>Takes leave: nothing is wrong, it is not needed any more.</summary>
    internal void TakeLeave()
    {
        _isLeaving = true;
        _input.CancelPendingRead();
    }

    /// <summary>Ends the stream of a peer that takes nothing: what waits for it is not offered any more.</summary>
    internal void CloseStuck(StreamErrorException reason)
    {
        _isStuck = true;
        Close(reason);
    }

    /// <summary>Ends the stream of a client that is not heard any more here: its session may go on elsewhere.</summary>
    internal void CloseSilent(StreamErrorException reason)
    {
        _isSilent = true;
        Close(reason);
    }

    /// <summary>Called every few seconds: does the peer read, is it still there?</summary>
    internal void Check()
    {
        var options = _services.Options;
        if (_output.BusyFor is { } waiting)
        {
            var taken = _transport.BytesTaken();
            if (taken != _taken)
            {
                _taken = taken;
                _output.PeerTookSome();
            }
            else if (waiting > options.ReadTimeout)
            {
                CloseStuck(new StreamErrorException("connection-timeout", "Nothing was read for too long."));
            }
        }
        else if (_negotiation.Session is not { } session)
        {
            if (_services.Time.GetElapsedTime(_opened) >= _negotiation.Timeout)
            {
                Close(new StreamErrorException("connection-timeout", "The stream was not negotiated in time."));
            }
        }
        else if (_isListening)
        {
            var silence = _services.Time.GetElapsedTime(Volatile.Read(ref _heard));
            if (!_frame.Probe(_services.Time, Volatile.Read(ref _heard)))
            {
                CloseSilent(new StreamErrorException("connection-timeout", "The pings of the connection were not answered."));
            }
            else if (session.IsSilent(silence))
            {
                CloseSilent(new StreamErrorException("connection-timeout", "What was asked by <r/> was not answered."));
            }
            else if (options.PingAfter > TimeSpan.Zero && _frame.Role == StreamRole.Client)
            {
                AskForLife(session, silence);
            }
        }
    }

    private void AskForLife(IStreamSession session, TimeSpan silence)
    {
        var options = _services.Options;
        if (silence >= options.PingAfter + options.PingTimeout)
        {
            CloseSilent(new StreamErrorException("connection-timeout", "A ping was not answered."));
        }
        else if (silence >= options.PingAfter && !_isPinged)
        {
            _isPinged = true;
            session.Ping();
        }
    }

    private async Task ReadToEnd()
    {
        while (true)
        {
            _isListening = true;
            var result = await _input.ReadAsync();
            _isListening = false;
            Volatile.Write(ref _heard, _services.Time.GetTimestamp());
            _isPinged = false;
            var bytes = result.Buffer.Length - _leftOver;
            StreamOutcome outcome;
            try
            {
                outcome = await Handle(result.Buffer);
            }
            catch
            {
                _input.AdvanceTo(result.Buffer.End);
                throw;
            }

            switch (outcome)
            {
                case StreamOutcome.Secure:
                    _leftOver = 0;
                    await Secure(isDirect: false);
                    continue;
                case StreamOutcome.Ended:
                    _hasPeerClosed = true;
                    return;
            }

            if (result.IsCompleted || _isLeaving)
            {
                return;
            }

            if (_isPaced)
            {
                await Pace(bytes);
            }
        }
    }

    // What the stanzas of one read make us say leaves together when they are handled, or when one of them has to wait.
    private ValueTask<StreamOutcome> Handle(ReadOnlySequence<byte> buffer)
    {
        StreamOutput.BeginBatch();
        try
        {
            return HandleBuffered(buffer);
        }
        finally
        {
            StreamOutput.EndBatch();
        }
    }

    private ValueTask Pace(long bytes)
    {
        var wait = _negotiation.Pace(ref _pace, _heard, _stanzas, bytes);
        _stanzas = 0;
        return wait > TimeSpan.Zero ? new(Task.Delay(wait, _services.Time, _closing.Token)) : default;
    }

    private async ValueTask<StreamOutcome> HandleBuffered(ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            if (_closeReason is { } reason)
            {
                throw reason;
            }

            var read = _frame.Read(buffer, out var consumed, out var examined);
            if (read.Kind == StreamEventKind.NeedMoreData)
            {
                _leftOver = buffer.Slice(consumed).Length;
                _input.AdvanceTo(consumed, examined);
                return StreamOutcome.Continue;
            }

            _stanzas++;
            buffer = buffer.Slice(consumed);

            // Whoever asks much must take the answers before the next question is heard.
            if (_negotiation.Session is { } session && !await session.Writable())
            {
                throw _closeReason ?? (Exception)new ConnectionAbortedException();
            }

            var more = _negotiation.State != StreamState.Bound && !StreamFrame.WithoutLeadingSpace(buffer).IsEmpty;
            switch (await _negotiation.Handle(read, more, _closing.Token))
            {
                case StreamOutcome.Ended:
                    return StreamOutcome.Ended;
                case StreamOutcome.Secure:
                    _input.AdvanceTo(buffer.End);
                    return StreamOutcome.Secure;
            }
        }
    }

    private async Task Secure(bool isDirect)
    {
        using var timeout = new CancellationTokenSource(HandshakeTimeout, _services.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        if (!isDirect && !_negotiation.IsOurs)
        {
            await SecuredTransport.DropSpace(_input, (TcpStream)_transport.Stream, ends.Token);
        }

        var secured = await _negotiation.Secure(_transport.Stream, isDirect, ends.Token);
        if (_services.Options.ReleasesTlsBuffers)
        {
            OpenSslBuffers.ReleaseWhenQuiet(secured.Tls);
        }

        _secured = secured;
        _input = new StreamInput(secured.Tls);
        _output.Upgrade(secured.Tls);
        _negotiation.Secured(secured);
    }

    // All of it together has the closing time; whoever has not taken leave by then is cut off, but not before what can be said at once was said.
    private async Task End(StreamErrorException? error, bool isLost)
    {
        var leaving = _negotiation.Leave(isLost || _isStuck ? StreamEnd.Lost : _isSilent ? StreamEnd.Silent : StreamEnd.Closed);
        ITimer deadline;
        bool isSaid;
        lock (_closing)
        {
            deadline = _services.Time.CreateTimer(static late => ((StreamConnection)late!).CutOff(), this, _services.Options.CloseTimeout, Timeout.InfiniteTimeSpan);
            isSaid = leaving.IsCompletedSuccessfully && SayGoodbye(error);
        }

        await using var ending = deadline;
        await leaving;
        if (isSaid || (await _output.Ready() && SayGoodbye(error)))
        {
            if (await _output.Sent() && _secured is not null)
            {
                await SayGoodbyeSecurely(_secured);
            }

            if (!isLost && !_isStuck && !(_hasPeerClosed && _frame.IsClosedBelow))
            {
                await _input.DropUntil(_frame.EndsWithClosing);
            }
        }

        await _output.Sent();
        if (_secured is not null)
        {
            await _secured.DisposeAsync();
        }
    }

    private void CutOff()
    {
        lock (_closing)
        {
            _transport.Abort();
        }
    }

    private bool SayGoodbye(StreamErrorException? error)
    {
        if (!_output.IsReady)
        {
            return false;
        }

        StreamOutput.BeginBatch();
        _negotiation.SayGoodbye(error);
        StreamOutput.EndBatch();
        return true;
    }

    private static async Task SayGoodbyeSecurely(SecuredTransport secured)
    {
        try
        {
            await secured.Tls.ShutdownAsync();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The peer was faster.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "A chat connection was lost: {Reason}")]
        public static partial void ConnectionLost(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "A chat stream failed")]
        public static partial void StreamFailed(ILogger logger, Exception exception);
    }
}
