using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// The way in of one connection, used as a <see cref="PipeReader"/> is. It holds a buffer only while there is something in it: it waits
/// with an empty read, and takes a buffer when bytes have come. One reader; anybody may <see cref="CancelPendingRead"/>.
/// </summary>
internal sealed class StreamInput(Stream stream) : IValueTaskSource<ReadResult>, IThreadPoolWorkItem
{
    private const int FirstSize = 4096;

    // What the reader waits with, completed by whoever takes the waiting flag: the read that ends or the one who cancels.
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private int _isWaiting;
    private ValueTask<int> _read;
    private Action? _readEnded;
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _examined;
    private volatile bool _isCanceled;
    private volatile bool _hasReadEnded;
    private bool _isReading;
    private bool _isReadable;
    private bool _isOver;

    /// <summary>Completes when there is more than was examined, when the stream has ended, or when it is canceled.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask<ReadResult> ReadAsync()
    {
        if (_isCanceled)
        {
            return new(Canceled());
        }

        try
        {
            if (_isOver || _end > _examined || (!_isReading && Receive()))
            {
                return new(Result());
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return ValueTask.FromException<ReadResult>(Gone(gone));
        }

        _waiter.Reset();
        var waiting = new ValueTask<ReadResult>(this, _waiter.Version);
        Interlocked.Exchange(ref _isWaiting, 1);
        if (!_isReading)
        {
            Hook();
        }
        else if (_hasReadEnded && StopsWaiting())
        {
            // It ended while nobody waited, after a canceled read.
            Go();
        }

        if (_isCanceled && StopsWaiting())
        {
            _waiter.SetResult(Canceled());
        }

        return waiting;
    }

    /// <inheritdoc cref="PipeReader.AdvanceTo(SequencePosition, SequencePosition)"/>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var buffer = new ReadOnlySequence<byte>(_bytes, _start, _end - _start);
        _examined = _end - (int)buffer.Slice(examined).Length;
        _start = _end - (int)buffer.Slice(consumed).Length;
        if (_start == _end && !_isReading)
        {
            GiveBack();
        }
    }

    public void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <summary>Takes and drops what still comes, up to the end. Were it left unread, the system would reset the connection and our last words be lost.</summary>
    public async Task DropUntil(Func<ReadOnlySequence<byte>, bool> isEnd)
    {
        try
        {
            while (true)
            {
                var read = await ReadAsync();
                var isLast = read.IsCompleted || isEnd(read.Buffer);
                AdvanceTo(read.Buffer.End);
                if (isLast)
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException)
        {
            // Closed is closed.
        }
    }

    /// <summary>The read that waits, or the next one, completes as canceled; the bytes that come meanwhile are not lost.</summary>
    public void CancelPendingRead()
    {
        _isCanceled = true;
        if (StopsWaiting())
        {
            // Not on this thread, which may hold locks.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _waiter.SetResult(Canceled());

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private static bool IsGone(Exception exception) => exception is SocketException or ObjectDisposedException;

    private static IOException Gone(Exception exception) => new(exception.Message, exception);

    private bool StopsWaiting() => Interlocked.Exchange(ref _isWaiting, 0) == 1;

    private ReadResult Result(bool isCanceled = false) => new(new ReadOnlySequence<byte>(_bytes, _start, _end - _start), isCanceled, _isOver);

    private ReadResult Canceled()
    {
        _isCanceled = false;
        return Result(isCanceled: true);
    }

    private void Hook()
    {
        _isReading = true;
        _read.GetAwaiter().UnsafeOnCompleted(_readEnded ??= ReadEnded);
    }

    private void ReadEnded()
    {
        _hasReadEnded = true;
        if (StopsWaiting())
        {
            Go();
        }
    }

    // The read has ended and its reader waits.
    private void Go()
    {
        try
        {
            _hasReadEnded = _isReading = false;
            if (!Take(_read.GetAwaiter().GetResult()) && !Receive())
            {
                Interlocked.Exchange(ref _isWaiting, 1);
                Hook();
                if (_isCanceled && StopsWaiting())
                {
                    _waiter.SetResult(Canceled());
                }

                return;
            }
        }
#pragma warning disable CA1031 // It is the reader's to handle.
        catch (Exception gone)
#pragma warning restore CA1031
        {
            _waiter.SetException(IsGone(gone) ? Gone(gone) : gone);
            return;
        }

        _waiter.SetResult(Result());
    }

    // Reads on until there are bytes, or the end (true), or a read has to wait (false).
    private bool Receive()
    {
        while (true)
        {
            var read = stream.ReadAsync(_isReadable ? Free() : Memory<byte>.Empty);
            if (!read.IsCompleted)
            {
                _read = read;
                return false;
            }

            if (Take(read.GetAwaiter().GetResult()))
            {
                return true;
            }
        }
    }

    // The empty read says that there is something, the next one takes it.
    private bool Take(int count)
    {
        if (!_isReadable)
        {
            _isReadable = true;
            return false;
        }

        _isReadable = false;
        _isOver = count == 0;
        _end += count;
        if (_isOver && _start == _end)
        {
            GiveBack();
        }

        return true;
    }

    private Memory<byte> Free()
    {
        if (_end == _bytes.Length)
        {
            var kept = _end - _start;
            var roomy = kept <= _bytes.Length / 2 && kept < _end ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, _bytes.Length * 2));
            _bytes.AsSpan(_start, kept).CopyTo(roomy);
            if (roomy != _bytes)
            {
                ReturnBytes();
                _bytes = roomy;
            }

            (_start, _end, _examined) = (0, kept, _examined - _start);
        }

        return _bytes.AsMemory(_end);
    }

    private void GiveBack()
    {
        ReturnBytes();
        _bytes = [];
        _start = _end = _examined = 0;
    }

    private void ReturnBytes()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
