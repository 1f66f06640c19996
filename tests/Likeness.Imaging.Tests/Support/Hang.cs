using System.Net.Sockets;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A render that never ends, and the moment it begins.</summary>
internal sealed class Hang : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public Hang()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    public RenderRequest Request => FaultyWorker.Do("hang", _path);

    public async Task Begun() => (await _listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Dispose();

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }
}
