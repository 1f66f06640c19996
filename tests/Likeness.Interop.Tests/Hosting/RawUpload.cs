using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>PUT requests of the REST interface, byte by byte: what no well-behaved client sends.</summary>
internal sealed class RawUpload : IDisposable
{
    private readonly TcpClient _connection = new();
    private readonly NetworkStream _stream;

    private RawUpload(IPEndPoint server)
    {
        _connection.Connect(server);
        _stream = _connection.GetStream();
    }

    /// <param name="length">The header that tells the body's length.</param>
    public static async Task<RawUpload> Begin(IPEndPoint server, string token, string address, string length)
    {
        var upload = new RawUpload(server);
        var head = $"PUT /api/v1/portraits/{address} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: image/png\r\n{length}\r\n\r\n";
        await upload._stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        return upload;
    }

    /// <summary>False when the server takes no more.</summary>
    public async Task<bool> TrySend(ReadOnlyMemory<byte> part)
    {
        try
        {
            await _stream.WriteAsync(part);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends pieces of 64 KiB with their lengths (RFC 9112 §7.1) until so many bytes are sent or the server takes no more.</summary>
    public async Task SendChunks(int bytes)
    {
        var piece = new byte[64 * 1024];
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8];
        for (var sent = 0; sent < bytes && await TrySend(chunk); sent += piece.Length)
        {
        }
    }

    /// <summary>The status of the answer.</summary>
    public async Task<int> Answer()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(_stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync(timeout.Token) ?? "";
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the connection wherever it is.</summary>
    public void Dispose() => _connection.Dispose();
}
