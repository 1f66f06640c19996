using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Likeness.Limits;

/// <summary>
/// Whom limits per client count: an IPv4 address, or the /64 of an IPv6 address, because one subscriber has all of it. An IPv4
/// address that comes as ::ffff:a.b.c.d is the same client. A peer without an address, such as a Unix socket, is the default value.
/// </summary>
public readonly record struct ClientKey
{
    private const int NetworkBytes = 8;
    private readonly UInt128 _network;

    private ClientKey(UInt128 network) => _network = network;

    public static ClientKey Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
            {
                bytes[NetworkBytes..].Clear();
            }
        }

        return new ClientKey(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>For a log: the address, or the network with <c>/64</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _network);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : $"{address}/64";
    }
}
