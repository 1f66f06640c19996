using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the connection has to do after an event was handled.</summary>
internal enum StreamOutcome
{
    Continue,
    Secure,
    Ended,
}

/// <summary>The talk on one stream, whoever the peer is.</summary>
internal abstract class Negotiation(StreamServices services, StreamConnection connection, StreamOutput output)
{
    private IStreamSession? _session;

    public StreamState State { get; protected set; }

    /// <summary>The domain of ours that the stream is for; known from the header on.</summary>
    public string Domain { get; protected set; } = (services.Domains.OfChats is [var first, ..] ? first : services.Domains.Default).Domain;

    /// <summary>Set once stanzas may be sent, until the stream ends.</summary>
    public IStreamSession? Session => Volatile.Read(ref _session);

    /// <summary>How long the peer may take until there is a <see cref="Session"/>.</summary>
    public virtual TimeSpan Timeout => Services.Options.NegotiationTimeout;

    /// <summary>Takes what was read from what the peer may send; how long to wait before more is read.</summary>
    /// <param name="connection">What was taken for this connection alone.</param>
    public virtual TimeSpan Pace(ref SendingPace connection, long now, int stanzas, long bytes) =>
        connection.Take((Services.Options.MaxStanzasPerSecond, Services.Options.MaxBytesPerSecond), Services.Time, now, stanzas, bytes);

    /// <summary>We speak first, and are the client of TLS.</summary>
    public virtual bool IsOurs => false;

    protected StreamServices Services { get; } = services;

    protected StreamConnection Connection { get; } = connection;

    protected StreamOutput Output { get; } = output;

    protected StreamFrame Frame { get; } = output.Frame;

    /// <summary>Our opening of the stream is written.</summary>
    protected bool IsHeaderSent { get; set; }

    /// <summary>The connection is there, without TLS.</summary>
    public virtual void Begin()
    {
    }

    /// <param name="more">Bytes other than white space have come behind the event.</param>
    public ValueTask<StreamOutcome> Handle(StreamEvent read, bool more, CancellationToken cancellationToken) => read.Kind switch
    {
        StreamEventKind.StreamOpened => Open(read.Element!, read.ContentNamespace, cancellationToken),
        StreamEventKind.StreamClosed => new(StreamOutcome.Ended),
        _ => Take(read.Element!, more, cancellationToken),
    };

    /// <summary>The TLS handshake.</summary>
    /// <param name="isDirect">It comes before the stream (XEP-0368).</param>
    public virtual Task<SecuredTransport> Secure(Stream transport, bool isDirect, CancellationToken cancellationToken) =>
        SecuredTransport.Accept(transport, Services.Certificates, Domain, isDirect, cancellationToken);

    /// <summary>TLS is up: everything said before counts no more.</summary>
    public abstract void Secured(SecuredTransport secured);

    /// <summary>The connection broke, or what came over it could not be understood; the stream ends.</summary>
    public virtual void Lost(Exception reason)
    {
    }

    /// <summary>The stream is over: its session ends.</summary>
    public virtual ValueTask Leave(StreamEnd end)
    {
        var session = Interlocked.Exchange(ref _session, null);
        return session is null ? default : session.End(Connection, end);
    }

    /// <summary>Our last words. The output must be ready and nobody else writing.</summary>
    public void SayGoodbye(StreamErrorException? error)
    {
        if (error is not null)
        {
            if (!IsHeaderSent)
            {
                // RFC 6120 §4.9.1.2: the error travels inside a stream.
                WriteHeader();
            }

            Frame.Write(Output.Buffer, error.ToElement());
            Output.EndElement();
        }

        if (IsHeaderSent || Frame.IsDelimited)
        {
            Frame.WriteClosing(Output.Buffer, IsHeaderSent);
            Output.Flush();
        }
    }

    /// <summary>The peer's header.</summary>
    protected abstract ValueTask<StreamOutcome> Open(Element header, string? contentNamespace, CancellationToken cancellationToken);

    /// <inheritdoc cref="Handle"/>
    protected abstract ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken);

    /// <summary>Our opening, to whoever has not said who it is.</summary>
    protected abstract void WriteHeader();

    protected void Bind(IStreamSession session) => Volatile.Write(ref _session, session);

    protected async ValueTask Send(Element element, CancellationToken cancellationToken)
    {
        await Ready(cancellationToken);
        Output.Write(element);
    }

    protected async ValueTask Ready(CancellationToken cancellationToken)
    {
        if (!await Output.Ready(cancellationToken))
        {
            throw new ConnectionAbortedException();
        }
    }
}
