using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>A socket as the stream that parser and TLS read and write. What can be sent at once is sent on the caller's thread.</summary>
internal sealed class TcpStream : Stream, IPolled, IValueTaskSource<int>, IThreadPoolWorkItem
{
    // What the poller has said and nobody has acted on; or that a read waits for it.
    private const int Quiet = 0;
    private const int Readable = 1;
    private const int Waited = 2;
    private const int Closed = 3;

    // So many reads in a row that had something to read, and then it is somebody else's turn.
    private const int AtOnce = 32;

    private readonly Socket _socket;
    private readonly int _place;
    private ReadOnlyMemory<byte> _ahead;
    private ManualResetValueTaskSourceCore<int> _waiting;
    private Memory<byte> _wanted;
    private int _state;
    private int _inARow;
    private bool _isReading;
    private bool _isTold;
    private bool _isDrained = true;
    private volatile bool _hasEnded;

    public TcpStream(Socket socket)
    {
        _socket = socket;
        socket.Blocking = false;
        _place = SocketPoller.Shared?.Watch(socket, this) ?? -1;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A read waits, as far as is known: of the last one that had to wait it is not said that it has ended.</summary>
    public bool IsReading => _place < 0 ? _isReading : Volatile.Read(ref _state) == Waited;

    /// <summary>What was read too far: it is read again, before anything else.</summary>
    public void PutBack(ReadOnlyMemory<byte> bytes) => _ahead = bytes;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ahead.IsEmpty)
        {
            var read = cancellationToken.CanBeCanceled ? ReadOrClose(buffer, cancellationToken) : Receive(buffer);
            _isReading = !read.IsCompleted;
            return read;
        }

        var taken = Math.Min(buffer.Length, _ahead.Length);
        _ahead[..taken].CopyTo(buffer);
        _ahead = _ahead[taken..];
        return new(taken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var sent = _socket.Send(buffer.Span, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success when sent == buffer.Length => default,
            SocketError.Success or SocketError.WouldBlock => SendRest(buffer[sent..], cancellationToken),
            _ => ValueTask.FromException(new IOException("The connection is gone.", new SocketException((int)error))),
        };
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writes are asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>A read that waits ends; the socket is closed by its owner.</summary>
    public override void Close()
    {
        if (_place < 0)
        {
            return;
        }

        var before = Interlocked.Exchange(ref _state, Closed);
        if (before != Closed)
        {
            SocketPoller.Shared!.Remove(_place);
        }

        if (before == Waited)
        {
            // Not on this thread, which may hold locks.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => Go();

    void IPolled.BecameReadable(bool hasEnded)
    {
        _hasEnded |= hasEnded;
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Waited when Interlocked.CompareExchange(ref _state, Quiet, Waited) == Waited:
                    (_isTold, _isDrained) = (true, false);
                    Go();
                    return;
                case Quiet when Interlocked.CompareExchange(ref _state, Readable, Quiet) == Quiet:
                case Readable or Closed:
                    return;
            }
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);

    private void Abort()
    {
        Close();
        _socket.Close(timeout: 0);
    }

    private ValueTask<int> Receive(Memory<byte> buffer)
    {
        if (_place < 0)
        {
            return _socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);
        }

        _waiting.Reset();
        _wanted = buffer;
        if (++_inARow > AtOnce)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return new(this, _waiting.Version);
        }

        try
        {
            while (!_isDrained || !Waits())
            {
                if (TryReceive(buffer.Span, out var count))
                {
                    _wanted = default;
                    return new(count);
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return ValueTask.FromException<int>(gone);
        }

        return new(this, _waiting.Version);
    }

    // The read waits, or (false) there is something.
    private bool Waits()
    {
        var before = Interlocked.CompareExchange(ref _state, Waited, Quiet);
        if (before == Readable)
        {
            before = Interlocked.CompareExchange(ref _state, Quiet, Readable);
            (_isTold, _isDrained) = (true, false);
        }

        ObjectDisposedException.ThrowIf(before == Closed, this);
        return before == Quiet;
    }

    // The read that waited, for the poller or for its turn, goes on.
    private void Go()
    {
        _inARow = 0;
        try
        {
            while (!_isDrained || !Waits())
            {
                if (TryReceive(_wanted.Span, out var count))
                {
                    _wanted = default;
                    _waiting.SetResult(count);
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            _wanted = default;
            _waiting.SetException(gone);
        }
    }

    // An empty read takes nothing and says whether there is something. A stream that gives less than was asked for is drained (epoll(7)), and the poller says when it is not.
    private bool TryReceive(Span<byte> buffer, out int count)
    {
        if (buffer.IsEmpty)
        {
            count = 0;
            _isDrained = !_isTold && !_hasEnded && _socket.Available == 0;
            return !_isDrained;
        }

        _isTold = false;
        count = _socket.Receive(buffer, SocketFlags.None, out var error);
        _isDrained = error is SocketError.WouldBlock || (count < buffer.Length && count > 0 && !_hasEnded);
        return error switch
        {
            SocketError.Success => true,
            SocketError.WouldBlock => false,
            _ => throw new SocketException((int)error),
        };
    }

    // A socket holds the last token that it was given, and through it whatever that is linked to, for as long as it lives: a half of a kilobyte for each quiet session.
    private async ValueTask<int> ReadOrClose(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var closing = cancellationToken.UnsafeRegister(static stream => ((TcpStream)stream!).Abort(), this);
        try
        {
            return await Receive(buffer);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(closed.Message, closed, cancellationToken);
        }
    }

    private async ValueTask SendRest(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        while (!rest.IsEmpty)
        {
            rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
        }
    }
}
