using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Streams;

public sealed class OpenSslBuffersTests
{
    [Theory]
    [InlineData("7f00-7f10 r-xp 00000000 08:01 1 /usr/lib/libssl.so.3\n7f10-7f20 r--p 00000000 08:01 1 /usr/lib/libssl.so.3\n7f30-7f40 r-xp 00000000 08:01 2 /usr/lib/libcrypto.so.3", "/usr/lib/libssl.so.3")]
    [InlineData("7f00-7f10 r-xp 00000000 08:01 1 /usr/lib/libssl.so.3\n7f30-7f40 r-xp 00000000 08:01 2 /opt/own/libssl.so.1.1", null)]
    [InlineData("7f30-7f40 rw-p 00000000 00:00 0\n7f30-7f40 r-xp 00000000 08:01 2 /usr/lib/libc.so.6", null)]
    public void Only_the_one_libssl_that_is_loaded_is_called(string maps, string? expected) =>
        OpenSslLibrary.OnlyLibraryIn(maps.Split('\n')).ShouldBe(expected);

    [Fact]
    public async Task OpenSSL_is_found_behind_the_stream_and_gives_its_buffers_back()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var there = new TcpClient();
        await there.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var here = await listener.AcceptTcpClientAsync();
        await using var server = new SslStream(here.GetStream());
        await using var client = new SslStream(there.GetStream(), false, (_, shown, _, _) => shown?.Equals(TestCertificate.Context.TargetCertificate) ?? false);
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = TestCertificate.Context }),
            client.AuthenticateAsClientAsync(TestServer.Domain));

        OpenSslBuffers.ReleaseWhenQuiet(server).ShouldBeNull();

        await client.WriteAsync("still talking"u8.ToArray());
        var heard = new byte[13];
        await server.ReadExactlyAsync(heard);
        heard.ShouldBe("still talking"u8.ToArray());
    }
}
