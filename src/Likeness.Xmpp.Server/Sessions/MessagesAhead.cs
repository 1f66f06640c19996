
namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// Messages of one session that wait for the disk while the next ones begin. Each is handled to its end before anything is seen of the one behind
/// it (RFC 6120 §10.1). Used by the session's reader alone, and only as long as something waits.
/// </summary>
internal sealed class MessagesAhead(Session session)
{
    /// <summary>Messages of one session that may wait at once.</summary>
    public const int Max = 100;

    /// <summary>Bytes of those, the last one apart.</summary>
    public const int MaxBytes = 64 * 1024;

    private int _count;
    private long _bytes;

    /// <summary>Completes, without ever failing, when the last of them is handled to its end.</summary>
    public Task Last { get; private set; } = Task.CompletedTask;

    public bool IsOver => Last.IsCompleted;

    public bool HasRoom => _count < Max && _bytes < MaxBytes;

    public void Add(ValueTask handling, int bytes)
    {
        _count++;
        _bytes += bytes;
        Last = Settle(handling);
    }

    // The stream, which reads on, learns of what would have ended it.
    private async Task Settle(ValueTask handling)
    {
        try
        {
            await handling;
        }
        catch (StreamErrorException reason)
        {
            session.Connection?.Close(reason);
        }
#pragma warning disable CA1031 // It is the end of this stream, whatever it is.
        catch (Exception)
#pragma warning restore CA1031
        {
            session.Connection?.Close(new StreamErrorException("internal-server-error"));
        }
    }
}
