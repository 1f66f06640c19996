using System.IO.Pipelines;
using System.Net;
using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Tests.Sessions.Interleaving;

/// <summary>A connection to the server in memory, fast enough for thousands, which can be cut anywhere.</summary>
internal sealed class Line
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);
    private static readonly StreamLimits Limits = new() { StanzaBytesBeforeAuthentication = 1024 * 1024 };
    private readonly Pipe _toServer = new(Options);
    private readonly Pipe _toClient = new(Options);
    private readonly SemaphoreSlim _writing = new(1);
    private XmlStreamReader _reader = new(Limits);
    private bool _isOver;

    private Line()
    {
    }

    public static Line Open(XmppConnectionHandler handler)
    {
        var line = new Line();
        var context = new DefaultConnectionContext(Guid.NewGuid().ToString())
        {
            Transport = new Ends(line._toServer.Reader, line._toClient.Writer),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 1),
        };
        _ = Serve(line, handler, context);
        return line;
    }

    public async Task Send(string text)
    {
        await _writing.WaitAsync();
        try
        {
            await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        catch (InvalidOperationException)
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
        while (!_isOver)
        {
            ReadResult read;
            try
            {
                using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                read = await _toClient.Reader.ReadAsync(timeout.Token);
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
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
        return null;
    }

    /// <summary>The server gets part of these bytes, then nothing more; of what it has written part is still read.</summary>
    public async Task<List<Element>> Cut(Random random, string last)
    {
        var bytes = Encoding.UTF8.GetBytes(last);
        await _writing.WaitAsync();
        await _toServer.Writer.WriteAsync(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
        await _toServer.Writer.CompleteAsync(new IOException("cut"));
        var got = new List<Element>();
        while (random.Next(4) > 0 && _toClient.Reader.TryRead(out var read) && Take(read).Element is { } element)
        {
            got.Add(element);
        }

        _isOver = true;
        await _toClient.Reader.CompleteAsync();
        return got;
    }

    private (Element? Element, StreamEventKind Kind) Take(ReadResult read)
    {
        var next = _reader.Read(read.Buffer, out var consumed, out var examined);
        _toClient.Reader.AdvanceTo(consumed, examined);
        if (next.Element?.Is("success", Ns.Sasl) == true)
        {
            _reader = new XmlStreamReader(Limits);
        }

        return (next.Element, next.Kind);
    }

    private static async Task Serve(Line line, XmppConnectionHandler handler, DefaultConnectionContext context)
    {
        context.ConnectionClosed.Register(() => line._toServer.Writer.Complete(new ConnectionAbortedException()));
        await handler.OnConnectedAsync(context);
        await line._toServer.Reader.CompleteAsync();
        await line._toClient.Writer.CompleteAsync();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
