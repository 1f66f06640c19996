using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Sessions.Interleaving;

/// <summary>A connection to the server that can be cut anywhere.</summary>
#pragma warning disable CA1001 // To be cut is its way to end; the semaphore has no handle.
internal sealed class Line
#pragma warning restore CA1001
{
    private static readonly StreamLimits Limits = new() { StanzaBytesBeforeAuthentication = 1024 * 1024 };
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
    private readonly SemaphoreSlim _writing = new(1);
    private PipeReader _input = null!;
    private XmlStreamReader _reader = new(Limits);
    private bool _isOver;

    private Line()
    {
    }

    public static async Task<Line> Open(IPEndPoint server)
    {
        var line = new Line();
        await line._socket.ConnectAsync(server);
        line._input = PipeReader.Create(new NetworkStream(line._socket, ownsSocket: true));
        return line;
    }

    public async Task Send(string text)
    {
        await _writing.WaitAsync();
        try
        {
            await SendAll(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The line was cut.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The next element; null when the stream is over.</summary>
    public async Task<Element?> Receive()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!_isOver)
        {
            ReadResult read;
            try
            {
                read = await _input.ReadAsync(timeout.Token);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                break;
            }

            var (element, kind) = Take(read);
            if (element is not null)
            {
                return element;
            }

            _isOver = kind == StreamEventKind.StreamClosed || (read.IsCompleted && kind == StreamEventKind.NeedMoreData);
        }

        _isOver = true;
        await _input.CompleteAsync();
        return null;
    }

    /// <summary>The server gets part of these bytes, then a reset; of what it has written part is still read.</summary>
    public async Task<List<Element>> Cut(Random random, string last)
    {
        var bytes = Encoding.UTF8.GetBytes(last);
        await _writing.WaitAsync();
        var got = new List<Element>();
        try
        {
            await SendAll(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
            while (!_isOver && random.Next(4) > 0 && _socket.Available > 0 && Take(await _input.ReadAsync()).Element is { } element)
            {
                got.Add(element);
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            // The server was faster.
        }

        _isOver = true;
        _socket.Dispose();
        return got;
    }

    private async Task SendAll(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    private (Element? Element, StreamEventKind Kind) Take(ReadResult read)
    {
        var next = _reader.Read(read.Buffer, out var consumed, out var examined);
        _input.AdvanceTo(consumed, examined);
        if (next.Element?.Is("success", Ns.Sasl) == true)
        {
            _reader = new XmlStreamReader(Limits);
        }

        return (next.Element, next.Kind);
    }
}
