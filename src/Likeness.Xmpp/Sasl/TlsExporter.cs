using System.Net.Security;
using System.Security.Authentication;

namespace Likeness.Xmpp.Sasl;

/// <summary>Channel binding to the very TLS connection: <c>tls-exporter</c> (RFC 9266). .NET has no word for it (dotnet/runtime#112529), OpenSSL has.</summary>
public static class TlsExporter
{
    private const int Bytes = 32;
    private const int ExtendedMasterSecret = 122;

    /// <summary>The data of this connection, 32 bytes; the same at both ends. Call after the handshake, before anybody else uses the stream.</summary>
    /// <returns>Null: not to be had here, because this is not Linux with OpenSSL, or because the session of TLS 1.2 is not bound to its handshake.</returns>
    public static byte[]? Of(SslStream stream)
    {
        var isTls13 = stream.SslProtocol == SslProtocols.Tls13;
        return OpenSslLibrary.Call(stream, ssl => isTls13 || IsBoundToHandshake(ssl) ? Export(ssl) : null, out _);
    }

    // Without the extended master secret two connections of TLS 1.2 can be made to have the same one (RFC 9266 §4.2).
    private static bool IsBoundToHandshake(nint ssl) => OpenSslLibrary.Control(ssl, ExtendedMasterSecret, 0) == 1;

    private static byte[]? Export(nint ssl)
    {
        var material = new byte[Bytes];
        return OpenSslLibrary.Export(ssl, "EXPORTER-Channel-Binding"u8, material) ? material : null;
    }
}
