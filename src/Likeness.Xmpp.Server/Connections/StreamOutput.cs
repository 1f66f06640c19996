using System.Buffers;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// The way out of one connection. Whoever owns it writes, one at a time and only while it <see cref="IsReady">is ready</see>: first the
/// negotiation, then the session's outbox. What is written gathers until a thread sends it with one system call: the thread that wrote
/// it at the end of its <see cref="BeginBatch">batch</see>, or one of the pool. Once too much has gathered it is not ready until the peer has read on.
/// </summary>
internal sealed class StreamOutput(Stream stream, StreamFrame frame, TimeProvider time) : IThreadPoolWorkItem
{
    private const int PausedAt = 64 * 1024;

    // One message has one addressee. A presence has many: more gathers for each of them while the pool comes to it.
    private const int SentByTheirWriter = 4;

    [ThreadStatic]
    private static List<StreamOutput>? _batch;

    [ThreadStatic]
    private static bool _isBatching;

    private readonly Lock _sync = new();
    private Stream _stream = stream;
    private PlainText? _plain;
    private PlainText? _gathered;
    private TaskCompletionSource? _sending;
    private Action? _drained;
    private long _busySince;
    private volatile TaskCompletionSource? _busy;
    private volatile bool _waitsForPeer;
    private bool _isSending;
    private volatile bool _isOver;

    /// <summary>May be written to.</summary>
    public bool IsReady => _busy is null && !_isOver;

    /// <summary>The transport takes nothing any more.</summary>
    public bool IsOver => _isOver;

    public StreamFrame Frame { get; } = frame;

    /// <summary>What is put here leaves with the next <see cref="Flush"/>.</summary>
    public IBufferWriter<byte> Buffer => _plain ??= PlainText.Take();

    /// <summary>How long something has waited for the peer; null: nothing does.</summary>
    public TimeSpan? BusyFor => _waitsForPeer ? time.GetElapsedTime(Volatile.Read(ref _busySince)) : null;

    public void Write(Element element)
    {
        Frame.Write(Buffer, element);
        Flush();
    }

    /// <summary>What was put into the buffer is one whole element; call it when another one follows before the <see cref="Flush"/>.</summary>
    public void EndElement()
    {
        if (Frame.IsDelimited)
        {
            _plain!.Delimit(Frame);
        }
    }

    /// <summary>Sends something of the connection's own between the elements, by any thread; not when much waits already.</summary>
    public void Interject(ReadOnlySpan<byte> bytes)
    {
        if (IsReady)
        {
            var plain = PlainText.Take();
            plain.Write(bytes);
            Gather(plain);
        }
    }

    // A system call, or a TLS record, for each stanza would cost more than the stanza.
    public void Flush()
    {
        if (_plain is not { } plain)
        {
            return;
        }

        EndElement();
        _plain = null;
        Gather(plain);
    }

    private void Gather(PlainText plain)
    {
        bool begins;
        lock (_sync)
        {
            if (_gathered is null)
            {
                _gathered = plain;
            }
            else
            {
                _gathered.Write(plain.Written.Span);
                plain.Return();
            }

            begins = !_isSending && !_isOver;
            _isSending |= begins;
            if (_gathered.Written.Length > PausedAt && _busy is null && !_isOver)
            {
                _busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        if (begins && _isBatching)
        {
            (_batch ??= []).Add(this);
        }
        else if (begins)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>From here to <see cref="EndBatch"/>, on this thread and without waiting in between, what is flushed is not sent yet.</summary>
    internal static void BeginBatch() => _isBatching = true;

    /// <summary>Sends what this thread has flushed since <see cref="BeginBatch"/>; a lot of it by other threads.</summary>
    /// <param name="isSentHere">However much it is, by this thread: to wake one for each costs more than the messages.</param>
    internal static void EndBatch(bool isSentHere = false)
    {
        _isBatching = false;
        if (_batch is not { Count: > 0 } batch)
        {
            return;
        }

        foreach (var output in batch)
        {
            if (isSentHere || batch.Count <= SentByTheirWriter)
            {
                _ = output.SendGathered();
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(output, preferLocal: false);
            }
        }

        batch.Clear();
    }

    /// <summary>Completes when it is ready again; false: the transport takes nothing any more.</summary>
    public async ValueTask<bool> Ready(CancellationToken cancellationToken = default)
    {
        if (_busy is { } busy)
        {
            await busy.Task.WaitAsync(cancellationToken);
        }

        return IsReady;
    }

    /// <summary>Completes when everything that was written has been handed to the transport; false: it takes nothing any more.</summary>
    public async ValueTask<bool> Sent()
    {
        Task sending;
        lock (_sync)
        {
            sending = _isSending ? (_sending ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        await sending;
        return await Ready();
    }

    /// <summary>Whom to tell, on any thread, when it is ready again or over.</summary>
    public void TellWhenDrained(Action? drained) => Volatile.Write(ref _drained, drained);

    /// <summary>What waits is being taken, if slowly.</summary>
    public void PeerTookSome() => Volatile.Write(ref _busySince, time.GetTimestamp());

    /// <summary>The stream goes on behind TLS.</summary>
    public void Upgrade(Stream tls) => _stream = tls;

    void IThreadPoolWorkItem.Execute() => _ = SendGathered();

    private void Tell(TaskCompletionSource? busy)
    {
        if (busy is not null)
        {
            busy.TrySetResult();
            Volatile.Read(ref _drained)?.Invoke();
        }
    }

    private async Task SendGathered()
    {
        PlainText? next = null;
        try
        {
            while ((next = TakeGathered()) is not null)
            {
                var writing = _stream.WriteAsync(next.Written);
                if (!writing.IsCompleted)
                {
                    PeerTookSome();
                    _waitsForPeer = true;
                }

                await writing;
                _waitsForPeer = false;
                next.Return();
                next = null;
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong in a transport ends its connection, and nothing else; the reading side notices.
        catch (Exception)
#pragma warning restore CA1031
        {
            _isOver = true;
            _waitsForPeer = false;
            next?.Return();
            while (TakeGathered() is not null)
            {
                // Nobody takes it any more.
            }
        }
    }

    private PlainText? TakeGathered()
    {
        TaskCompletionSource? sending = null;
        TaskCompletionSource? busy;
        PlainText? next;
        lock (_sync)
        {
            (next, _gathered) = (_gathered, null);
            (busy, _busy) = (_busy, null);
            if (next is null)
            {
                _isSending = false;
                (sending, _sending) = (_sending, null);
            }
        }

        sending?.TrySetResult();
        Tell(busy);
        return next;
    }

    /// <summary>What is about to be sent. Lives as long as one write, so that a quiet connection keeps none.</summary>
    private sealed class PlainText : IBufferWriter<byte>
    {
        private const int Kept = 32 * 1024;
        [ThreadStatic]
        private static PlainText? _spare;
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
        private int _length;
        private int _begun;

        public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

        public static PlainText Take()
        {
            var taken = _spare ?? new PlainText();
            _spare = null;
            return taken;
        }

        public void Delimit(StreamFrame frame)
        {
            if (_length > _begun)
            {
                Reserve(WebSocketFrame.MaxAdded);
                _begun = _length = _begun + frame.Delimit(_bytes.AsSpan(_begun), _length - _begun);
            }
        }

        public void Return()
        {
            _length = _begun = 0;
            if (_spare is null && _bytes.Length <= Kept)
            {
                _spare = this;
            }
            else
            {
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = [];
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
