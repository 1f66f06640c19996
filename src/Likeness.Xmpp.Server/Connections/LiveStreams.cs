using System.Collections.Concurrent;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Every open client stream, for shutting down in order (C-227).</summary>
public sealed class LiveStreams
{
    private readonly ConcurrentDictionary<ClientStream, byte> _streams = new();

    public int Count => _streams.Count;

    internal void Add(ClientStream stream) => _streams[stream] = 0;

    internal void Remove(ClientStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>Tells every peer <c>system-shutdown</c>; the streams then end by themselves.</summary>
    public void CloseAll()
    {
        foreach (var stream in _streams.Keys)
        {
            stream.Close(new StreamErrorException("system-shutdown"));
        }
    }
}
