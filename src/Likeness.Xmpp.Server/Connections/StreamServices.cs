using System.Net.Security;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What every client stream needs; one instance for all of them.</summary>
/// <param name="Certificates">Chooses a certificate by server name; a null name asks for the default one.</param>
public sealed record StreamServices(
    XmppServerOptions Options,
    DomainPolicies Domains,
    FeatureRegistry Features,
    StanzaRouter Router,
    Binding Binding,
    Authentication Authentication,
    LiveStreams LiveStreams,
    Func<string?, SslStreamCertificateContext> Certificates,
    TimeProvider Time,
    ILogger<ClientStream> Log);
