using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Likeness.Bench.Xmpp.Wire;

/// <summary>One client connection: pulled element by element during set-up, pumped into a handler during load.</summary>
sealed class XmppConnection : IDisposable
{
    readonly Socket socket;
    readonly Lock sending = new();
    SslStream? tls;
    StanzaScanner scanner;
    byte[] buffer = new byte[4096];
    int filled;
    bool closed;

    XmppConnection(Socket socket) => this.socket = socket;

    /// <summary>The number of the user who logged in.</summary>
    public int User { get; set; }

    public bool Encrypted => tls is not null;

    public static async Task<XmppConnection> Connect(EndPoint server, CancellationToken cancel)
    {
        var connecting = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connecting.ConnectAsync(server, cancel);
            return new XmppConnection(connecting);
        }
        catch
        {
            connecting.Dispose();
            throw;
        }
    }

    public async Task StartTls(string domain, CancellationToken cancel)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = domain,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            // Every login pays its own handshake, as clients that come back after a restart do.
            AllowTlsResume = false,
        };
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await stream.AuthenticateAsClientAsync(options, cancel);
        tls = stream;
        BeginStream();
    }

    /// <summary>The next element starts a new stream: forget what the old one left.</summary>
    public void BeginStream()
    {
        scanner = default;
        filled = 0;
    }

    public void Send(string stanza) => Send(Encoding.UTF8.GetBytes(stanza));

    public void Send(ReadOnlySpan<byte> stanza)
    {
        lock (sending)
        {
            if (closed)
                return;
            if (tls is not null)
                tls.Write(stanza);
            else
                socket.Send(stanza);
        }
    }

    /// <summary>The next whole element below the stream root.</summary>
    public async ValueTask<byte[]> Read(CancellationToken cancel)
    {
        while (true)
        {
            if (scanner.Next(buffer.AsSpan(0, filled), out var start, out var end))
                return buffer[start..end];
            await Fill(cancel);
        }
    }

    /// <summary>Reads on until <paramref name="wanted"/> says yes and gives that element.</summary>
    public async ValueTask<byte[]> ReadUntil(Func<byte[], bool> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var stanza = await Read(cancel);
            if (wanted(stanza))
                return stanza;
        }
    }

    /// <summary>From now on every stanza goes to <paramref name="handler"/>.</summary>
    public void Pump(IStanzaHandler handler) => _ = PumpInto(handler);

    /// <summary>Goes without a word, as a phone does that loses its network and gets a reset.</summary>
    public void Abort()
    {
        lock (sending)
        {
            closed = true;
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        lock (sending)
        {
            if (closed)
                return;
            closed = true;
        }

        try
        {
            if (tls is null)
                socket.Send("</stream:stream>"u8);
            else
                tls.Write("</stream:stream>"u8);
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException)
        {
            // Saying good-bye to somebody who has left is not worth a word.
        }

        tls?.Dispose();
        socket.Dispose();
    }

    async Task PumpInto(IStanzaHandler handler)
    {
        try
        {
            while (true)
            {
                Hand(handler);
                await Fill(CancellationToken.None);
            }
        }
        catch (Exception end)
        {
            if (!closed)
                handler.Lost(this, $"u{User}: {end.Message}");
        }
    }

    void Hand(IStanzaHandler handler)
    {
        var data = buffer.AsSpan(0, filled);
        while (scanner.Next(data, out var start, out var end))
            handler.Arrived(this, data[start..end]);
        handler.Drained(this);
    }

    async ValueTask Fill(CancellationToken cancel)
    {
        var dropped = scanner.FirstNeeded;
        if (dropped > 0)
        {
            buffer.AsSpan(dropped, filled - dropped).CopyTo(buffer);
            filled -= dropped;
            scanner.Dropped(dropped);
        }

        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var free = buffer.AsMemory(filled);
        var count = tls is null ? await socket.ReceiveAsync(free, cancel) : await tls.ReadAsync(free, cancel);
        if (count == 0)
            throw new ConnectionLostException("the server closed the connection");
        filled += count;
    }
}
