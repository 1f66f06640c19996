namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Who got directed available presence from a session and is not subscribed: they get the final unavailable and may ask the resource (RFC 6121 §4.6).</summary>
internal sealed class DirectedAddresses
{
    /// <summary>Rooms, services and people one resource may be present to beside its contacts.</summary>
    public const int Max = 1000;
    private readonly Lock _gate = new();
    private readonly HashSet<Jid> _addresses = [];

    // The name taken last in a room stands last; there are few.
    private List<Jid>? _rooms;
    private readonly Dictionary<string, int> _perAccount = new(StringComparer.Ordinal);

    public bool IsEmpty => _addresses.Count == 0;

    /// <summary>False: there are as many as there may be.</summary>
    /// <param name="isRoom">It is entered as a room is (XEP-0045).</param>
    public bool TryAdd(Jid address, bool isRoom = false)
    {
        lock (_gate)
        {
            // Another name in a room is taken without saying again that it is one.
            if ((isRoom || IsRoom(address)) && (_addresses.Contains(address) || _addresses.Count < Max))
            {
                _rooms ??= [];
                _rooms.Remove(address);
                _rooms.Add(address);
            }

            if (_addresses.Contains(address))
            {
                return true;
            }

            if (_addresses.Count >= Max)
            {
                return false;
            }

            _addresses.Add(address);
            _perAccount[address.BareText] = _perAccount.GetValueOrDefault(address.BareText) + 1;
            return true;
        }
    }

    /// <summary>Whoever leaves a room leaves it under every name it had there.</summary>
    public void Remove(Jid address)
    {
        lock (_gate)
        {
            if (_rooms?.RemoveAll(room => room.BareText == address.BareText) > 0)
            {
                _addresses.RemoveWhere(other => other.BareText == address.BareText);
                _perAccount.Remove(address.BareText);
            }
            else if (_addresses.Remove(address) && --_perAccount[address.BareText] == 0)
            {
                _perAccount.Remove(address.BareText);
            }
        }
    }

    /// <summary>Whether this address, or another one of the same account or room, is among them.</summary>
    public bool IncludesAccountOf(Jid address)
    {
        lock (_gate)
        {
            return _perAccount.ContainsKey(address.BareText);
        }
    }

    /// <summary>The names it took in a room it is in, the last one last.</summary>
    public string[] NamesIn(Jid room)
    {
        lock (_gate)
        {
            return IsRoom(room) ? [.. _rooms!.Where(address => address.BareText == room.BareText && address.Resource is not null).Select(address => address.Resource!)] : [];
        }
    }

    /// <summary>Under which addresses it is present in rooms of this domain.</summary>
    public Jid[] RoomsAt(string domain)
    {
        lock (_gate)
        {
            return [.. (_rooms ?? []).Where(room => room.Domain == domain)];
        }
    }

    private bool IsRoom(Jid address) => _rooms?.Exists(room => room.BareText == address.BareText) == true;

    /// <summary>Empties the list.</summary>
    public Jid[] TakeAll()
    {
        lock (_gate)
        {
            Jid[] all = [.. _addresses];
            _addresses.Clear();
            _rooms = null;
            _perAccount.Clear();
            return all;
        }
    }
}
