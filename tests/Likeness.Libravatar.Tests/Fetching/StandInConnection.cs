using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Likeness.Libravatar.Tests.Fetching;

/// <summary>The server's end of one connection.</summary>
internal sealed class StandInConnection(Stream stream, ConcurrentQueue<string> requests, CancellationToken end)
{
    private Stream _stream = stream;

    /// <summary>Cancelled when the test is over.</summary>
    public CancellationToken End => end;

    /// <summary>The next request's header, null when the client has closed.</summary>
    public async Task<string?> ReadRequest()
    {
        var text = new StringBuilder();
        var next = new byte[1];
        while (await _stream.ReadAsync(next, end) == 1)
        {
            text.Append((char)next[0]);
            if (text.Length >= 4 && text.ToString(text.Length - 4, 4) == "\r\n\r\n")
            {
                requests.Enqueue(text.ToString());
                return text.ToString();
            }
        }

        return null;
    }

    /// <summary>What comes until this text, it included.</summary>
    public async Task<string> ReadUntil(string text)
    {
        var read = new StringBuilder();
        var next = new byte[1];
        while (!read.ToString().EndsWith(text, StringComparison.Ordinal) && await _stream.ReadAsync(next, end) == 1)
        {
            read.Append((char)next[0]);
        }

        return read.ToString();
    }

    /// <summary>From here on everything is encrypted.</summary>
    public async Task StartTls(X509Certificate2 certificate)
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
        _stream = tls;
    }

    public async Task<byte[]> ReadBody(int length)
    {
        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, end);
        return body;
    }

    public Task Send(string text) => Send(Answers.Latin1(text));

    public async Task Send(byte[] bytes)
    {
        await _stream.WriteAsync(bytes, end);
        await _stream.FlushAsync(end);
    }

    /// <summary>Says nothing more until the test is over.</summary>
    public Task Hang() => new TaskCompletionSource().Task.WaitAsync(end);
}
