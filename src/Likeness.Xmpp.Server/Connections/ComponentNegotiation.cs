using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Which components there may be, and who speaks for one. A connection knows no more of them than this.</summary>
internal interface IComponents
{
    /// <summary>The secret that the component of this name shares with us; null: there is none of this name.</summary>
    string? SecretOf(string name);

    /// <summary>Whoever knew the secret speaks for the component until its connection ends.</summary>
    /// <exception cref="StreamErrorException"><c>conflict</c>: somebody else does already.</exception>
    IStreamSession Bind(string name, StreamConnection connection);
}

/// <summary>The talk on the stream of a component: header, handshake, then stanzas (XEP-0114 §3). There is no TLS: it is for the own machine, or a wire of the own.</summary>
internal sealed class ComponentNegotiation : Negotiation
{
    private readonly IComponents _components;
    private readonly string _id = StanzaId.New();

    public ComponentNegotiation(StreamServices services, IComponents components, StreamConnection connection, StreamOutput output)
        : base(services, connection, output)
    {
        _components = components;
        State = StreamState.Unauthenticated;
    }

    public override void Secured(SecuredTransport secured) => throw new InvalidOperationException("A component's stream has no TLS.");

    protected override async ValueTask<StreamOutcome> Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (IsHeaderSent)
        {
            throw new StreamErrorException("not-well-formed");
        }

        if (contentNamespace != Frame.ContentNamespace)
        {
            throw new StreamErrorException("invalid-namespace", $"This port speaks {Frame.ContentNamespace}.");
        }

        if (!Jid.TryParse(header["to"], out var name) || name.Text != name.Domain || _components.SecretOf(name.Domain) is null)
        {
            throw new StreamErrorException("host-unknown", "There is no component of this name here.");
        }

        Domain = name.Domain;
        await Ready(cancellationToken);
        WriteHeader();
        Output.Flush();
        return StreamOutcome.Continue;
    }

    protected override async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
    {
        await (Session is { } session ? Receive(session, element) : ShakeHands(element, cancellationToken));
        return StreamOutcome.Continue;
    }

    protected override void WriteHeader()
    {
        Frame.WriteOpening(Output.Buffer, Domain, _id, initiator: null, version: false);
        IsHeaderSent = true;
    }

    private async ValueTask ShakeHands(Element element, CancellationToken cancellationToken)
    {
        if (!element.Is("handshake", Frame.ContentNamespace))
        {
            throw new StreamErrorException("not-authorized", "The handshake comes first.");
        }

        var expected = Digest(_id, _components.SecretOf(Domain)!);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(element.Text().Trim()), Encoding.ASCII.GetBytes(expected)))
        {
            throw new StreamErrorException("not-authorized", "The secret is another one.");
        }

        var session = _components.Bind(Domain, Connection);
        Bind(session);
        Frame.Trust();
        State = StreamState.Bound;
        await Ready(cancellationToken);
        Output.Write(new Element("handshake", Frame.ContentNamespace));
        session.Attach(Output);
    }

    private ValueTask Receive(IStreamSession session, Element stanza) => stanza.Namespace == Frame.ContentNamespace && stanza.Name is "message" or "presence" or "iq"
        ? session.Receive(stanza.Renamed(Ns.Client))
        : throw new StreamErrorException("unsupported-stanza-type");

#pragma warning disable CA5350 // XEP-0114 §3 knows no other; what is hashed is a secret of the operator's and an id that is never used again.
    private static string Digest(string id, string secret) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + secret)));
#pragma warning restore CA5350
}
