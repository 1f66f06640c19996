using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>One client's connection from the first byte to the last: reads, secures, closes. What the elements mean is <see cref="StreamNegotiation"/>'s business.</summary>
public sealed partial class ClientStream
{
    private readonly ConnectionContext _connection;
    private readonly StreamServices _services;
    private readonly XmlStreamReader _reader;
    private readonly StreamOutput _output;
    private readonly StreamNegotiation _negotiation;
    private PipeReader _input;
    private SecuredTransport? _secured;
    private StreamErrorException? _closeReason;

    public ClientStream(ConnectionContext connection, StreamServices services)
    {
        _connection = connection;
        _services = services;
        _reader = new XmlStreamReader(services.Options.Limits);
        _input = connection.Transport.Input;
        _output = new StreamOutput(connection.Transport.Output, services.Options.MaxUnsentBytes, () => connection.Abort());
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        _negotiation = new StreamNegotiation(services, _output, _reader, address, Close);
    }

    /// <summary>Runs the stream to its end; never throws.</summary>
    /// <param name="tlsFirst">Direct TLS (XEP-0368): the handshake comes before the first stream.</param>
    public async Task Run(bool tlsFirst)
    {
        _services.LiveStreams.Add(this);
        var deadline = _services.Time.CreateTimer(_ => CloseUnlessBound(), null, _services.Options.NegotiationTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            if (tlsFirst)
            {
                await Secure();
            }

            await ReadToEnd(deadline);
        }
        catch (StreamErrorException error)
        {
            _negotiation.SendStreamError(error);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or AuthenticationException or ConnectionAbortedException)
        {
            Log.ConnectionLost(_services.Log, gone.Message);
        }
#pragma warning disable CA1031 // One stream's fault must not end the process: it is logged and this stream ends.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.StreamFailed(_services.Log, bug);
            _negotiation.SendStreamError(new StreamErrorException("internal-server-error"));
        }
        finally
        {
            await deadline.DisposeAsync();
            await End();
        }
    }

    /// <summary>Ends the stream from outside: a replaced resource, a removed account, a shutdown.</summary>
    public void Close(StreamErrorException reason)
    {
        _closeReason = reason;
        _input.CancelPendingRead();
        _output.StopWaiting();
    }

    private void CloseUnlessBound()
    {
        if (_negotiation.State != StreamState.Bound)
        {
            Close(new StreamErrorException("connection-timeout", "The stream was not negotiated in time."));
        }
    }

    private async Task ReadToEnd(ITimer deadline)
    {
        while (true)
        {
            var result = await _input.ReadAsync();
            if (_closeReason is { } reason)
            {
                throw reason;
            }

            switch (await HandleBuffered(result.Buffer, deadline))
            {
                case StreamOutcome.Secure:
                    await Secure();
                    _reader.Reset();
                    continue;
                case StreamOutcome.Ended:
                    return;
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask<StreamOutcome> HandleBuffered(ReadOnlySequence<byte> buffer, ITimer deadline)
    {
        while (true)
        {
            var read = _reader.Read(buffer, out var consumed, out var examined);
            if (read.Kind == StreamEventKind.NeedMoreData)
            {
                _input.AdvanceTo(consumed, examined);
                return StreamOutcome.Continue;
            }

            buffer = buffer.Slice(consumed);
            await _output.Writable();
            switch (await _negotiation.Handle(read))
            {
                case StreamOutcome.Ended:
                    return StreamOutcome.Ended;
                case StreamOutcome.Secure:
                    // C-3: bytes behind starttls could be commands injected before the handshake.
                    if (!buffer.IsEmpty)
                    {
                        throw new StreamErrorException("policy-violation", "Nothing may follow starttls before the TLS handshake.");
                    }

                    _input.AdvanceTo(consumed);
                    return StreamOutcome.Secure;
                case StreamOutcome.Bound:
                    await deadline.DisposeAsync();
                    break;
            }
        }
    }

    private async Task Secure()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10), _services.Time);
        _secured = await SecuredTransport.Accept(_connection.Transport, _services.Certificates, _negotiation.Domain, timeout.Token);
        _input = _secured.Input;
        _output.Upgrade(_secured.Output);
        _negotiation.Secured(_secured.Certificate);
    }

    private async Task End()
    {
        _services.LiveStreams.Remove(this);
        await _negotiation.End();
        _output.Close();
        if (_secured is not null)
        {
            await _secured.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Client connection lost: {Reason}")]
        public static partial void ConnectionLost(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "A client stream failed")]
        public static partial void StreamFailed(ILogger logger, Exception exception);
    }
}
