using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>One frame as it came.</summary>
internal sealed record RawFrame(int Kind, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>Of a close.</summary>
    public int Status => BinaryPrimitives.ReadUInt16BigEndian(Payload);
}

/// <summary>A WebSocket written byte by byte (RFC 6455 §5), for what no library would send.</summary>
internal sealed class RawWebSocket(Socket socket, NetworkStream stream) : IAsyncDisposable
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;
    public static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static async Task<RawWebSocket> Connect(TestServer server)
    {
        var (raw, answer) = await Handshake(server, "Sec-WebSocket-Protocol: xmpp\r\n");
        answer.ShouldStartWith("HTTP/1.1 101 ");
        // RFC 6455 §1.3 has this pair.
        answer.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return raw;
    }

    /// <summary>Asks for the upgrade; returns the head of the answer.</summary>
    public static async Task<(RawWebSocket Socket, string Answer)> Handshake(TestServer server, string more, string key = "dGhlIHNhbXBsZSBub25jZQ==", string version = "13", string upgrade = "websocket")
    {
        var socket = new Socket(server.Web.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Web);
        var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /xmpp-websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: {upgrade}\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n{more}\r\n"));
        var answer = new StringBuilder();
        var one = new byte[1];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
        {
            answer.Append((char)one[0]);
        }

        return (new RawWebSocket(socket, stream), answer.ToString());
    }

    /// <summary>A frame as a client sends it.</summary>
    public static byte[] Frame(int kind, ReadOnlySpan<byte> payload, bool isLast = true)
    {
        var frame = new List<byte> { (byte)((isLast ? 0x80 : 0) | kind) };
        switch (payload.Length)
        {
            case < 126:
                frame.Add((byte)(0x80 | payload.Length));
                break;
            case <= ushort.MaxValue:
                frame.AddRange([0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length]);
                break;
            default:
                frame.AddRange([0x80 | 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length]);
                break;
        }

        frame.AddRange(Mask);
        for (var at = 0; at < payload.Length; at++)
        {
            frame.Add((byte)(payload[at] ^ Mask[at % 4]));
        }

        return [.. frame];
    }

    public static byte[] Frame(string text) => Frame(Text, Encoding.UTF8.GetBytes(text));

    public ValueTask Send(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    public void EndOfSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next frame; null: the connection is over.</summary>
    public async Task<RawFrame?> Receive()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var head = new byte[2];
        if (await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, limit.Token) < 2)
        {
            return null;
        }

        (head[0] & 0xF0).ShouldBe(0x80, "the server sends whole messages");
        (head[1] & 0x80).ShouldBe(0, "the server masks nothing");
        long length = head[1];
        var more = new byte[length switch { 126 => 2, 127 => 8, _ => 0 }];
        await stream.ReadExactlyAsync(more, limit.Token);
        length = more.Aggregate(more.Length > 0 ? 0L : length, (sum, one) => (sum << 8) | one);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, limit.Token);
        return new RawFrame(head[0] & 0x0F, payload);
    }

    /// <summary>All that still comes, in order; a close is answered.</summary>
    public async Task<List<RawFrame>> ReceiveToEnd()
    {
        List<RawFrame> all = [];
        while (await Receive() is { } frame)
        {
            all.Add(frame);
            if (frame.Kind == Close)
            {
                await Send(Frame(Close, frame.Payload));
            }
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        socket.Dispose();
    }
}
