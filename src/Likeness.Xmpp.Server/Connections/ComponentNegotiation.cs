using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Which components there may be, and who speaks for one. A connection knows no more of them than this.</summary>
public interface IComponents
{
    /// <summary>The secret that the component of this name shares with us; null: there is none of this name.</summary>
    string? SecretOf(string name);

    /// <summary>Whoever knew the secret speaks for the component until its connection ends.</summary>
    /// <exception cref="StreamErrorException"><c>conflict</c>: somebody else does already.</exception>
    IStreamSession Bind(string name, StreamConnection connection);
}

/// <summary>The talk on the stream of a component: header, handshake, then stanzas (XEP-0114 §3). There is no TLS: it is for the own machine, or a wire of the own.</summary>
internal sealed class ComponentNegotiation(StreamServices services, IComponents components, StreamConnection connection, StreamOutput output) : IStreamNegotiation
{
    private readonly StreamFrame _frame = output.Frame;
    private readonly string _id = StanzaId.New();
    private IStreamSession? _session;
    private bool _isHeaderSent;

    public StreamState State { get; private set; } = StreamState.Unauthenticated;

    public string Domain { get; private set; } = services.Domains.Default.Domain;

    public IStreamSession? Session => Volatile.Read(ref _session);

    public async ValueTask<StreamOutcome> Handle(StreamEvent read, bool more, CancellationToken cancellationToken)
    {
        switch (read.Kind)
        {
            case StreamEventKind.StreamOpened:
                await Open(read.Element!, read.ContentNamespace, cancellationToken);
                return StreamOutcome.Continue;
            case StreamEventKind.StreamClosed:
                return StreamOutcome.Ended;
            default:
                await (Session is { } session ? Take(session, read.Element!) : ShakeHands(read.Element!, cancellationToken));
                return StreamOutcome.Continue;
        }
    }

    public void Secured(X509Certificate2 certificate) => throw new InvalidOperationException("A component's stream has no TLS.");

    public ValueTask Leave(StreamEnd end)
    {
        var session = Interlocked.Exchange(ref _session, null);
        return session is null ? default : session.End(connection, end);
    }

    public void SayGoodbye(StreamErrorException? error)
    {
        if (error is not null)
        {
            if (!_isHeaderSent)
            {
                WriteHeader();
            }

            _frame.Write(output.Buffer, error.ToElement());
        }

        if (_isHeaderSent)
        {
            _frame.WriteClosing(output.Buffer, isOpen: true);
            output.Flush();
        }
    }

    private async ValueTask Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (_isHeaderSent)
        {
            throw new StreamErrorException("not-well-formed");
        }

        if (contentNamespace != _frame.ContentNamespace)
        {
            throw new StreamErrorException("invalid-namespace", $"This port speaks {_frame.ContentNamespace}.");
        }

        if (!Jid.TryParse(header["to"], out var name) || name.Text != name.Domain || components.SecretOf(name.Domain) is null)
        {
            throw new StreamErrorException("host-unknown", "There is no component of this name here.");
        }

        Domain = name.Domain;
        await Ready(cancellationToken);
        WriteHeader();
        output.Flush();
    }

    private void WriteHeader()
    {
        _frame.WriteOpening(output.Buffer, Domain, _id, initiator: null, version: false);
        _isHeaderSent = true;
    }

    private async ValueTask ShakeHands(Element element, CancellationToken cancellationToken)
    {
        if (!element.Is("handshake", _frame.ContentNamespace))
        {
            throw new StreamErrorException("not-authorized", "The handshake comes first.");
        }

        var expected = Digest(_id, components.SecretOf(Domain)!);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(element.Text().Trim()), Encoding.ASCII.GetBytes(expected)))
        {
            throw new StreamErrorException("not-authorized", "The secret is another one.");
        }

        var session = components.Bind(Domain, connection);
        Volatile.Write(ref _session, session);
        _frame.Trust();
        State = StreamState.Bound;
        await Ready(cancellationToken);
        output.Write(new Element("handshake", _frame.ContentNamespace));
        session.Attach(output);
    }

    private ValueTask Take(IStreamSession session, Element stanza) => stanza.Namespace == _frame.ContentNamespace && stanza.Name is "message" or "presence" or "iq"
        ? session.Receive(stanza.Renamed(Ns.Client))
        : throw new StreamErrorException("unsupported-stanza-type");

#pragma warning disable CA5350 // XEP-0114 §3 knows no other; what is hashed is a secret of the operator's and an id that is never used again.
    private static string Digest(string id, string secret) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + secret)));
#pragma warning restore CA5350

    private async ValueTask Ready(CancellationToken cancellationToken)
    {
        if (!await output.Ready(cancellationToken))
        {
            throw new ConnectionAbortedException();
        }
    }
}
