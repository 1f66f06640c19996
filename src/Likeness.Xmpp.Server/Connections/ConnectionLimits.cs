using System.Net;
using Likeness.Limits;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// How many connections there may be, in all and from one client (an IPv4 address, an IPv6 /64). Asked before anything else is
/// done for a connection; who is over the limit is cut off. The machine itself is no client: what comes from it is a proxy or the operator.
/// </summary>
internal sealed class ConnectionLimits(XmppServerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _perClient = [];
    private int _all;

    public int Count => Volatile.Read(ref _all);

    /// <summary>False: one too many. True: <see cref="Leave"/> when the connection ends.</summary>
    public bool TryEnter(IPAddress? address)
    {
        lock (_gate)
        {
            if (_all >= options.MaxConnections)
            {
                return false;
            }

            if (!options.IsOwnMachine(address))
            {
                var client = ClientKey.Of(address);
                var count = _perClient.GetValueOrDefault(client);
                if (count >= options.MaxConnectionsPerClient)
                {
                    return false;
                }

                _perClient[client] = count + 1;
            }

            _all++;
            return true;
        }
    }

    public void Leave(IPAddress? address)
    {
        lock (_gate)
        {
            _all--;
            if (options.IsOwnMachine(address))
            {
                return;
            }

            var client = ClientKey.Of(address);
            if (--_perClient[client] == 0)
            {
                _perClient.Remove(client);
            }
        }
    }
}

/// <summary>
/// How fast one connection may send (a token bucket each for stanzas and bytes, kept as the moment at which it is full again). Whoever is faster is
/// not refused: it is read later.
/// </summary>
internal struct SendingPace
{
    private const int BurstSeconds = 10;
    private long _stanzasUntil;
    private long _bytesUntil;

    /// <summary>Takes what was read; how long to wait before more is read.</summary>
    public TimeSpan Take((int Stanzas, int Bytes) perSecond, TimeProvider time, long now, int stanzas, long bytes)
    {
        var second = time.TimestampFrequency;
        _stanzasUntil = Math.Max(now, _stanzasUntil) + (stanzas * second / perSecond.Stanzas);
        _bytesUntil = Math.Max(now, _bytesUntil) + (bytes * second / perSecond.Bytes);
        var over = Math.Max(_stanzasUntil, _bytesUntil) - now - (BurstSeconds * second);
        return over > 0 ? TimeSpan.FromSeconds(over / (double)second) : TimeSpan.Zero;
    }
}
