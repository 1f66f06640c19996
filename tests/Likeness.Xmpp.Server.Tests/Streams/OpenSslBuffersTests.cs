using System.IO.Pipelines;
using System.Net.Security;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Streams;

public sealed class OpenSslBuffersTests
{
    [Fact]
    public async Task OpenSSL_is_found_behind_the_stream_and_gives_its_buffers_back()
    {
        var (there, back) = (new Pipe(), new Pipe());
        await using var server = new SslStream(new DuplexPipeStream(there.Reader, back.Writer));
        await using var client = new SslStream(new DuplexPipeStream(back.Reader, there.Writer), false, (_, shown, _, _) => shown?.Equals(TestCertificate.Context.TargetCertificate) ?? false);
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = TestCertificate.Context }),
            client.AuthenticateAsClientAsync(TestServer.Domain));

        OpenSslBuffers.ReleaseWhenQuiet(server).ShouldBeTrue();

        await client.WriteAsync("still talking"u8.ToArray());
        var heard = new byte[13];
        await server.ReadExactlyAsync(heard);
        heard.ShouldBe("still talking"u8.ToArray());
    }
}
