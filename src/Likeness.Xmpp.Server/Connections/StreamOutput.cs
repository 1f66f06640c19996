using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// The way out of one connection. Whoever owns it writes, one at a time and only while it <see cref="IsReady">is ready</see>: first the
/// negotiation, then the session's outbox. What is written goes straight into the transport's pipe, whose own reader batches
/// what gathers while it sends; once that is full it is not ready until the peer has read on.
/// </summary>
public sealed class StreamOutput(PipeWriter pipe, StreamFrame frame, TimeProvider time)
{
    private SslStream? _tls;
    private PlainText? _plain;
    private Action? _drained;
    private long _busySince;
    private volatile TaskCompletionSource? _busy;
    private volatile bool _isOver;

    /// <summary>May be written to.</summary>
    public bool IsReady => _busy is null && !_isOver;

    /// <summary>The transport takes nothing any more.</summary>
    public bool IsOver => _isOver;

    public StreamFrame Frame { get; } = frame;

    /// <summary>What is put here leaves with the next <see cref="Flush"/>.</summary>
    public IBufferWriter<byte> Buffer => _tls is null ? pipe : _plain ??= PlainText.Take();

    /// <summary>How long something has waited for the peer; null: nothing does.</summary>
    public TimeSpan? BusyFor => _busy is null ? null : time.GetElapsedTime(Volatile.Read(ref _busySince));

    public void Write(Element element)
    {
        Frame.Write(Buffer, element);
        Flush();
    }

    public void Flush()
    {
        if (_tls is null)
        {
            var flush = pipe.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                _isOver |= flush.Result.IsCompleted;
                return;
            }

            Begin();
            _ = Finish(flush);
        }
        else if (_plain is { } plain)
        {
            _plain = null;
            var write = _tls.WriteAsync(plain.Written);
            if (write.IsCompletedSuccessfully)
            {
                write.GetAwaiter().GetResult();
                plain.Return();
                return;
            }

            Begin();
            _ = Finish(write, plain);
        }
    }

    /// <summary>Completes when what was written is on its way; false: the transport takes nothing any more.</summary>
    public async ValueTask<bool> Ready(CancellationToken cancellationToken = default)
    {
        if (_busy is { } busy)
        {
            await busy.Task.WaitAsync(cancellationToken);
        }

        return IsReady;
    }

    /// <summary>Whom to tell, on any thread, when it is ready again or over.</summary>
    public void TellWhenDrained(Action? drained) => Volatile.Write(ref _drained, drained);

    /// <summary>What waits is being taken, if slowly.</summary>
    public void PeerTookSome() => Volatile.Write(ref _busySince, time.GetTimestamp());

    /// <summary>The stream goes on behind TLS.</summary>
    public void Upgrade(SslStream tls) => _tls = tls;

    private void Begin()
    {
        Volatile.Write(ref _busySince, time.GetTimestamp());
        _busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task Finish(ValueTask<FlushResult> flush)
    {
        var isOver = true;
        try
        {
            isOver = (await flush).IsCompleted;
        }
#pragma warning disable CA1031 // Whatever goes wrong in a transport ends its connection, and nothing else; the reading side notices.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The transport is gone.
        }

        End(isOver);
    }

    private async Task Finish(ValueTask write, PlainText plain)
    {
        var isOver = true;
        try
        {
            await write;
            isOver = false;
        }
#pragma warning disable CA1031 // As above: TLS has more ways to fail than can be named.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The transport is gone.
        }

        plain.Return();
        End(isOver);
    }

    private void End(bool isOver)
    {
        _isOver |= isOver;
        var busy = _busy!;
        _busy = null;
        busy.TrySetResult();
        Volatile.Read(ref _drained)?.Invoke();
    }

    /// <summary>What is about to become TLS records. Lives as long as one write, so that a quiet connection keeps none.</summary>
    private sealed class PlainText : IBufferWriter<byte>
    {
        private const int Kept = 32 * 1024;
        [ThreadStatic]
        private static PlainText? _spare;
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
        private int _length;

        public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

        public static PlainText Take()
        {
            var taken = _spare ?? new PlainText();
            _spare = null;
            return taken;
        }

        public void Return()
        {
            _length = 0;
            if (_bytes.Length <= Kept)
            {
                _spare = this;
            }
            else
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }
        }

        public void Advance(int count) => _length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Reserve(sizeHint);
            return _bytes.AsMemory(_length);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Reserve(sizeHint);
            return _bytes.AsSpan(_length);
        }

        private void Reserve(int sizeHint)
        {
            var needed = _length + Math.Max(sizeHint, 1);
            if (needed > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
                Written.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
        }
    }
}
