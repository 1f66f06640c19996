using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Likeness.Libravatar.Resolving;

/// <summary>DNS over UDP, over TCP when the answer is truncated (RFC 1035 §4.2, RFC 7766). Every question has its own socket, so its own random port, and the kernel drops what others send (RFC 5452).</summary>
internal sealed class SocketExchange(IPEndPoint server, bool mixCase) : IDnsExchange
{
    private const int LargestDatagram = 4096;
    private const int MaxStrayAnswers = 64;

    public async Task<DnsMessage> Ask(DnsQuestion question, CancellationToken cancellationToken)
    {
        var answer = await Ask(question, withExtension: true, cancellationToken);

        // Servers from before RFC 6891 stumble over the extension.
        return answer.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented
            ? await Ask(question, withExtension: false, cancellationToken)
            : answer;
    }

    private async Task<DnsMessage> Ask(DnsQuestion question, bool withExtension, CancellationToken cancellationToken)
    {
        var asked = mixCase ? DnsMatch.MixCase(question) : question;
        var id = DnsMatch.NextId();
        var query = DnsQuery.Write(asked, id, withExtension) ?? throw new DnsFormatException("This is no name.");
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(query, cancellationToken);
        var buffer = new byte[LargestDatagram];
        for (var strays = 0; strays < MaxStrayAnswers; strays++)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            if (DnsMessage.Read(buffer.AsSpan(0, length)) is { } answer && DnsMatch.Belongs(answer, asked, id, mixCase))
            {
                return answer.IsTruncated ? await AskByStream(asked, withExtension, cancellationToken) : answer;
            }
        }

        throw new DnsFormatException("Somebody sends answers to other questions.");
    }

    private async Task<DnsMessage> AskByStream(DnsQuestion asked, bool withExtension, CancellationToken cancellationToken)
    {
        var id = DnsMatch.NextId();
        var query = DnsQuery.Write(asked, id, withExtension)!;
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var message = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)query.Length);
        query.CopyTo(message, 2);
        await stream.WriteAsync(message, cancellationToken);

        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, cancellationToken);
        var buffer = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(buffer, cancellationToken);
        return DnsMessage.Read(buffer) is { IsTruncated: false } answer && DnsMatch.Belongs(answer, asked, id, mixCase)
            ? answer
            : throw new DnsFormatException("The answer is not one to the question.");
    }
}
