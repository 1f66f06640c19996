using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Likeness.Http.FastPath;

/// <summary>One connection while it asks for nothing but avatars.</summary>
internal sealed class FastConnection(AvatarEndpoint endpoint, HttpClock clock, FastPathLimits limits, ConnectionContext connection)
{
    // Answers of pipelined requests are gathered up to here, then sent.
    private const int MostUnsent = 64 * 1024;

    private readonly PipeReader _input = connection.Transport.Input;
    private readonly PipeWriter _output = connection.Transport.Output;
    private readonly Patience _patience = new(connection);
    private byte[]? _scratch;
    private int _unsent;

    /// <summary>True: an unfamiliar request waits, untouched, for the web server. False: the connection has ended.</summary>
    public async Task<bool> Run()
    {
        _patience.Start(limits.IdleSeconds);
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using var registration = stopping.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), _input);
        try
        {
            while (true)
            {
                if (await Round() is { } unfamiliar)
                {
                    return unfamiliar;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            return false;
        }
        finally
        {
            _patience.End();
        }
    }

    /// <summary>Answers what has arrived. Null: more may come.</summary>
    private async ValueTask<bool?> Round()
    {
        var read = await _input.ReadAsync();
        var buffer = read.Buffer;
        var arrived = buffer.Length;
        var kind = FastRequestKind.Incomplete;

        // A server that stops leaves what has arrived to the web server, which answers and closes.
        while (!read.IsCanceled)
        {
            kind = AnswerKnown(ref buffer, out var missed);
            if (!await Send())
            {
                return false;
            }

            if (missed is not null && await Prepare(missed) is { } answer)
            {
                Read(buffer, out var request);
                Write(request, answer);
                buffer = buffer.Slice(request.Length);
            }
            else if (kind != FastRequestKind.Avatar || missed is not null)
            {
                break;
            }
        }

        var isOver = read.IsCanceled || read.IsCompleted;
        if (isOver || kind != FastRequestKind.Incomplete)
        {
            var isWaiting = !buffer.IsEmpty;
            _input.AdvanceTo(buffer.Start);
            return isWaiting;
        }

        _patience.Wait(buffer.IsEmpty ? limits.IdleSeconds : limits.HeadSeconds, restart: buffer.IsEmpty || buffer.Length < arrived);
        _input.AdvanceTo(buffer.Start, buffer.End);
        return null;
    }

    /// <summary>Writes every answer that is prepared; stops where one has to be made (<paramref name="missed"/>) or enough is unsent.</summary>
    private FastRequestKind AnswerKnown(ref ReadOnlySequence<byte> buffer, out byte[]? missed)
    {
        missed = null;
        while (_unsent < MostUnsent)
        {
            var kind = Read(buffer, out var request);
            if (kind != FastRequestKind.Avatar)
            {
                return kind;
            }

            if (!endpoint.TryRecall(request.Target, out var answer))
            {
                missed = request.Target.ToArray();
                return kind;
            }

            Write(request, answer);
            buffer = buffer.Slice(request.Length);
        }

        return FastRequestKind.Avatar;
    }

    private FastRequestKind Read(in ReadOnlySequence<byte> buffer, out FastRequest request)
    {
        var kind = FastRequest.Read(buffer.FirstSpan, out request);
        if (kind != FastRequestKind.Incomplete || buffer.IsSingleSegment)
        {
            return kind;
        }

        var head = buffer.Slice(0, Math.Min(buffer.Length, FastRequest.LongestHead));
        _scratch ??= new byte[FastRequest.LongestHead];
        head.CopyTo(_scratch);
        return FastRequest.Read(_scratch.AsSpan(0, (int)head.Length), out request);
    }

    private void Write(in FastRequest request, AvatarAnswer answer)
    {
        var notModified = (request.HasIfNoneMatch || !request.IfModifiedSince.IsEmpty)
            && Preconditions.NotModified(answer, request.HasIfNoneMatch, request.IfNoneMatch, request.IfModifiedSince);
        _unsent += answer.WriteTo(_output, clock.Date, withBody: !request.IsHead, notModified);
    }

    /// <summary>Null: it failed, and the web server shall fail in its own way.</summary>
    private async ValueTask<AvatarAnswer?> Prepare(byte[] target)
    {
        try
        {
            return await endpoint.Prepare(target, connection.ConnectionClosed);
        }
#pragma warning disable CA1031 // The web server meets the same error, logs it and answers 500.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>False: nobody reads any more.</summary>
    private async ValueTask<bool> Send()
    {
        if (_unsent == 0)
        {
            return true;
        }

        _unsent = 0;
        var sending = _output.FlushAsync();
        if (!sending.IsCompleted)
        {
            _patience.Wait(limits.SendSeconds, restart: true);
        }

        return !(await sending).IsCompleted;
    }
}
