using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using System.Xml;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Client;

/// <summary>Where a domain says on the web that it has a WebSocket for chats (XEP-0156): by HTTPS only, and only addresses with TLS.</summary>
internal sealed class HostMeta(XmppClientOptions options, ServerFinder finder)
{
    private const int MaxAddresses = 3;
    private const int MaxBytes = 64 * 1024;
    private const int MaxRedirects = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Empty: it names none, or does not answer.</summary>
    public async Task<IReadOnlyList<ClientTarget>> Find(CancellationToken cancellationToken)
    {
        using var handler = Handler(finder, (_, shown, chain, errors) => shown is not null && ClientStream.IsTrusted(options, shown, chain, errors));
        using var http = new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = MaxBytes };
        var root = $"https://{ServerFinder.Ascii(options.Account.Domain)}:{options.HostMetaPort}/.well-known/host-meta";

        // The first form has to be there, the second may be.
        var addresses = await Read(http, root, Xep0156ConnectionMethods.ReadXml, cancellationToken);
        addresses = addresses.Count > 0 ? addresses : await Read(http, root + ".json", Xep0156ConnectionMethods.ReadJson, cancellationToken);
        return
        [
            .. addresses.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeWss ? uri : null).OfType<Uri>().Distinct()
                .Take(MaxAddresses).Select(ClientTarget.At),
        ];
    }

    /// <summary>Connections for the web, found and judged as those for chats.</summary>
    public static SocketsHttpHandler Handler(ServerFinder finder, RemoteCertificateValidationCallback judge) => new()
    {
        ConnectCallback = (context, stop) => new ValueTask<Stream>(finder.Connect(new ClientTarget(context.DnsEndPoint.Host, context.DnsEndPoint.Port, IsDirect: true), stop)),
        MaxAutomaticRedirections = MaxRedirects,
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, RemoteCertificateValidationCallback = judge },
    };

    private async Task<IReadOnlyList<string>> Read(HttpClient http, string url, Func<string, IReadOnlyList<string>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url), cancellationToken);
            return answer.IsSuccessStatusCode ? read(await answer.Content.ReadAsStringAsync(cancellationToken)) : [];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or XmlException or JsonException or UriFormatException or InvalidOperationException)
        {
            options.Report?.Invoke(exception);
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }
}
