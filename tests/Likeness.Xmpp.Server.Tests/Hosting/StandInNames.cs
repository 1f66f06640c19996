using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>A resolver on loopback that knows what a test tells it, and nothing else.</summary>
internal sealed class StandInNames : IAsyncDisposable
{
    private const ushort Address = 1;
    private const ushort LongAddress = 28;
    private const ushort Service = 33;
    private readonly Dictionary<(string Name, ushort Type), List<byte[]>> _records = [];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public StandInNames()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _serving = Serve();
    }

    public string EndPoint => _socket.LocalEndPoint!.ToString()!;

    /// <summary>Where a name is; before anybody asks.</summary>
    public void Add(string name, params IPAddress[] addresses)
    {
        foreach (var address in addresses)
        {
            Add(name, address.AddressFamily == AddressFamily.InterNetwork ? Address : LongAddress, address.GetAddressBytes());
        }
    }

    /// <summary>A server of a domain; before anybody asks.</summary>
    public void AddServer(string service, ushort priority, string host, int port)
    {
        var record = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(record, priority);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(4), (ushort)port);
        Add(service, Service, [.. record, .. host.Split('.').SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0]);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _socket.Dispose();
        _end.Dispose();
    }

    private void Add(string name, ushort type, byte[] data)
    {
        var known = _records.GetValueOrDefault((name, type)) ?? (_records[(name, type)] = []);
        known.Add(data);
    }

    private async Task Serve()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var asked = await _socket.ReceiveFromAsync(buffer, _socket.LocalEndPoint!, _end.Token);
                await _socket.SendToAsync(Answer(buffer.AsSpan(0, asked.ReceivedBytes)), asked.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query)
    {
        var labels = new List<string>();
        var at = 12;
        for (; query[at] != 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]);
        var records = _records.GetValueOrDefault((string.Join('.', labels).ToLowerInvariant(), type)) ?? [];
        var answer = new List<byte>([query[0], query[1], 0x85, 0x80, 0, 1, 0, (byte)records.Count, 0, 0, 0, 0, .. query[12..(at + 5)]]);
        foreach (var data in records)
        {
            answer.AddRange([0xC0, 0x0C, 0, (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data]);
        }

        return [.. answer];
    }
}
