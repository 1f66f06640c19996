using System.IO.Pipelines;
using System.Text;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// The way out of one stream. Anybody may write at any time; stanzas go straight into the transport's pipe, whose own
/// reader batches what gathers while it sends. A peer that reads too slowly is cut off, never waited for (C-2B).
/// </summary>
public sealed class StreamOutput(PipeWriter pipe, long maxUnsentBytes, Action abort)
{
    private readonly Lock _gate = new();
    private PipeWriter _pipe = pipe;
    private TaskCompletionSource? _paused;
    private bool _closed;

    public bool IsClosed => _closed;

    public void Write(Element element)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                ElementWriter.Write(_pipe, element, Ns.Client);
                Flush();
            }
        }
    }

    public void Write(PreparedStanza stanza, ReadOnlySpan<byte> addressee)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                stanza.WriteTo(_pipe, addressee);
                Flush();
            }
        }
    }

    /// <summary>The result of an iq around a payload that is serialised already.</summary>
    /// <param name="addressee">Attribute text, UTF-8, escaped.</param>
    public void WriteResult(Element iq, ReadOnlySpan<byte> addressee, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                ResultWriter.Write(_pipe, iq, addressee, payload);
                Flush();
            }
        }
    }

    /// <summary>Text that is no element by itself: the stream's opening and closing tags.</summary>
    public void WriteRaw(string text)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                Encoding.UTF8.GetBytes(text, _pipe);
                Flush();
            }
        }
    }

    /// <summary>Completes when the peer has read what was piling up: whoever asks much must take the answers before the next question is heard.</summary>
    public ValueTask Writable()
    {
        lock (_gate)
        {
            return _paused is null || _closed ? default : new(_paused.Task);
        }
    }

    /// <summary>Lets go whoever waits in <see cref="Writable"/>: the stream ends.</summary>
    public void StopWaiting()
    {
        lock (_gate)
        {
            _paused?.TrySetResult();
        }
    }

    /// <summary>The stream goes on over another pipe: TLS was put between.</summary>
    public void Upgrade(PipeWriter secured)
    {
        lock (_gate)
        {
            _pipe = secured;
        }
    }

    /// <summary>Nothing is written any more; what is written already still goes out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private void Flush()
    {
        if (_paused is not null)
        {
            if (_pipe.CanGetUnflushedBytes && _pipe.UnflushedBytes > maxUnsentBytes)
            {
                _closed = true;
                abort();
            }

            return;
        }

        var flush = _pipe.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            _closed |= flush.Result.IsCompleted;
            return;
        }

        _paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ResumeAfter(flush);
    }

    private async Task ResumeAfter(ValueTask<FlushResult> flush)
    {
        try
        {
            var result = await flush;
            lock (_gate)
            {
                _closed |= result.IsCompleted;
                StopWaiting();
                _paused = null;
                if (!result.IsCompleted)
                {
                    Flush();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            Close();
            StopWaiting();
        }
    }
}
