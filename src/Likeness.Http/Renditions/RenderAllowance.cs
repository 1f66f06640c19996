using System.Net;
using System.Net.Sockets;

namespace Likeness.Http.Renditions;

/// <summary>
/// How many renders one client address may cause (L-5B): a bucket that holds a minute's worth and fills steadily. An IPv6
/// client counts by its /64. Loopback is not counted: it is a proxy in front of this server, or its operator.
/// </summary>
public sealed class RenderAllowance(AvatarOptions options, TimeProvider time)
{
    private const int MaxClients = 100_000;
    private readonly GenerationCache<UInt128, Bucket> _buckets = new(MaxClients, _ => 1);

    /// <summary>Throws <see cref="TooManyRendersException"/> when the bucket is empty.</summary>
    public void Charge(IPAddress? client)
    {
        if (client is null || options.RendersPerMinute == 0 || IPAddress.IsLoopback(client))
        {
            return;
        }

        var key = KeyOf(client);
        if (!_buckets.TryGet(key, out var bucket))
        {
            bucket = new Bucket(options.RendersPerMinute, time.GetTimestamp());
            _buckets.Set(key, bucket);
        }

        if (bucket.Take(options.RendersPerMinute / 60.0, options.RendersPerMinute, time) is { } wait)
        {
            throw new TooManyRendersException(wait);
        }
    }

    private static UInt128 KeyOf(IPAddress client)
    {
        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        bytes[(address.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : length)..].Clear();
        bytes[15] = (byte)length;
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private sealed class Bucket(double tokens, long filled)
    {
        private readonly Lock _lock = new();
        private double _tokens = tokens;
        private long _filled = filled;

        /// <summary>Null: taken. Else how long until there is one.</summary>
        public TimeSpan? Take(double perSecond, double most, TimeProvider time)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(most, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
                _filled = now;
                if (_tokens < 1)
                {
                    return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
                }

                _tokens--;
                return null;
            }
        }
    }
}

/// <summary>A client caused more renders than it may.</summary>
public sealed class TooManyRendersException(TimeSpan retryAfter) : Exception("Too many avatars were rendered for this client.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
