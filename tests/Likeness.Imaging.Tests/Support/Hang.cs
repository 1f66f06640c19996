using System.Net.Sockets;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A render that never ends, and the moment it begins.</summary>
internal sealed class Hang : IDisposable
{
    // socket(7): SOL_SOCKET and SO_PEERCRED, of which the first number is the process.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public Hang()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    public RenderRequest Request => FaultyWorker.Do("hang", _path);

    /// <summary>Ends when the worker has begun to hang: it sleeps, which tells it from one that the machine keeps from working.</summary>
    public async Task Begun()
    {
        using var worker = await _listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        var credentials = new byte[12];
        worker.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        var stat = $"/proc/{BitConverter.ToInt32(credentials)}/stat";
        SpinWait.SpinUntil(() => File.ReadAllText(stat).Split(") ")[1].StartsWith('S'), TimeSpan.FromSeconds(30)).ShouldBeTrue("The worker goes to sleep.");
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }
}
