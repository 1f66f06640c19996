using System.Net.Sockets;
using System.Text;

namespace Likeness.Interop.Tests.Federation;

/// <summary>Makes an account in-band (XEP-0077), as a client that has none does.</summary>
internal static class Registration
{
    public static async Task<NetworkStream> Register(string host, int port, string domain, string name, string password)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host, port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await Write(stream, $"<?xml version='1.0'?><stream:stream to='{domain}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>");
        await Until(stream, "</stream:features>");
        await Write(stream, $"<iq type='set' id='r' to='{domain}'><query xmlns='jabber:iq:register'><username>{name}</username><password>{password}</password></query></iq>");
        (await Until(stream, "id='r'")).ShouldContain("type='result'");
        return stream;
    }

    private static ValueTask Write(NetworkStream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<string> Until(NetworkStream stream, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, late.Token);
            count.ShouldBeGreaterThan(0, text.ToString());
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
